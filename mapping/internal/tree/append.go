// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"encoding/base64"
	"math"
	"strconv"
)

// AppendJSON appends the value of r as JSON.
func (t *Tree) AppendJSON(dst []byte, r Ref) []byte {
	dst, _ = t.AppendValue(dst, r, false)
	return dst
}

// AppendValue appends the value of r, or only what of it is not used, and says whether there is anything.
func (t *Tree) AppendValue(dst []byte, r Ref, leftOver bool) ([]byte, bool) {
	n := &t.nodes[r]
	if leftOver && n.Used {
		return dst, false
	}
	from := len(dst)
	switch n.Kind {
	case String:
		return t.AppendText(dst, n.Str), true
	case Object:
		dst = t.appendObject(dst, n, leftOver)
	case Array:
		dst = t.appendArray(dst, n, leftOver)
	default:
		return appendScalar(dst, n), true
	}
	// An object or array that had children and is empty now was used up.
	return dst, !leftOver || n.Len == 0 || len(dst)-from > len("{}")
}

func appendScalar(dst []byte, n *Node) []byte {
	switch n.Kind {
	case Bool:
		return strconv.AppendBool(dst, n.Num != 0)
	case Int:
		return strconv.AppendInt(dst, int64(n.Num), 10)
	case Double:
		return appendDouble(dst, math.Float64frombits(n.Num))
	case Number:
		return append(dst, n.Str...)
	case Bytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, []byte(n.Str))
		return append(dst, '"')
	default:
		return append(dst, "null"...)
	}
}

func (t *Tree) appendObject(dst []byte, n *Node, leftOver bool) []byte {
	dst = append(dst, '{')
	open := len(dst)
	end := n.First + Ref(n.Len)
	for i := n.First; i < end; {
		// A key that stands more than once becomes a list: JSON parsers keep one of such values, and which differs.
		next := i + 1
		for next < end && t.nodes[next].Key.Is(t.nodes[i].Key) {
			next++
		}
		from := len(dst)
		if from > open {
			dst = append(dst, ',')
		}
		dst = t.AppendKey(dst, t.nodes[i].Key)
		var written bool
		if next == i+1 {
			dst, written = t.AppendValue(dst, i, leftOver)
		} else {
			dst = append(dst, '[')
			dst, written = t.appendItems(dst, i, next, leftOver)
			dst = append(dst, ']')
		}
		if !written {
			dst = dst[:from]
		}
		i = next
	}
	return append(dst, '}')
}

func (t *Tree) appendArray(dst []byte, n *Node, leftOver bool) []byte {
	dst = append(dst, '[')
	dst, _ = t.appendItems(dst, n.First, n.First+Ref(n.Len), leftOver)
	return append(dst, ']')
}

func (t *Tree) appendItems(dst []byte, from, to Ref, leftOver bool) ([]byte, bool) {
	written := false
	for i := from; i < to; i++ {
		start := len(dst)
		if written {
			dst = append(dst, ',')
		}
		var some bool
		if dst, some = t.AppendValue(dst, i, leftOver); some {
			written = true
		} else {
			dst = dst[:start]
		}
	}
	return dst, written
}

// appendDouble writes a finite number as encoding/json does. JSON has no others: they become strings, by the names that
// the JSON mapping of protobuf, and so OTLP, gives them.
func appendDouble(dst []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, 64)
}
