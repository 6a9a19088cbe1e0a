// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// unknown stands for a value that the service requires and the source does not give. It is nobody's name, as
// "anonymous" would be: in Kubernetes, for one.
const unknown = "Unknown"

// holdStrings holds the fields that are strings to the service's limits: it repairs them, or refuses the event.
func (b *Batch) holdStrings() {
	for f := range numFields {
		spec, text := &fieldSpecs[f], b.draft.text[f]
		switch {
		case text == "" && spec.required:
			b.missing(f)
		case len(text) > spec.max && spec.max > 0 && utf8.RuneCountInString(text) > spec.max:
			b.tooLong(f)
		case spec.identifies && !utf8.ValidString(text):
			b.notUTF8(f)
		}
	}
}

func (b *Batch) missing(f Field) {
	// No time at all, which is before the record was observed, is nothing that another value could stand for.
	if !b.mapper.repair || f == EventTime {
		b.refuse(CodeFieldNotFound)
		return
	}
	b.draft.text[f] = unknown
	b.made.Repaired.Add(f, Filled)
}

// tooLong shortens a field; the whole of it goes to additionalEventData, as long as there is room.
func (b *Batch) tooLong(f Field) {
	if !b.mapper.repair {
		b.refuse(CodeFieldTooLong)
		return
	}
	spec, whole := &fieldSpecs[f], b.draft.text[f]
	b.addText(b.doc.Key(ownPrefix+spec.name), whole)
	b.made.Repaired.Add(f, Trimmed)
	if spec.identifies {
		b.draft.text[f] = b.hashed(whole)
		return
	}
	b.draft.text[f] = b.doc.Concat(firstRunes(whole, spec.max-1), "…")
}

// notUTF8 gives a field that identifies something a value of its own, where that cannot be its text: two that differ must
// not become one.
func (b *Batch) notUTF8(f Field) {
	if !b.mapper.repair {
		b.refuse(CodeInvalidData)
		return
	}
	b.addText(b.doc.Key(ownPrefix+fieldSpecs[f].name), b.draft.text[f])
	b.made.Repaired.Add(f, Replaced)
	b.draft.text[f] = b.hashed(b.draft.text[f])
}

func (b *Batch) hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	b.small = hex.AppendEncode(append(b.small[:0], "sha256:"...), sum[:])
	return b.doc.Text(b.small)
}

// refuse refuses the event. The first reason counts.
func (b *Batch) refuse(code string) {
	if b.made.Refused == "" {
		b.made.Refused = code
	}
}

// firstRunes returns the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
