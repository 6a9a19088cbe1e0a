// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"encoding/binary"
	"unsafe"
)

// signs say which characters there are in a text of those without which there is no secret in plain text.
type signs uint64

const (
	equalSign signs = 1 << iota
	colonSign
	spaceSign
	lessSign
	percentSign
)

// signsIn returns the signs of s, which most texts have few of or none. It looks at eight bytes at a time.
func signsIn(s string) signs {
	const word, ones = 8, 0x0101010101010101
	var equal, colon, space, less, percent uint64
	for i := 0; i < len(s); i += word {
		var w uint64
		if len(s) < word {
			w = short(s)
		} else { // the last word may begin within the one before
			w = binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s[min(i, len(s)-word):]), word))
		}
		// A byte of x is 0 where the sign stands, and then borrows so that its highest bit is set. What is behind the first that
		// does may be wrong, and is not asked for.
		x := w ^ ones*'='
		equal |= (x - ones) &^ x
		x = w ^ ones*':'
		colon |= (x - ones) &^ x
		x = w ^ ones*' '
		space |= (x - ones) &^ x
		x = w ^ ones*'<'
		less |= (x - ones) &^ x
		x = w ^ ones*'%'
		percent |= (x - ones) &^ x
	}
	if (equal|colon|space|less|percent)&highest == 0 {
		return 0
	}
	return sign(equal, equalSign) | sign(colon, colonSign) | sign(space, spaceSign) | sign(less, lessSign) | sign(percent, percentSign)
}

// short returns the bytes of s, of which there are less than eight, and zeros.
func short(s string) (w uint64) {
	for i := range len(s) {
		w = w<<8 | uint64(s[i])
	}
	return w
}

// highest has the highest bit of each of its bytes.
const highest uint64 = 0x8080808080808080

// sign returns a sign where one of the bytes of a word says that it was found.
func sign(word uint64, s signs) signs {
	if word&highest == 0 {
		return 0
	}
	return s
}
