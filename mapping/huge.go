// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"crypto/sha256"
	"encoding/base64"
	"unicode/utf8"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// trimHuge trims the texts that no event has room for before the event is written: what escaping would make of them takes
// many times the memory of the record.
func (e *encoder) trimHuge() {
	if !e.doc.HasTextOver(MaxEventSize) {
		return // most
	}
	for _, f := range objectFields {
		for _, m := range e.event.object[f] {
			if !m.Pinned && e.trimHugeIn(m.Value, m.LeftOver) {
				e.event.repaired.Add(f, Trimmed)
			}
		}
	}
}

// trimHugeIn trims such texts at r and below, and says whether there were any.
func (e *encoder) trimHugeIn(r tree.Ref, leftOver bool) (trimmed bool) {
	n := *e.doc.At(r)
	switch {
	case leftOver && n.Used:
	case n.Kind == tree.Object || n.Kind == tree.Array:
		for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
			trimmed = e.trimHugeIn(c, leftOver) || trimmed
		}
	case len(n.Str) > MaxEventSize && !e.repair:
		e.event.refuse(CodeFieldTooLong)
	case len(n.Str) > MaxEventSize:
		e.doc.Overwrite(r, tree.Node{Kind: tree.String, Str: e.hugeMarker(&n)})
		return true
	}
	return trimmed
}

// hugeMarker returns the marker of a text as marker does, without writing its JSON.
func (e *encoder) hugeMarker(n *tree.Node) string {
	sum, size := sha256.New(), 0
	add := func(json []byte) {
		size += len(json)
		sum.Write(json)
	}
	const piece = 48 << 10 // a multiple of 3, so that base64 has no padding within
	add([]byte(quoteOf(n)))
	for s := n.Str; s != ""; {
		end := min(piece, len(s))
		switch n.Kind {
		case tree.String:
			end = wholeRunes(s, end)
			e.small, _ = tree.AppendString(e.small[:0], s[:end])
			add(e.small[1 : len(e.small)-1])
		case tree.Bytes:
			e.small = base64.StdEncoding.AppendEncode(e.small[:0], []byte(s[:end]))
			add(e.small)
		default:
			add([]byte(s[:end]))
		}
		s = s[end:]
	}
	add([]byte(quoteOf(n)))
	return e.markerOf(size, sum.Sum(nil))
}

// quoteOf returns what stands around the JSON of a text.
func quoteOf(n *tree.Node) string {
	if n.Kind == tree.Number {
		return ""
	}
	return `"`
}

// wholeRunes returns the end of a piece of s, at or before end, that cuts no character in two.
func wholeRunes(s string, end int) int {
	for back := range min(utf8.UTFMax, end) {
		if at := end - back; at == len(s) || utf8.RuneStart(s[at]) {
			return at
		}
	}
	return end // none begins near: each byte here is one by itself, that is not UTF-8
}
