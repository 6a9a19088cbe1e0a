// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import "unsafe"

// HasTextOver says whether there may be a text in the tree that is longer than n bytes.
func (t *Tree) HasTextOver(n int) bool { return t.longest > n || len(t.text.buf) > n }

// Text keeps a copy of b in the tree and returns it as a string, valid until the tree is truncated past this moment.
func (t *Tree) Text(b []byte) string { return t.text.keep(b) }

// Concat returns a and b as one string, valid as Text is.
func (t *Tree) Concat(a, b string) string {
	from := len(t.text.buf)
	t.text.buf = append(append(t.text.buf, a...), b...)
	return t.text.since(from)
}

// arena keeps text in large pieces, so that a string costs a copy and no allocation.
type arena struct{ buf []byte }

const keptText = 1 << 20

func (a *arena) mark() int { return len(a.buf) }

func (a *arena) truncate(n int) {
	if n <= len(a.buf) {
		a.buf = a.buf[:n]
	}
}

func (a *arena) reset() {
	if cap(a.buf) > keptText {
		a.buf = nil
	}
	a.buf = a.buf[:0]
}

// keep copies b. Where the buffer has to grow, the strings made before go on pointing at the old one, which the garbage
// collector keeps for them.
func (a *arena) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	from := len(a.buf)
	a.buf = append(a.buf, b...)
	return a.since(from)
}

func (a *arena) since(from int) string {
	return unsafe.String(unsafe.SliceData(a.buf[from:]), len(a.buf)-from)
}
