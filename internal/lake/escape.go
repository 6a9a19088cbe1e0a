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

// appendCommon appends s up to the first control character or byte beyond ASCII, and returns the rest of s. It goes by
// eight bytes at a time: most of what is sent is JSON, with a quote every few bytes, so that the runs between them are
// too short for a copy each.
func appendCommon(dst, s []byte) (_, rest []byte) {
	const word = 8
	// Room for a backslash before each byte, and for a whole word stored where a part of it is kept.
	dst = slices.Grow(dst, 2*len(s)+word)
	room, n := dst[:cap(dst)], len(dst)
	for i := 0; i < len(s); i++ {
		if len(s)-i >= word {
			w := binary.LittleEndian.Uint64(s[i:])
			binary.LittleEndian.PutUint64(room[n:], w)
			run := bits.TrailingZeros64(special(w)) / 8 // 8 where there is none
			n += run
			i += run
			if run == word {
				i-- // for the loop's own step
				continue
			}
		}
		switch c := s[i]; {
		case c == '"' || c == '\\':
			room[n], room[n+1] = '\\', c
			n += 2
		case c >= ' ' && c < utf8.RuneSelf:
			room[n] = c
			n++
		default:
			return room[:n], s[i:]
		}
	}
	return room[:n], nil
}

// special marks the lowest byte of w that may not stand in a JSON string as it is, or is not ASCII, by its highest
// bit. Bits above that one mean nothing: a borrow may have set them.
func special(w uint64) uint64 {
	const each, high = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^each*'"', w^each*'\\'
	return (w-each*' ')&^w&high | (quote-each)&^quote&high | (backslash-each)&^backslash&high | w&high
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
