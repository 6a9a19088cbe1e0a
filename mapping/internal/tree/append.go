// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// AppendJSON appends the value of r as JSON.
func (t *Tree) AppendJSON(dst []byte, r Ref) []byte { return t.appendNode(dst, &t.nodes[r], false) }

// AppendLeftOver appends what of r is not used, and says whether there is anything.
func (t *Tree) AppendLeftOver(dst []byte, r Ref) ([]byte, bool) {
	n := &t.nodes[r]
	if n.Used {
		return dst, false
	}
	from := len(dst)
	dst = t.appendNode(dst, n, true)
	// An object or array that had children and is empty now was used up.
	return dst, n.Len == 0 || len(dst)-from > len("{}")
}

func (t *Tree) appendNode(dst []byte, n *Node, leftOver bool) []byte {
	switch n.Kind {
	case Bool:
		return strconv.AppendBool(dst, n.Num != 0)
	case Int:
		return strconv.AppendInt(dst, int64(n.Num), 10)
	case Double:
		return appendDouble(dst, math.Float64frombits(n.Num))
	case Number:
		return append(dst, n.Str...)
	case String:
		return t.AppendText(dst, n.Str)
	case Bytes:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, []byte(n.Str))
		return append(dst, '"')
	case Object:
		return t.appendObject(dst, n, leftOver)
	case Array:
		return t.appendArray(dst, n, leftOver)
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
			dst, written = t.appendChild(dst, i, leftOver)
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
		if dst, some = t.appendChild(dst, i, leftOver); some {
			written = true
		} else {
			dst = dst[:start]
		}
	}
	return dst, written
}

func (t *Tree) appendChild(dst []byte, r Ref, leftOver bool) ([]byte, bool) {
	if leftOver {
		return t.AppendLeftOver(dst, r)
	}
	return t.appendNode(dst, &t.nodes[r], false), true
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

// AppendText appends s as AppendString does, and remembers for Replaced whether that took something from it.
func (t *Tree) AppendText(dst []byte, s string) []byte {
	dst, whole := AppendString(dst, s)
	if !whole {
		t.replaced = true
	}
	return dst
}

// AppendKey appends a key as AppendText does, and a colon.
func (t *Tree) AppendKey(dst []byte, key *Key) []byte {
	if !key.whole {
		t.replaced = true
	}
	return append(dst, key.json...)
}

// Replaced says whether, since it was last asked, text was encoded that was not UTF-8.
func (t *Tree) Replaced() bool {
	was := t.replaced
	t.replaced = false
	return was
}

// AppendString appends s as a JSON string. Control characters and U+2028 and U+2029 are escaped, so that nothing that
// wraps this text in a JSON string again has to escape more than quotes and backslashes. Bytes that are not UTF-8
// become U+FFFD: whole says that there were none.
func AppendString(dst []byte, s string) (out []byte, whole bool) {
	whole = true
	dst = append(dst, '"')
	start := 0
	for i := plain(s, 0); i < len(s); i = plain(s, i) {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			dst = appendEscaped(dst, c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\ufffd"...)
			start = i + 1
			whole = false
		case r == '\u2028':
			dst = append(dst, s[start:i]...)
			dst = append(dst, `\u2028`...)
			start = i + size
		case r == '\u2029':
			dst = append(dst, s[start:i]...)
			dst = append(dst, `\u2029`...)
			start = i + size
		}
		i += size
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"'), whole
}

// plain returns the index of the first byte of s from i on that cannot stand in a JSON string as it is, or is not ASCII;
// len(s) where there is none. It looks at eight bytes at a time.
func plain(s string, i int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(s); i += 8 {
		w := binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s[i:]), 8))
		quote, backslash, del := w^(ones*'"'), w^(ones*'\\'), w^(ones*0x7f)
		// A byte that borrows in one of the subtractions is one to stop at; only bytes behind such a one are flagged wrongly.
		found := (w | (w - ones*0x20) | (quote - ones) | (backslash - ones) | (del - ones)) & high
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			break
		}
	}
	return i
}

func appendEscaped(dst []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	default:
		return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
	}
}
