// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"

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
	const ones, high = 0x0101010101010101, 0x8080808080808080
	var equal, colon, space, less, percent uint64
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s[i:]), 8))
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
	var found signs
	if (equal|colon|space|less|percent)&high != 0 {
		found = sign(equal, equalSign) | sign(colon, colonSign) | sign(space, spaceSign) | sign(less, lessSign) | sign(percent, percentSign)
	}
	for ; i < len(s); i++ {
		switch s[i] {
		case '=':
			found |= equalSign
		case ':':
			found |= colonSign
		case ' ':
			found |= spaceSign
		case '<':
			found |= lessSign
		case '%':
			found |= percentSign
		}
	}
	return found
}

// sign returns a sign where one of the bytes of a word says that it was found.
func sign(word uint64, s signs) signs {
	if word&0x8080808080808080 == 0 {
		return 0
	}
	return s
}
