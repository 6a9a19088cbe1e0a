// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"math"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// manyMembers is the size up to which a pcommon.Map is filled one by one: it looks through all of its members to add one.
const manyMembers = 256

// PutObject puts the members of object r into m, which is empty. Nothing in m refers to the tree: it may be kept. Of
// members that share a key, m has the last.
func (t *Tree) PutObject(m pcommon.Map, r Ref) {
	n := &t.nodes[r]
	if n.Kind != Object {
		return
	}
	if n.Len > manyMembers {
		t.putMany(m, n)
		return
	}
	m.EnsureCapacity(int(n.Len))
	for c := n.First; c < n.First+Ref(n.Len); c++ {
		t.PutValue(m.PutEmpty(strings.Clone(t.nodes[c].Key.text)), c)
	}
}

func (t *Tree) putMany(m pcommon.Map, n *Node) {
	raw := make(map[string]any, n.Len)
	for c := n.First; c < n.First+Ref(n.Len); c++ {
		v := pcommon.NewValueEmpty()
		t.PutValue(v, c)
		raw[strings.Clone(t.nodes[c].Key.text)] = v.AsRaw()
	}
	m.FromRaw(raw) //nolint:errcheck // AsRaw gives only what FromRaw takes
}

// PutValue makes v, which is empty, the value of r. It does not refer to the tree.
func (t *Tree) PutValue(v pcommon.Value, r Ref) {
	switch n := &t.nodes[r]; n.Kind {
	case Bool:
		v.SetBool(n.Num != 0)
	case Int:
		v.SetInt(int64(n.Num))
	case Double:
		v.SetDouble(math.Float64frombits(n.Num))
	case Number:
		if i, err := strconv.ParseInt(n.Str, 10, 64); err == nil {
			v.SetInt(i)
		} else if f, err := strconv.ParseFloat(n.Str, 64); err == nil {
			v.SetDouble(f)
		}
	case String:
		v.SetStr(strings.Clone(n.Str))
	case Bytes:
		v.SetEmptyBytes().FromRaw([]byte(n.Str))
	case Object:
		t.PutObject(v.SetEmptyMap(), r)
	case Array:
		list := v.SetEmptySlice()
		list.EnsureCapacity(int(n.Len))
		for c := n.First; c < n.First+Ref(n.Len); c++ {
			t.PutValue(list.AppendEmpty(), c)
		}
	}
}
