// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// Keys is a set of keys that is asked about each key of a record, nearly all of which are not in it. It answers so at the
// cost of a look at length, first and last letter; who is told "perhaps" has to look for himself.
type Keys [1024]bool

// Add adds a key.
func (k *Keys) Add(key string) { k[keySlot(key)] = true }

// May says whether a key may be in the set.
func (k *Keys) May(key string) bool { return k[keySlot(key)] }

// MayHave says whether object r may have one of the keys.
func (t *Tree) MayHave(r Ref, keys *Keys) bool {
	n := &t.nodes[r]
	for c := n.First; c < n.First+Ref(n.Len); c++ {
		if keys.May(t.nodes[c].Key) {
			return true
		}
	}
	return false
}

func keySlot(key string) uint {
	if key == "" {
		return 0
	}
	return (uint(len(key))*37 + uint(key[0])*5 + uint(key[len(key)-1])*131) & 1023
}
