// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

// Field is a field of an audit event.
type Field uint8

// The fields of an audit event, in the order in which they are encoded.
const (
	Version Field = iota
	UserIdentityType
	UserIdentityPrincipalID
	UserIdentityDetails
	UserAgent
	EventSource
	EventName
	EventTime
	UID
	RequestParameters
	ResponseElements
	ErrorCode
	ErrorMessage
	SourceIPAddress
	RecipientAccountID
	AdditionalEventData
	numFields
)

// fieldSpec is what the service demands of a field.
type fieldSpec struct {
	name     string
	required bool
	// object says that it is an object; else it is a string.
	object bool
	// max is the length limit: of a string in characters, of an object in bytes of JSON.
	max int
	// identifies says that two values must not become one when they are shortened.
	identifies bool
}

// The limits are those of the CloudTrail User Guide, "CloudTrail Lake integrations event schema". It leaves open whether
// a length counts characters or bytes, and whether a kB has 1,000 or 1,024: this takes characters and 1,000. It sets no
// limit for userIdentity.details but that of the whole event.
var fieldSpecs = [numFields]fieldSpec{
	Version:                 {name: "version", required: true, max: 256},
	UserIdentityType:        {name: "userIdentity.type", required: true, max: 128},
	UserIdentityPrincipalID: {name: "userIdentity.principalId", required: true, max: 1024, identifies: true},
	UserIdentityDetails:     {name: "userIdentity.details", object: true, max: MaxEventSize},
	UserAgent:               {name: "userAgent", max: 1024},
	EventSource:             {name: "eventSource", required: true, max: 1024},
	EventName:               {name: "eventName", required: true, max: 1024},
	EventTime:               {name: "eventTime", required: true},
	UID:                     {name: "UID", required: true, max: 1024, identifies: true},
	RequestParameters:       {name: "requestParameters", object: true, max: 100_000},
	ResponseElements:        {name: "responseElements", object: true, max: 100_000},
	ErrorCode:               {name: "errorCode", max: 256},
	ErrorMessage:            {name: "errorMessage", max: 256},
	SourceIPAddress:         {name: "sourceIPAddress"},
	RecipientAccountID:      {name: "recipientAccountId", required: true},
	AdditionalEventData:     {name: "additionalEventData", object: true, max: 28_000},
}

// MaxEventSize is the most that one event may have, in bytes of eventData (AWS CloudTrail Lake partner onboarding guide:
// 256 kB).
const MaxEventSize = 256_000

// String returns the field's name, as the service has it.
func (f Field) String() string { return fieldSpecs[f].name }

// IsObject reports whether name is that of a field that is an object. The other fields are strings.
func IsObject(name string) bool {
	for f := range numFields {
		if fieldSpecs[f].name == name {
			return fieldSpecs[f].object
		}
	}
	return false
}
