// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Limits of one event. The CloudTrail Lake partner onboarding guide gives them in kB and does not say whether that is
// decimal or binary, nor whether bytes or characters: the stricter reading, decimal bytes of the JSON text as sent, is
// held to here.
const (
	maxEventData           = 256_000
	maxRequestParameters   = 100_000
	maxResponseElements    = 100_000
	maxAdditionalEventData = 28_000
)

// Error codes of one event: CloudTrail Data API Reference, ResultErrorEntry, errorCode. It lists the names; which fault
// of an event has which is inferred from them.
const (
	CodeFieldTooLong     = "FieldTooLong"
	CodeFieldNotFound    = "FieldNotFound"
	CodeInvalidChecksum  = "InvalidChecksum"
	CodeInvalidData      = "InvalidData"
	CodeInvalidRecipient = "InvalidRecipient"
)

// field is a row of the table "Fields that are provided by your events" of the CloudTrail User Guide, "CloudTrail Lake
// integrations event schema".
type field struct {
	name     string
	required bool
	kind     kind
	limit    int // of a string: characters; of an object: bytes; 0 = none documented
	check    func(value, recipient string) (code, message string)
}

var topFields = []field{
	{name: "version", required: true, kind: kindString, limit: 256},
	{name: "userIdentity", required: true, kind: kindObject},
	{name: "userAgent", kind: kindString, limit: 1024},
	{name: "eventSource", required: true, kind: kindString, limit: 1024},
	{name: "eventName", required: true, kind: kindString, limit: 1024},
	{name: "eventTime", required: true, kind: kindString, check: checkTime},
	{name: "UID", required: true, kind: kindString, limit: 1024},
	{name: "requestParameters", kind: kindObject, limit: maxRequestParameters},
	{name: "responseElements", kind: kindObject, limit: maxResponseElements},
	{name: "errorCode", kind: kindString, limit: 256},
	{name: "errorMessage", kind: kindString, limit: 256},
	{name: "sourceIPAddress", kind: kindString, check: checkAddress},
	{name: "recipientAccountId", required: true, kind: kindString, check: checkRecipient},
	{name: "additionalEventData", kind: kindObject, limit: maxAdditionalEventData},
}

var identityFields = []field{
	{name: "type", required: true, kind: kindString, limit: 128},
	{name: "principalId", required: true, kind: kindString, limit: 1024},
	{name: "details", kind: kindObject},
}

// Check holds the text of one eventData to the event schema. It returns the service's error code and a message, or two
// empty strings where nothing is wrong.
//
// recipient is the account that owns the channel; with "" any account ID is taken. The message may quote the event, as
// the service's own do: keep it out of logs.
func Check(eventData []byte, recipient string) (code, message string) {
	_, code, message = inspect(eventData, recipient)
	return code, message
}

// summary is what an event says of itself, as far as it can be read: for faults that pick events, counts and the page.
type summary struct {
	Time, Source, Name, UID, Principal, Address, ErrorCode string
}

func inspect(eventData []byte, recipient string) (summary, string, string) {
	event, err := parse(eventData, 2)
	if err != nil {
		return summary{}, CodeInvalidData, "eventData is not valid JSON: " + clip(err.Error())
	}
	if event.kind != kindObject {
		return summary{}, CodeInvalidData, fmt.Sprintf("eventData is %s, not a JSON object", event.kind)
	}
	s := summarize(&event)
	if len(eventData) > maxEventData {
		return s, CodeFieldTooLong, fmt.Sprintf("eventData is %d bytes, its limit is %d", len(eventData), maxEventData)
	}
	code, message := checkFields(&event, "", topFields, recipient)
	if code == "" {
		identity, _ := event.get("userIdentity")
		code, message = checkFields(identity, "userIdentity.", identityFields, recipient)
	}
	return s, code, message
}

func summarize(event *node) summary {
	text := func(n *node, name string) string {
		if v, ok := n.get(name); ok {
			return v.text
		}
		return ""
	}
	s := summary{
		Time: text(event, "eventTime"), Source: text(event, "eventSource"), Name: text(event, "eventName"), UID: text(event, "UID"),
		Address: text(event, "sourceIPAddress"), ErrorCode: text(event, "errorCode"),
	}
	if identity, ok := event.get("userIdentity"); ok {
		s.Principal = text(identity, "principalId")
	}
	return s
}

func checkFields(object *node, prefix string, fields []field, recipient string) (code, message string) {
	for _, m := range object.members {
		// The schema names no other field as the sender's to give, and does not say what becomes of one: refused.
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == m.name }) {
			return CodeInvalidData, fmt.Sprintf("%s%s is not a field of the event schema", prefix, clip(m.name))
		}
	}
	for i := range fields {
		value, ok := object.get(fields[i].name)
		if !ok {
			if fields[i].required {
				return CodeFieldNotFound, fmt.Sprintf("%s%s is required", prefix, fields[i].name)
			}
			continue
		}
		if code, message := fields[i].hold(value, recipient); code != "" {
			return code, prefix + fields[i].name + " " + message
		}
	}
	return "", ""
}

func (f *field) hold(value *node, recipient string) (code, message string) {
	switch {
	case value.kind != f.kind: // null too: the schema has no nullable field
		return CodeInvalidData, fmt.Sprintf("is %s, not %s", value.kind, f.kind)
	case f.kind == kindObject:
		// The User Guide stores these objects as map<string,string> and does not say what it does with other values:
		// any JSON is taken, as in native events.
		if f.limit > 0 && value.size > f.limit {
			return CodeFieldTooLong, fmt.Sprintf("is %d bytes, its limit is %d", value.size, f.limit)
		}
		return "", ""
	case f.required && value.text == "":
		// Whether an empty string will do for a required field is not documented: refused.
		return CodeFieldNotFound, "is required and empty"
	}
	if length := utf8.RuneCountInString(value.text); f.limit > 0 && length > f.limit {
		return CodeFieldTooLong, fmt.Sprintf("is %d characters long, its limit is %d: %s", length, f.limit, clip(value.text))
	}
	if f.check != nil {
		return f.check(value.text, recipient)
	}
	return "", ""
}

var timeShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)

// checkTime takes UTC seconds as in AWS's own sample; the guide's text shows neither fraction nor offset.
func checkTime(value, _ string) (code, message string) {
	if !timeShape.MatchString(value) {
		return CodeInvalidData, fmt.Sprintf("%q is not of the form yyyy-MM-ddTHH:mm:ssZ", clip(value))
	}
	if _, err := time.Parse(time.RFC3339, value); err != nil {
		return CodeInvalidData, fmt.Sprintf("%q is not a date and time that exists", value)
	}
	return "", ""
}

// checkAddress takes an IPv4 or IPv6 address. A zone names an interface of one machine and is no part of an address
// elsewhere (RFC 4007, section 11).
func checkAddress(value, _ string) (code, message string) {
	if addr, err := netip.ParseAddr(value); err != nil || addr.Zone() != "" {
		return CodeInvalidData, fmt.Sprintf("%q is not an IP address", clip(value))
	}
	return "", ""
}

var accountShape = regexp.MustCompile(`^\d{12}$`)

func checkRecipient(value, recipient string) (code, message string) {
	if !accountShape.MatchString(value) {
		return CodeInvalidData, fmt.Sprintf("%q is not an account ID of twelve digits", clip(value))
	}
	if recipient != "" && value != recipient {
		return CodeInvalidRecipient, value + " is not the account that owns the channel"
	}
	return "", ""
}
