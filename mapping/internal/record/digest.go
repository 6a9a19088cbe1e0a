// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// digestVersion is the first byte of what is digested. Ids are made of digests: whoever changes what follows changes
// the id of every record in flight, and must raise this.
const digestVersion = 1

// Digest identifies an event by all that its sender put into the log record: resource, scope, attributes, body, event name,
// severity, time, trace and span; and by its place in the list that it came in. The time of observation is none of that: a
// file that is read again is observed anew. It may be asked for at any moment after Open.
func (d *Doc) Digest() [sha256.Size]byte {
	if !d.digested { // once, however many events the record holds
		d.digest, d.digested = d.digestRecord(), true
	}
	if !d.Fanned() {
		return d.digest
	}
	var b [sha256.Size + 4]byte
	copy(b[:], d.digest[:])
	binary.BigEndian.PutUint32(b[sha256.Size:], uint32(d.current))
	return sha256.Sum256(b[:])
}

func (d *Doc) digestRecord() [sha256.Size]byte {
	b := append(d.canonical[:0], d.within[:]...)
	if len(d.came) > 0 {
		b = append(b, d.came...)
	} else {
		b = d.appendRecord(b)
	}
	b = tree.AppendCanonicalText(b, d.Log.EventName())
	b = binary.BigEndian.AppendUint32(b, uint32(d.Log.SeverityNumber()))
	b = tree.AppendCanonicalText(b, d.Log.SeverityText())
	b = binary.BigEndian.AppendUint64(b, uint64(d.Log.Timestamp()))
	trace, span := d.Log.TraceID(), d.Log.SpanID()
	b = append(b, trace[:]...)
	b = append(b, span[:]...)
	d.canonical = b
	return sha256.Sum256(b)
}

// appendRecord appends the attributes and the body, of the kind as which it came.
func (d *Doc) appendRecord(dst []byte) []byte {
	dst = d.AppendCanonical(dst, d.Attributes)
	body := d.At(d.rawBody)
	kind := body.Kind
	if d.wasBytes {
		body.Kind = tree.Bytes
	}
	dst = d.AppendCanonical(dst, d.rawBody)
	body.Kind = kind
	return dst
}
