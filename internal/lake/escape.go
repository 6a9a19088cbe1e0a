// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// appendEscaped appends s as the inside of a JSON string, with the escapes that the SDK's own serialiser chooses
// (github.com/aws/smithy-go/encoding/json, escapeStringBytes), so that both write the same bytes.
func appendEscaped(dst, s []byte) []byte {
	for len(s) > 0 {
		dst, s = appendCommon(dst, s)
		if len(s) > 0 {
			dst, s = appendRare(dst, s)
		}
	}
	return dst
}

// appendCommon appends s up to the first control character or byte beyond ASCII, and returns the rest of s. It takes
// eight bytes at a time: most of what is sent is JSON, with a quote every few bytes, so that the runs between them are
// too short for a copy each.
func appendCommon(dst, s []byte) (_, rest []byte) {
	const word = 8
	// Room for a backslash before each byte, and for a whole word stored where a part of it is kept.
	dst = slices.Grow(dst, 2*len(s)+word)
	room, n, i := dst[:cap(dst)], len(dst), 0
	for ; len(s)-i >= word; i += word {
		w := binary.LittleEndian.Uint64(s[i:])
		if !printable(w) {
			break
		}
		binary.LittleEndian.PutUint64(room[n:], w)
		// From each byte that takes a backslash on, the word is stored again, one place further.
		for marks := quotes(w); marks != 0; marks &= marks - 1 {
			at := bits.TrailingZeros64(marks) / 8
			room[n+at] = '\\'
			n++
			binary.LittleEndian.PutUint64(room[n+at:], w>>(8*at))
		}
		n += word
	}
	for ; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= utf8.RuneSelf {
			return room[:n], s[i:]
		}
		if c == '"' || c == '\\' {
			room[n] = '\\'
			n++
		}
		room[n] = c
		n++
	}
	return room[:n], nil
}

// Words of one value in each byte.
const (
	each = 0x0101010101010101
	high = 0x80 * each
	low  = 0x7f * each
)

// printable says whether no byte of w is a control character or beyond ASCII. A borrow from one byte to the next can only
// come from a byte that is one.
func printable(w uint64) bool { return (w-' '*each|w)&high == 0 }

// quotes marks each byte of w that is a quote or a backslash by its highest bit; w has to be printable.
func quotes(w uint64) uint64 {
	return ^(((w ^ '"'*each) + low) & ((w ^ '\\'*each) + low)) & high
}

const hexDigits = "0123456789abcdef"

// appendRare appends what s begins with, a control character or one beyond ASCII, and returns the rest of s.
func appendRare(dst, s []byte) (_, rest []byte) {
	switch c := s[0]; {
	case c == '\n':
		return append(dst, '\\', 'n'), s[1:]
	case c == '\r':
		return append(dst, '\\', 'r'), s[1:]
	case c == '\t':
		return append(dst, '\\', 't'), s[1:]
	case c < utf8.RuneSelf:
		return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf]), s[1:]
	}
	r, size := utf8.DecodeRune(s)
	switch {
	case r == utf8.RuneError && size == 1:
		return append(dst, `\ufffd`...), s[1:]
	case r == '\u2028' || r == '\u2029':
		return append(dst, '\\', 'u', '2', '0', '2', hexDigits[r&0xf]), s[size:]
	}
	return append(dst, s[:size]...), s[size:]
}
