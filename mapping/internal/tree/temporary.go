// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

// keyBlock is how many keys are allocated at a time.
const keyBlock = 256

// temporaries are keys that are forgotten with their record. They stay where they are when more come: nodes point at them, and
// a list that grows would leave behind, for each of its sizes, a copy that those keep alive.
type temporaries struct {
	blocks []*[keyBlock]Key
	n      int
	most   int // since reset
}

// add keeps a key.
func (l *temporaries) add(k Key) *Key {
	if l.n == len(l.blocks)*keyBlock {
		l.blocks = append(l.blocks, new([keyBlock]Key))
	}
	at := &l.blocks[l.n/keyBlock][l.n%keyBlock]
	*at = k
	l.n++
	l.most = max(l.most, l.n)
	return at
}

// reset forgets all keys, and gives back memory that only an unusually large record needed.
func (l *temporaries) reset() {
	const kept = 4
	if len(l.blocks) > kept {
		l.blocks = append([]*[keyBlock]Key(nil), l.blocks[:kept]...)
	}
	for i := range min(len(l.blocks), (l.most+keyBlock-1)/keyBlock) {
		*l.blocks[i] = [keyBlock]Key{}
	}
	l.n, l.most = 0, 0
}
