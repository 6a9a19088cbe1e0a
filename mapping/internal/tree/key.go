// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"hash/maphash"
	"strconv"
)

// Key is a key of objects with all that is ever asked about it: a record has each of its keys looked at many times, and
// most records have the keys of the one before. nil is the key of what lies in no object.
type Key struct {
	text      string
	json      string // the key as JSON, and the colon behind it
	canonical string // the key as AppendCanonicalText writes it
	hash      uint64
	// sum is the key's facts, and above them one bit that is chosen by its hash. An object's node has the sums of all its
	// keys in one: a key whose bit is missing there is no key of the object.
	sum   uint64
	next  *Key  // the key that was asked for after this one the last time
	index int32 // the index in a list that it says; -1 = none
	whole bool  // it is UTF-8
	// Word is what the vocabulary knows of the key.
	Word Word
}

// Facts say what kind of key it is. They are found once for each key, by classifiers: see Tree.Classify.
type Facts uint16

// The facts that there are.
const (
	temporary   Facts = 1 << iota // it is forgotten with the record
	Private                       // of an attribute that this component itself puts on log records
	Wraps                         // envelopes hold something under it
	Marks                         // it is the mark of a preset
	Reserved                      // it begins as the keys do that the mapping itself adds
	Secret                        // it names a secret
	NamesPair                     // under it may stand the name in a pair of name and value
	ValuesPair                    // under it may stand the value in such a pair
	PointsTo                      // under it may stand where in an object an operation of a patch puts its value
	SaysKind                      // under it stands what kind of Kubernetes object it is
	SaysSubject                   // under it may stand what an audit event is about
	SaysRequest                   // under it may stand the request of an audit event
	HoldsData                     // under it Kubernetes objects hold data
	HoldsObject                   // under it Kubernetes objects hold their whole last configuration
)

// Among says which keys there may be among some.
type Among uint64

// Add adds a key.
func (a *Among) Add(k *Key) { *a |= Among(k.sum) }

// May says whether a key may be there.
func (a Among) May(k *Key) bool { return uint64(a)&(k.sum>>factBits<<factBits) != 0 }

// factBits is how many bits of a sum are facts; the others are by the hash.
const factBits = 16

// Word is what a vocabulary of dotted names knows of a key, or of a dotted path.
type Word struct {
	Name   uint16 // of the name that it is; 0 = none
	Group  uint16 // of the longest prefix that it begins with; 0 = none
	Opens  uint16 // of the names that begin with it and a dot; 0 = none
	Prefix bool   // longer names begin with it and a dot
	Field  uint16 // of the field that it is at the top of a record; 0 = none
}

// Classifier tells what it knows of a key.
type Classifier func(key string) (Facts, Word)

var seed = maphash.MakeSeed()

// NewKey returns a key by which to ask for values.
func NewKey(text string) *Key {
	k := makeKey(text, maphash.String(seed, text), new([]byte), func(b []byte) string { return string(b) })
	return &k
}

// makeKey makes a key of a copy of the text, which keep makes.
func makeKey(text string, hash uint64, scratch *[]byte, keep func([]byte) string) Key {
	k := Key{hash: hash, index: -1, sum: 1 << (factBits + hash%(64-factBits))}
	b := AppendCanonicalText((*scratch)[:0], text)
	n := len(b)
	b, k.whole = AppendString(b, text)
	*scratch = append(b, ':')
	all := keep(*scratch)
	k.text, k.canonical, k.json = all[n-len(text):n], all[:n], all[n:]
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		if i, err := strconv.ParseInt(text, 10, 32); err == nil {
			k.index = int32(i)
		}
	}
	return k
}

// String returns the key's text.
func (k *Key) String() string {
	if k == nil {
		return ""
	}
	return k.text
}

// Is says whether two keys are the same.
func (k *Key) Is(other *Key) bool {
	return k == other || k != nil && other != nil && k.hash == other.hash && k.text == other.text
}

// Has says whether one of some facts is one of the key.
func (k *Key) Has(some Facts) bool { return k.sum&uint64(some) != 0 }

// NewPath returns the path of some steps: keys of objects, and indices of lists from 0.
func NewPath(steps ...string) []*Key {
	path := make([]*Key, len(steps))
	for i, s := range steps {
		path[i] = NewKey(s)
	}
	return path
}
