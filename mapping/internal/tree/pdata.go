// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"math"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// MaxDepth is how deep a tree goes. What lies deeper is kept as its JSON text in a string: few JSON parsers take any
// depth, and nobody queries there.
const MaxDepth = 64

// AddMap adds m as an object, without the entries whose keys have one of the facts to skip. The tree refers to the strings
// of m: it is valid as long as m is not changed.
func (t *Tree) AddMap(m pcommon.Map, skip Facts) Ref {
	t.setObject(t.push(nil), m, 1, skip)
	return t.pop()
}

// AddValue adds v, under the same condition as AddMap.
func (t *Tree) AddValue(v pcommon.Value) Ref {
	t.setValue(t.push(nil), v, 0)
	return t.pop()
}

// setObject makes the node at a place of the stack the object that m is.
func (t *Tree) setObject(at int, m pcommon.Map, depth int, skip Facts) {
	for k, v := range m.All() {
		if key := t.Key(k); !key.Has(skip) {
			t.setValue(t.push(key), v, depth)
		}
	}
	t.close(at, Object)
}

func (t *Tree) setValue(at int, v pcommon.Value, depth int) {
	n := &t.stack[at]
	switch v.Type() {
	case pcommon.ValueTypeStr:
		n.Kind, n.Str = String, v.Str()
		t.longest = max(t.longest, len(n.Str))
	case pcommon.ValueTypeInt:
		n.Kind, n.Num = Int, uint64(v.Int())
	case pcommon.ValueTypeDouble:
		n.Kind, n.Num = Double, math.Float64bits(v.Double())
	case pcommon.ValueTypeBool:
		n.setBool(v.Bool())
	case pcommon.ValueTypeBytes:
		raw := v.Bytes().AsRaw() // a copy of our own
		n.Kind, n.Str = Bytes, unsafe.String(unsafe.SliceData(raw), len(raw))
		t.longest = max(t.longest, len(raw))
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		if depth == MaxDepth {
			text := t.deep(v) // the stack may move meanwhile
			n = &t.stack[at]
			n.Kind, n.Str = String, text
			t.longest = max(t.longest, len(text))
		} else {
			t.setContainer(at, v, depth+1)
		}
	}
}

func (t *Tree) setContainer(at int, v pcommon.Value, depth int) {
	if v.Type() == pcommon.ValueTypeMap {
		t.setObject(at, v.Map(), depth, 0)
		return
	}
	for _, item := range v.Slice().All() {
		t.setValue(t.push(nil), item, depth)
	}
	t.close(at, Array)
}
