// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import "time"

// Event is one audit event, ready to be sent. Its bytes belong to the Batch that made it, and are valid until that makes
// the next one.
type Event struct {
	// ID is AuditEvent.id: what tells this event from all others. It stands in Data too, as exporter.id.
	ID []byte
	// UID is the event's UID: the source system's id of the request that the event records.
	UID []byte
	// Data is eventData, a JSON object. It is nil where the event is refused.
	Data []byte
	// Time is when it happened, as exactly as the source says.
	Time time.Time
	// Preset is the name of the preset that mapped the record.
	Preset string
	// Rule is the name of the rule that took the record, or its index; "" where none did.
	Rule string
	// Errors are the values that the rules could not give. They cost the event nothing but those.
	Errors []MappingError
	// Ordinal counts the events of a batch that would share an id: 1 for the first.
	Ordinal int
	// Repaired says what of the event is not as its source had it.
	Repaired Repairs
	// Refused is the service's error code for the limit that the event breaks, where it is not to be repaired; else "".
	Refused string
}

// Error codes by which an event is refused before it is sent: those that the service has for the same flaws
// (CloudTrail Data API Reference, ResultErrorEntry).
const (
	CodeFieldNotFound = "FieldNotFound"
	CodeFieldTooLong  = "FieldTooLong"
	CodeInvalidData   = "InvalidData"
)
