// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Event is an event that was ingested.
type Event struct {
	Time      time.Time       `json:"time"`
	RequestID string          `json:"requestID"`
	EventID   string          `json:"eventID"`   // given by the emulator, as CloudTrail gives its own
	ID        string          `json:"id"`        // AuditEvent.id
	EventData json.RawMessage `json:"eventData"` // as received; in the store without space between tokens
}

// Refusal is an event that was not ingested.
type Refusal struct {
	Time      time.Time
	RequestID string
	ID        string
	Code      string // CodeNotListed where the answer left it out
	Message   string
	EventData string // as received, valid or not
}

// Request is a call that arrived, whatever became of it.
type Request struct {
	Time        time.Time
	RequestID   string
	Status      int    // 0 = the connection was cut
	Code        string // "OK" for 200; CodeCut; else the error's name
	Violation   string // what the request did that no correct client does: a breach of the model of the operation
	Events      int    // events that the body held
	Ingested    int
	BodyBytes   int
	AccessKeyID string // as the request claims
	Query       string // raw
	UserAgent   string
}

// record is an event as memory holds it, ingested where code is empty. It does not change once it is kept.
type record struct {
	summary
	seq                          uint64
	time                         time.Time
	requestID, eventID, id, data string
	code, message                string
}

func (r *record) size() int { return len(r.data) + len(r.message) + 512 }

// ring keeps the newest things, bounded in number and bytes.
type ring[T any] struct {
	items    []T
	sizes    []int
	start    int // items before it are forgotten
	bytes    int
	forgot   int
	maxItems int
	maxBytes int
}

func (r *ring[T]) push(item T, size int) {
	r.items = append(r.items, item)
	r.sizes = append(r.sizes, size)
	r.bytes += size
	for r.len() > r.maxItems || r.bytes > r.maxBytes && r.len() > 1 {
		var none T
		r.items[r.start] = none
		r.bytes -= r.sizes[r.start]
		r.start++
		r.forgot++
	}
	if r.start > r.len() { // more gone than there: move once, paid for by the pushes since the last time
		r.items = append(r.items[:0:0], r.items[r.start:]...)
		r.sizes = append(r.sizes[:0:0], r.sizes[r.start:]...)
		r.start = 0
	}
}

func (r *ring[T]) len() int { return len(r.items) - r.start }

// all returns what is kept, oldest first, valid until the next push.
func (r *ring[T]) all() []T { return r.items[r.start:] }

// writeStore appends a request's events as JSON lines in one Write, so that lines of two requests never mix.
func writeStore(w io.Writer, events []Event) error {
	if w == nil || len(events) == 0 {
		return nil
	}
	var lines []byte
	for i := range events {
		line, err := marshal(&events[i])
		if err != nil {
			return err
		}
		lines = append(lines, line...)
	}
	if _, err := w.Write(lines); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
