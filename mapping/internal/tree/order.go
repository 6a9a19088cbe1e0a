// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"slices"
	"strings"
)

// longestOrder is how many keys an object may have for their order to be remembered.
const longestOrder = 64

// orders remembers how the keys of objects were sorted: a source writes them in the same order nearly always.
type orders [128]order

// order is how some keys are sorted.
type order struct {
	keys   []*Key // as they came
	places []int32
}

// order returns the places of children of one object, in the order of their keys; those that share one stay as they are.
// sum is that of all the keys. The answer is valid until the next.
func (t *Tree) order(children []Node, sum uint64) []int32 {
	if len(children) > longestOrder || sum&uint64(temporary) != 0 {
		t.sorted = sortedPlaces(t.sorted, children)
		return t.sorted
	}
	hash := uint64(0)
	for i := range children {
		hash = hash*31 + children[i].Key.hash
	}
	o := &t.orders[hash%uint64(len(t.orders))]
	if !o.isOf(children) {
		o.learn(children)
	}
	return o.places
}

func (o *order) isOf(children []Node) bool {
	if len(o.keys) != len(children) {
		return false
	}
	for i := range children {
		if o.keys[i] != children[i].Key {
			return false
		}
	}
	return true
}

func (o *order) learn(children []Node) {
	o.keys = o.keys[:0]
	for i := range children {
		o.keys = append(o.keys, children[i].Key)
	}
	o.places = sortedPlaces(o.places, children)
}

func sortedPlaces(places []int32, children []Node) []int32 {
	places = places[:0]
	for i := range children {
		places = append(places, int32(i))
	}
	slices.SortStableFunc(places, func(a, b int32) int { return strings.Compare(children[a].Key.text, children[b].Key.text) })
	return places
}
