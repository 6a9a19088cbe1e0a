// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package attr owns the names of the attributes that this component puts on log records, and reads and writes them.
//
// History attributes stand on records that wait in the queue for another attempt. Outcome attributes stand on records that leave
// through the connector. Neither is part of a record's event or digest. A sender's attributes with such names
// have no effect: Admit moves them under SourcePrefix.
package attr

import "strings"

// Prefix begins the name of each attribute of this component.
const Prefix = "aws.cloudtrail_lake."

// SourcePrefix goes before the name of a sender's attribute that begins with Prefix.
const SourcePrefix = "source."

// The history of a record that is handed back to the queue.
const (
	// Attempts is how often the event was refused while CloudTrail accepted others. A record without it was never tried.
	Attempts = Prefix + "attempts"
	// FirstAttempt is when the event was first refused, in nanoseconds since 1970.
	FirstAttempt = Prefix + "first_attempt"
	// SuspectedAt is when CloudTrail last refused the event for a reason that may be the configuration's, in nanoseconds since
	// 1970.
	SuspectedAt = Prefix + "suspected_at"
	// Ordinal is the event's number among those of its request that would have had the same id. The first has none. On a record
	// that holds a list it is a list, with a number for each of Items.
	Ordinal = Prefix + "ordinal"
)

// Items is on a record that holds a list. It lists the items whose events are meant, counted from 0. It is part of both the
// history and the outcome.
const Items = Prefix + "items"

// The outcome of a record's event.
const (
	Outcome      = Prefix + "outcome"
	ID           = Prefix + "id"
	UID          = Prefix + "uid"
	ChannelARN   = Prefix + "channel_arn"
	Preset       = Prefix + "preset"
	ErrorCode    = Prefix + "error_code"
	ErrorMessage = Prefix + "error_message"
)

// What only receipts have. A receipt is not mapped, so IsPrivate does not report these.
const (
	EventID    = Prefix + "cloudtrail_event_id"
	Checksum   = Prefix + "checksum"
	RequestID  = Prefix + "request_id"
	IngestedAt = Prefix + "ingested_at"
)

// HasPrefix reports whether the name of an attribute is one that only this component may use.
func HasPrefix(name string) bool { return strings.HasPrefix(name, Prefix) }

// IsHistory reports whether an attribute is part of the history of a record, apart from Items.
func IsHistory(name string) bool {
	switch name {
	case Attempts, FirstAttempt, SuspectedAt, Ordinal:
		return true
	}
	return false
}

// IsOutcome reports whether an attribute says what became of a record's event, apart from Items.
func IsOutcome(name string) bool {
	switch name {
	case Outcome, ID, UID, ChannelARN, Preset, ErrorCode, ErrorMessage:
		return true
	}
	return false
}

// IsPrivate reports whether an attribute is part of neither the event nor the digest of its record.
func IsPrivate(name string) bool {
	return HasPrefix(name) && (name == Items || IsHistory(name) || IsOutcome(name))
}
