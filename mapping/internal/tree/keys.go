// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import "hash/maphash"

// The keys of records are whatever a sender likes: this is how many of them are remembered, and how long they may be. That
// takes a megabyte at most.
const (
	maxKeys      = 2048
	maxKeyLength = 128
)

// keys are the keys that a tree has met.
type keys struct {
	classifiers []Classifier
	remembered  map[string]*Key // by their text
	last        *Key            // the one that was asked for last; never nil where any is remembered
	// temporary are the keys of this record that are not remembered. Their text is in the tree's arena.
	temporary temporaries
	scratch   []byte
}

// Classify adds somebody who knows about keys. It comes before the first record.
func (t *Tree) Classify(c Classifier) {
	t.keys.classifiers = append(t.keys.classifiers, c)
	t.forgetKeys()
}

// Key returns the key of this text, which it copies. It is valid as Text is.
func (t *Tree) Key(text string) *Key {
	s := &t.keys
	if s.remembered == nil {
		s.remembered, s.last = map[string]*Key{}, &Key{}
	}
	// Most records have the keys of the one before, in its order.
	if next := s.last.next; next != nil && next.text == text {
		s.last = next
		return next
	}
	if k := s.remembered[text]; k != nil {
		s.last.next, s.last = k, k
		return k
	}
	hash := maphash.String(seed, text)
	if len(s.remembered) == maxKeys || len(text) > maxKeyLength {
		return t.temporaryKey(text, hash)
	}
	k := makeKey(text, hash, &s.scratch, func(b []byte) string { return string(b) })
	s.classify(&k)
	s.remembered[k.text] = &k
	return &k
}

func (t *Tree) temporaryKey(text string, hash uint64) *Key {
	s := &t.keys
	k := makeKey(text, hash, &s.scratch, t.text.keep)
	k.sum |= uint64(temporary)
	s.classify(&k)
	return s.temporary.add(k)
}

func (s *keys) classify(k *Key) {
	for _, c := range s.classifiers {
		facts, word := c(k.text)
		k.sum |= uint64(facts)
		if word != (Word{}) {
			k.Word = word
		}
	}
}

// resetKeys forgets the keys of the record, and, where no more are remembered, those of all before: what was there first
// need not be what comes now.
func (t *Tree) resetKeys() {
	t.keys.temporary.reset()
	if len(t.keys.remembered) == maxKeys {
		t.forgetKeys()
	}
}

// forgetKeys forgets all keys. No node may be there that has one.
func (t *Tree) forgetKeys() {
	t.keys.remembered, t.keys.last = nil, nil
	t.orders = orders{}
}
