// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"

import (
	"encoding/binary"
	"unsafe"
)

// hasSign says whether one of the characters is in s without which there is no secret in plain text: most texts are short
// and have none. It looks at eight bytes at a time.
func hasSign(s string) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(s[i:]), 8))
		// A byte of these is 0 where the sign stands, and only then borrows so that its highest bit is set: the first one does.
		equal, colon, space, less, percent := w^(ones*'='), w^(ones*':'), w^(ones*' '), w^(ones*'<'), w^(ones*'%')
		if ((equal-ones)&^equal|(colon-ones)&^colon|(space-ones)&^space|(less-ones)&^less|(percent-ones)&^percent)&high != 0 {
			return true
		}
	}
	return hasSignIn(s[i:])
}

func hasSignIn(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '=', ':', ' ', '<', '%':
			return true
		}
	}
	return false
}
