// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import "unsafe"

// Kept empties a list that is used again and again. Memory that only an unusually large record needed is given back: there
// are as many such lists as requests that are made at the same time.
func Kept[E any](list []E) []E {
	const most = 1 << 20 // bytes
	var one E
	if cap(list) > most/int(max(1, unsafe.Sizeof(one))) {
		return nil
	}
	if _, bytes := any(list).([]byte); !bytes {
		clear(list[:cap(list)]) // what was in it is not kept alive
	}
	return list[:0]
}
