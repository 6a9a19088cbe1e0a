// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// beginsLikeJSON says whether a text may be a JSON object or a list. Nearly none is.
func beginsLikeJSON(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '{', '[':
			return true
		case ' ', '\t', '\r', '\n':
		default:
			return false
		}
	}
	return false
}

// jsonAtEnd returns where in a text begins what may be a JSON object up to its end; -1 where there is none.
func jsonAtEnd(s string) int {
	end := len(s) - 1
	for end > 0 && s[end] <= ' ' {
		end--
	}
	if s[end] != '}' {
		return -1 // nearly always
	}
	return strings.Index(s, `{"`)
}

// line returns a text that may have a JSON object from at on, as lines of logs have it behind their prefix, without the
// secrets in that object.
func (r *Redactor) line(ref tree.Ref, s string, at int, in within) string {
	before := len(r.hits)
	if r.json(ref, s[at:], "", in) && len(r.hits) > before {
		s = r.tree.Concat(s[:at], r.hits[before].now.Str)
		r.hits = r.hits[:before]
	}
	return s
}

// json looks into a string that may be JSON, and says whether it is. Where there are secrets in it, it is written anew, with
// the tail behind it.
func (r *Redactor) json(ref tree.Ref, s, tail string, in within) bool {
	t := r.tree
	mark := t.Mark()
	first := t.Add(tree.Node{})
	object := tree.LooksLikeObject(s)
	if !object {
		s = t.Concat(t.Concat(`{"":`, s), "}")
	}
	root, ok := t.AddJSON(s)
	if !ok || !object && t.At(root).Len != 1 {
		t.Truncate(mark)
		return false
	}
	value := root
	if !object {
		value = t.At(root).First
	}
	from := len(r.hits)
	in.texts++
	r.value(value, in)
	found := len(r.hits) > from
	if found {
		r.apply(from)
		r.scratch = append(t.AppendJSON(r.scratch[:0], value), tail...)
		t.Replaced() // the text is encoded once more when the event is
	}
	for inner := first; inner <= root; inner++ {
		r.leave(inner) // another node will be there
	}
	t.Truncate(mark)
	if found {
		r.hits = append(r.hits, hit{ref: ref, now: tree.Node{Kind: tree.String, Str: t.Text(r.scratch)}})
	}
	return true
}

// cutJSON looks into a string that is JSON as far as it goes: many a transport cuts long lines. It is completed so that
// it can be read; where there are secrets in it, "…" stands for what is missing at its end.
func (r *Redactor) cutJSON(ref tree.Ref, s string, in within) bool {
	var open []byte // the brackets that are missing, the last first
	safe := 0       // up to here, with those brackets, it may be whole
	inString, escaped := false, false
	escape := -1 // where the last escape sequence of the string begins
	for i := range len(s) {
		c := s[i]
		switch {
		case escaped:
			escaped = false
		case inString:
			if escaped, inString = c == '\\', c != '"'; escaped {
				escape = i
			}
		case c == '"':
			inString, escape = true, -1
		case c == '{' || c == '[':
			open, safe = append(open, c+2), i+1 // in ASCII the closing bracket is two behind
		case c == '}' || c == ']':
			if len(open) == 0 || open[len(open)-1] != c {
				return false
			}
			open, safe = open[:len(open)-1], i+1
		case c == ',':
			safe = i
		}
	}
	if len(open) == 0 {
		return false
	}
	var closing strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		closing.WriteByte(open[i])
	}
	whole := s
	if inString {
		if escape >= 0 && (escaped || len(s)-escape < len(`\u2028`) && s[escape+1] == 'u') {
			whole = s[:escape] // of the last character a part is missing
		}
		whole += `"`
	}
	return r.json(ref, whole+closing.String(), "…", in) || r.json(ref, s[:safe]+closing.String(), "…"+s[safe:], in)
}
