// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// level is an object or a list that is being written.
type level struct {
	object bool
	keys   []string // of an object, sorted
	values []pcommon.Value
	next   int
}

// deep returns the JSON of v, which lies deeper than MaxDepth. It calls itself at no depth: a stack that
// is exhausted ends the whole process.
func (t *Tree) deep(v pcommon.Value) string {
	var text []byte
	levels := []level{levelOf(v)}
	text = append(text, levels[0].opening())
	for len(levels) > 0 {
		at := &levels[len(levels)-1]
		if at.next == len(at.values) {
			text = append(text, at.opening()+2) // in ASCII the closing bracket is two behind
			levels = levels[:len(levels)-1]
			continue
		}
		if at.next > 0 {
			text = append(text, ',')
		}
		i := at.next
		at.next++
		value := at.values[i]
		if at.object {
			text = append(appendUnchanged(text, at.keys[i]), ':')
			// As everywhere, a key that stands more than once becomes a list.
			for at.next < len(at.keys) && at.keys[at.next] == at.keys[i] {
				at.next++
			}
			if n := at.next - i; n > 1 {
				text = append(text, '[')
				levels = append(levels, level{values: at.values[i:at.next]})
				continue
			}
		}
		if k := value.Type(); k == pcommon.ValueTypeMap || k == pcommon.ValueTypeSlice {
			levels = append(levels, levelOf(value))
			text = append(text, levels[len(levels)-1].opening())
			continue
		}
		if value.Type() == pcommon.ValueTypeStr {
			text = appendUnchanged(text, value.Str())
			continue
		}
		nodes := len(t.nodes)
		text = t.AppendJSON(text, t.AddValue(value))
		t.nodes = t.nodes[:nodes]
	}
	return unsafe.String(unsafe.SliceData(text), len(text))
}

func (l *level) opening() byte {
	if l.object {
		return '{'
	}
	return '['
}

func levelOf(v pcommon.Value) level {
	if v.Type() == pcommon.ValueTypeSlice {
		l := level{values: make([]pcommon.Value, 0, v.Slice().Len())}
		for _, item := range v.Slice().All() {
			l.values = append(l.values, item)
		}
		return l
	}
	type member struct {
		key   string
		value pcommon.Value
	}
	members := make([]member, 0, v.Map().Len())
	for key, value := range v.Map().All() {
		members = append(members, member{key, value})
	}
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.key, b.key) })
	l := level{object: true, keys: make([]string, len(members)), values: make([]pcommon.Value, len(members))}
	for i, m := range members {
		l.keys[i], l.values[i] = m.key, m.value
	}
	return l
}

// appendUnchanged appends s as a JSON string, but with the bytes in it that are not UTF-8: what becomes of those is noted when
// the event is written.
func appendUnchanged(dst []byte, s string) []byte {
	if utf8.ValidString(s) {
		dst, _ = AppendString(dst, s)
		return dst
	}
	dst = append(dst, '"')
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			dst = appendEscaped(dst, c)
		} else {
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
