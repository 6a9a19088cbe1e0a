// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"bytes"
	"encoding/base64"
	"math"
	"strconv"
)

// Empty says whether r holds nothing: no node, null, nothing between the brackets, or one of the words by which sources
// write that they know no value.
func (t *Tree) Empty(r Ref) bool {
	if r == 0 {
		return true
	}
	n := &t.nodes[r]
	switch n.Kind {
	case Null:
		return true
	case String:
		switch n.Str {
		case "", "-", "null", "None", "N/A":
			return true
		}
		return false
	case Object, Array:
		return n.Len == 0
	default:
		return false
	}
}

// Scalar says whether r is a single value, and so has a text.
func (t *Tree) Scalar(r Ref) bool {
	return r != 0 && t.nodes[r].Kind != Object && t.nodes[r].Kind != Array
}

// String returns the text of a scalar: what AppendJSON writes, without the quotes of a string.
func (t *Tree) String(r Ref) string {
	n := &t.nodes[r]
	switch n.Kind {
	case String, Number:
		return n.Str
	case Int:
		return t.made(strconv.AppendInt(t.json.scratch[:0], int64(n.Num), 10))
	case Bytes:
		return t.made(base64.StdEncoding.AppendEncode(t.json.scratch[:0], []byte(n.Str)))
	case Bool:
		return strconv.FormatBool(n.Num != 0) // constants
	case Double:
		return t.made(bytes.Trim(appendDouble(t.json.scratch[:0], math.Float64frombits(n.Num)), `"`))
	default:
		return ""
	}
}

// made keeps text that was written to the scratch buffer.
func (t *Tree) made(b []byte) string {
	if cap(b) > cap(t.json.scratch) {
		t.json.scratch = b[:0]
	}
	return t.text.keep(b)
}

// Int64 returns the value of r where it is a whole number, written as one or as text.
func (t *Tree) Int64(r Ref) (int64, bool) {
	n := &t.nodes[r]
	switch n.Kind {
	case Int:
		return int64(n.Num), true
	case Double:
		return whole(math.Float64frombits(n.Num))
	case Number, String:
		if i, err := strconv.ParseInt(n.Str, 10, 64); err == nil {
			return i, true
		}
		if n.Kind == Number { // 1.0 or 1e3, which pdata holds as a double
			f, err := strconv.ParseFloat(n.Str, 64)
			i, ok := whole(f)
			return i, ok && err == nil
		}
	}
	return 0, false
}

func whole(f float64) (int64, bool) {
	return int64(f), f == math.Trunc(f) && math.Abs(f) < 1<<63
}

// Equal says whether a and b are the same value; numbers are compared as numbers, whatever they are kept as.
func (t *Tree) Equal(a, b Ref) bool {
	x, y := &t.nodes[a], &t.nodes[b]
	if xn, ok := number(x); ok {
		yn, ok := number(y)
		return ok && xn == yn
	}
	if x.Kind != y.Kind {
		return false
	}
	switch x.Kind {
	case Object, Array:
		if x.Len != y.Len {
			return false
		}
		for i := range Ref(x.Len) {
			if !t.nodes[x.First+i].Key.Is(t.nodes[y.First+i].Key) || !t.Equal(x.First+i, y.First+i) {
				return false
			}
		}
		return true
	default:
		return x.Str == y.Str && x.Num == y.Num
	}
}

// number returns a number as a float64, where that holds it.
func number(n *Node) (float64, bool) {
	switch n.Kind {
	case Int:
		i := int64(n.Num)
		return float64(i), -1<<53 <= i && i <= 1<<53
	case Double:
		return math.Float64frombits(n.Num), true
	case Number:
		f, err := strconv.ParseFloat(n.Str, 64)
		return f, err == nil
	default:
		return 0, false
	}
}
