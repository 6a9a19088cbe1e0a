// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"crypto/sha256"
	"encoding/base64"
)

const (
	// MaxEvents is the number of events that one request may hold.
	// https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
	MaxEvents = 100

	// MaxBodySize is what a request body stays under, in bytes. AWS says "less than 1 MB" and does not say
	// whether that is 1,000,000 or 1,048,576, nor whether the escaping of eventData counts, so the smaller
	// number is held for the body as it goes over the wire.
	MaxBodySize = 1_000_000
)

// The fixed text around the values of a body.
const (
	bodyHead     = `{"auditEvents":[`
	bodyTail     = `]}`
	eventHead    = `{"eventData":"`
	eventDigest  = `","eventDataChecksum":"`
	eventID      = `","id":"`
	eventTail    = `"}`
	digestLength = (sha256.Size + 2) / 3 * 4 // base64, padded
	eventFrame   = len(eventHead) + len(eventDigest) + digestLength + len(eventID) + len(eventTail)
)

// Body is the body of one PutAuditEvents request, held as the bytes that go over the wire, so that its size is
// never an estimate. The zero value is an empty body. Reset makes it ready for the next request; appending
// allocates nothing once the buffers have grown. A Body is not safe for concurrent use.
type Body struct {
	wire   []byte // the body without its tail; empty until the first event
	ids    []byte // the events' ids, unescaped, one behind the other
	events []eventEnd
}

// eventEnd says where an event ends; it begins where the one before it ends.
type eventEnd struct{ wire, id int }

// Reset empties the body and keeps its buffers.
func (b *Body) Reset() {
	b.wire, b.ids, b.events = b.wire[:0], b.ids[:0], b.events[:0]
}

// Len returns the number of events.
func (b *Body) Len() int { return len(b.events) }

// Size returns the length of the finished body in bytes.
func (b *Body) Size() int {
	return max(len(b.wire), len(bodyHead)) + len(bodyTail)
}

// Bytes returns the finished body. It is valid until b changes.
func (b *Body) Bytes() []byte {
	b.open()
	whole := append(b.wire, bodyTail...)
	b.wire = whole[:len(b.wire)] // keeps the buffer where append had to grow it
	return whole
}

// ID returns the id of event i, which must be less than Len. It is valid until b changes.
func (b *Body) ID(i int) []byte {
	from := 0
	if i > 0 {
		from = b.events[i-1].id
	}
	return b.ids[from:b.events[i].id]
}

// Append adds an event: eventData is its JSON text, id what the answer will call it by, which must differ from every other
// id in the body. Both are copied. It returns the SHA-256 of eventData, which goes with the event as its checksum; or
// false, and leaves the body as it was, where the event would make it more than MaxEvents events or not less than
// MaxBodySize bytes.
func (b *Body) Append(id, eventData []byte) (sum [sha256.Size]byte, ok bool) {
	// What the event takes at least: an event far over the limit is turned away without being encoded.
	least := eventFrame + len(eventData) + len(id)
	if len(b.events) == MaxEvents || b.Size()+least >= MaxBodySize {
		return sum, false
	}
	b.open()
	before := len(b.wire)
	if len(b.events) > 0 {
		b.wire = append(b.wire, ',')
	}
	b.wire = append(b.wire, eventHead...)
	b.wire = appendEscaped(b.wire, eventData)
	b.wire = append(b.wire, eventDigest...)
	sum = sha256.Sum256(eventData)
	b.wire = base64.StdEncoding.AppendEncode(b.wire, sum[:])
	b.wire = append(b.wire, eventID...)
	b.wire = appendEscaped(b.wire, id)
	b.wire = append(b.wire, eventTail...)
	if b.Size() >= MaxBodySize {
		b.wire = b.wire[:before]
		return sum, false
	}
	b.ids = append(b.ids, id...)
	b.events = append(b.events, eventEnd{wire: len(b.wire), id: len(b.ids)})
	return sum, true
}

// Pick makes b the body of the events of another body that which lists, without encoding them again. They always fit, as
// long as which lists none of them twice.
func (b *Body) Pick(from *Body, which []int) {
	b.Reset()
	b.open()
	for n, i := range which {
		wireFrom := len(bodyHead)
		if i > 0 {
			wireFrom = from.events[i-1].wire + 1 // behind the comma
		}
		if n > 0 {
			b.wire = append(b.wire, ',')
		}
		b.wire = append(b.wire, from.wire[wireFrom:from.events[i].wire]...)
		b.ids = append(b.ids, from.ID(i)...)
		b.events = append(b.events, eventEnd{wire: len(b.wire), id: len(b.ids)})
	}
}

// open writes the head of a body that has none yet.
func (b *Body) open() {
	if len(b.wire) == 0 {
		b.wire = append(b.wire, bodyHead...)
	}
}
