// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

import (
	"math"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// MaxDepth is how deep a tree goes. What lies deeper is kept as its JSON text in a string: few JSON parsers take any
// depth, and nobody queries there.
const MaxDepth = 64

// AddMap adds the entries of m but those whose keys have one of some facts, as an object. The tree refers to the strings of
// m: it is valid as long as m is not changed.
func (t *Tree) AddMap(m pcommon.Map, skip Facts) Ref {
	return t.Add(t.object(m, 1, skip))
}

// AddValue adds v, under the same condition as AddMap.
func (t *Tree) AddValue(v pcommon.Value) Ref {
	return t.Add(t.value(v, 0))
}

func (t *Tree) object(m pcommon.Map, depth int, skip Facts) Node {
	mark := len(t.stack)
	for k, v := range m.All() {
		key := t.Key(k)
		if key.Has(skip) {
			continue
		}
		child := t.value(v, depth)
		child.Key = key
		t.stack = append(t.stack, child)
	}
	return t.close(Object, mark)
}

func (t *Tree) value(v pcommon.Value, depth int) Node {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return Node{Kind: String, Str: v.Str()}
	case pcommon.ValueTypeInt:
		return Node{Kind: Int, Num: uint64(v.Int())}
	case pcommon.ValueTypeDouble:
		return Node{Kind: Double, Num: math.Float64bits(v.Double())}
	case pcommon.ValueTypeBool:
		if v.Bool() {
			return Node{Kind: Bool, Num: 1}
		}
		return Node{Kind: Bool}
	case pcommon.ValueTypeBytes:
		raw := v.Bytes().AsRaw() // a copy of our own
		return Node{Kind: Bytes, Str: unsafe.String(unsafe.SliceData(raw), len(raw))}
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		if depth == MaxDepth {
			return t.deep(v)
		}
		return t.container(v, depth+1)
	default:
		return Node{Kind: Null}
	}
}

func (t *Tree) container(v pcommon.Value, depth int) Node {
	if v.Type() == pcommon.ValueTypeMap {
		return t.object(v.Map(), depth, 0)
	}
	mark := len(t.stack)
	for _, item := range v.Slice().All() {
		t.stack = append(t.stack, t.value(item, depth))
	}
	return t.close(Array, mark)
}

// deep returns v as a string that holds its JSON.
func (t *Tree) deep(v pcommon.Value) Node {
	nodes := len(t.nodes)
	top := t.container(v, MaxDepth+1) // past MaxDepth there is no further cut
	text := t.appendNode(nil, &top, false)
	t.nodes = t.nodes[:nodes]
	return Node{Kind: String, Str: unsafe.String(unsafe.SliceData(text), len(text))}
}
