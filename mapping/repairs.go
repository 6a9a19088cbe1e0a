// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import "iter"

// Action is something that was done to a field so that the service takes it.
type Action uint8

// What may be done to a field.
const (
	Filled     Action = iota // a value was missing, and another stands for it
	Trimmed                  // a value was too long, and part of it is not in the event
	Moved                    // a value was none of the field's type, and stands in additionalEventData
	Redacted                 // a value was a secret
	Replaced                 // text was not UTF-8; U+FFFD stands for each byte that was not
	OutOfRange               // a time is older than any event data store keeps events, or lies ahead; it is as the source has it
	Expired                  // a time is older than the event data store keeps events; it is as the source has it
	numActions
)

// String returns the action's name in telemetry.
func (a Action) String() string {
	return [numActions]string{"filled", "trimmed", "moved", "redacted", "replaced", "out_of_range", "expired"}[a]
}

// Repairs is what was done to which field.
type Repairs [numFields]uint8

// Add notes that this was done to this field.
func (r *Repairs) Add(f Field, a Action) { r[f] |= 1 << a }

// Any says whether anything was done.
func (r *Repairs) Any() bool { return *r != Repairs{} }

// Has says whether this was done to this field.
func (r *Repairs) Has(f Field, a Action) bool { return r[f]&(1<<a) != 0 }

// Trimmed says whether any field was trimmed: whether part of the record is not in the event.
func (r *Repairs) Trimmed() bool {
	for f := range numFields {
		if r.Has(f, Trimmed) {
			return true
		}
	}
	return false
}

// All gives each thing that was done, once for each field, in the order of the event's fields.
func (r *Repairs) All() iter.Seq2[Field, Action] {
	return func(yield func(Field, Action) bool) {
		for f := range numFields {
			for a := range numActions {
				if r.Has(f, a) && !yield(f, a) {
					return
				}
			}
		}
	}
}
