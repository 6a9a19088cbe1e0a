// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
	"unsafe"
)

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
	const word = 8
	n := len(dst) + len(`"`)
	dst = slices.Grow(dst, len(s)+len(`""`)+word)
	room := dst[:cap(dst)]
	room[n-1] = '"'
	if len(s) < word {
		w := loadShort(s)
		if special(w) != 0 {
			return appendSpecial(room[:n], s)
		}
		binary.LittleEndian.PutUint64(room[n:], w)
		room[n+len(s)] = '"'
		return room[:n+len(s)+1], true
	}
	for i := 0; i < len(s); i += word {
		i = min(i, len(s)-word) // the last word may begin within the one before
		w := load(s, i)
		if special(w) != 0 {
			return appendSpecial(room[:n], s)
		}
		binary.LittleEndian.PutUint64(room[n+i:], w)
	}
	room[n+len(s)] = '"'
	return room[:n+len(s)+1], true
}

// appendSpecial appends s and the quote that closes it.
func appendSpecial(dst []byte, s string) (out []byte, whole bool) {
	whole = true
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

// plain returns the index of the first byte of s from i on that is special; len(s) where there is none.
func plain(s string, i int) int {
	const word = 8
	for ; len(s)-i >= word; i += word {
		if found := special(load(s, i)); found != 0 {
			return i + bits.TrailingZeros64(found)/word
		}
	}
	for i < len(s) && !isSpecial(s[i]) {
		i++
	}
	return i
}

// loadShort returns the bytes of s, of which there are less than eight, and letters behind them.
func loadShort(s string) (w uint64) {
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	switch n := len(b); {
	case n >= 4:
		w = uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint32(b[n-4:]))<<(8*(n-4))
	case n >= 2:
		w = uint64(binary.LittleEndian.Uint16(b)) | uint64(binary.LittleEndian.Uint16(b[n-2:]))<<(8*(n-2))
	case n == 1:
		w = uint64(b[0])
	}
	return w | 'a'*each<<(8*len(b))
}

// load returns the eight bytes of s from i on.
func load(s string, i int) uint64 {
	return binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s[i:]), 8))
}

// isSpecial says whether a byte cannot stand in a JSON string as it is, or is not ASCII.
func isSpecial(c byte) bool { return c < ' ' || c == '"' || c == '\\' || c >= 0x7f }

// each has the value 1 in each of its bytes.
const each uint64 = 0x0101010101010101

// special marks the lowest byte of w that is special by its highest bit. Bits above that one mean nothing: a byte that
// borrows in one of the subtractions is one to stop at, and only those behind it are marked wrongly.
func special(w uint64) uint64 {
	const high = 0x80 * each
	quote, backslash, del := w^each*'"', w^each*'\\', w^each*0x7f
	return (w | (w - each*' ') | (quote - each) | (backslash - each) | (del - each)) & high
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
