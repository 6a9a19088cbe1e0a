// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import "encoding/binary"

// AppendCanonical appends an encoding of r that two values share only if they are the same value of the same type,
// whatever order their keys came in. It is the input of digests, and so must never change.
func (t *Tree) AppendCanonical(dst []byte, r Ref) []byte {
	n := &t.nodes[r]
	dst = append(dst, byte(n.Kind))
	switch n.Kind {
	case Bool, Int, Double:
		return binary.BigEndian.AppendUint64(dst, n.Num)
	case Number, String, Bytes:
		return AppendCanonicalText(dst, n.Str)
	case Object, Array:
		dst = binary.AppendUvarint(dst, uint64(n.Len))
		for i := n.First; i < n.First+Ref(n.Len); i++ {
			child := &t.nodes[i]
			if n.Kind == Object {
				dst = append(dst, child.Key.canonical...)
			}
			if child.Kind == String { // most
				dst = AppendCanonicalText(append(dst, byte(String)), child.Str)
			} else {
				dst = t.AppendCanonical(dst, i)
			}
		}
	}
	return dst
}

// AppendCanonicalText appends s with its length before it.
func AppendCanonicalText(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}
