// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
)

// unknown stands for a value that the service requires and the source does not give. It is nobody's name, as
// "anonymous" would be: in Kubernetes, for one.
const unknown = "Unknown"

// held is a draft whose strings are within the service's limits.
type held struct {
	*draft
	// refused is the service's error code for the limit that the event breaks, where it is not to be repaired; else "".
	refused string
}

// refuse refuses the event. The first reason counts.
func (h *held) refuse(code string) {
	if h.refused == "" {
		h.refused = code
	}
}

// limiter holds the fields that are strings to the service's limits: it repairs them, or refuses the event.
type limiter struct {
	doc    *record.Doc
	repair bool

	out held
}

// hold returns the draft with its strings within the limits. The result is valid until the next record.
func (l *limiter) hold(d *draft) *held {
	l.out = held{draft: d}
	for f := range numFields {
		spec, text := &fieldSpecs[f], l.out.text[f]
		switch {
		case text == "" && spec.required:
			l.missing(f)
		case len(text) > spec.max && spec.max > 0 && utf8.RuneCountInString(text) > spec.max:
			l.tooLong(f)
		case spec.identifies && !utf8.ValidString(text):
			l.notUTF8(f)
		}
	}
	return &l.out
}

func (l *limiter) missing(f Field) {
	// No time at all, which is before the record was observed, is nothing that another value could stand for.
	if !l.repair || f == EventTime {
		l.out.refuse(CodeFieldNotFound)
		return
	}
	l.out.text[f] = unknown
	l.out.repaired.Add(f, Filled)
}

// tooLong shortens a field; the whole of it goes to additionalEventData, as long as there is room.
func (l *limiter) tooLong(f Field) {
	if !l.repair {
		l.out.refuse(CodeFieldTooLong)
		return
	}
	spec, whole := &fieldSpecs[f], l.out.text[f]
	l.out.addText(l.doc, l.doc.Key(ownPrefix+spec.name), whole)
	l.out.repaired.Add(f, Trimmed)
	if spec.identifies {
		l.out.text[f] = l.hashed(whole)
		return
	}
	l.out.text[f] = l.doc.Concat(firstRunes(whole, spec.max-1), "…")
}

// notUTF8 gives a field that identifies something a value of its own, where that cannot be its text: two that differ must
// not become one.
func (l *limiter) notUTF8(f Field) {
	if !l.repair {
		l.out.refuse(CodeInvalidData)
		return
	}
	l.out.addText(l.doc, l.doc.Key(ownPrefix+fieldSpecs[f].name), l.out.text[f])
	l.out.repaired.Add(f, Replaced)
	l.out.text[f] = l.hashed(l.out.text[f])
}

func (l *limiter) hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	buf := append(make([]byte, 0, len("sha256:")+2*sha256.Size), "sha256:"...)
	return l.doc.Text(hex.AppendEncode(buf, sum[:]))
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
