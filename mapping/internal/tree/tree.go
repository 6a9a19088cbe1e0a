// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"iter"
	"slices"
	"strings"
)

// Kind is the type of a node's value.
type Kind uint8

// The kinds of value that pdata and JSON know between them.
const (
	Null Kind = iota
	Bool
	Int
	Double
	Number // a number of a JSON text, kept as it was written
	String
	Bytes
	Object
	Array
)

// Ref names a node of a tree. The zero Ref is no node.
type Ref int32

// Node is one value. Objects and arrays hold their children side by side, objects sorted by key: equal records come
// out equal whatever order their keys arrived in.
type Node struct {
	Key   *Key   // the key within the parent object, else nil
	Str   string // String, Bytes and Number: the content
	Num   uint64 // Bool, Int and Double: the bits; Object: the sums of its keys (Key.sum)
	First Ref    // Object and Array: the first child
	Len   int32  // Object and Array: the number of children
	hash  uint32 // of Key: to look through children without a look at their keys
	Kind  Kind
	// Used says that the mapping has placed this value (and all below it) in a field: it is not left over.
	Used bool
}

// Tree is an arena of nodes. It is not safe for concurrent use.
type Tree struct {
	nodes  []Node
	stack  []Node // children whose parent is not finished yet
	keys   keys
	orders orders
	sorted []int32 // scratch
	text   arena
	json   jsonReader
	// replaced says that text was encoded that was not UTF-8.
	replaced bool
	// longest is the length of the longest text since Reset that is not in the arena.
	longest int
	// used and overwritten are what Undo takes back.
	used        []Ref
	overwritten []overwritten
}

type overwritten struct {
	ref Ref
	was Node
}

// Mark is a state of a tree to go back to.
type Mark struct{ nodes, keys, text int }

// New returns an empty tree.
func New() *Tree {
	return &Tree{nodes: make([]Node, 1, 256)} // node 0 is no node
}

// Mark returns the present state.
func (t *Tree) Mark() Mark {
	return Mark{nodes: len(t.nodes), keys: t.keys.temporary.n, text: t.text.mark()}
}

// Truncate forgets all that was added since the mark. Refs, keys and text made since are invalid.
func (t *Tree) Truncate(m Mark) {
	t.nodes = t.nodes[:m.nodes]
	t.stack = t.stack[:0]
	t.keys.temporary.n = m.keys
	t.text.truncate(m.text)
}

// Reset forgets everything, and gives back memory that only an unusually large record needed.
func (t *Tree) Reset() {
	const keptNodes = 1 << 13
	if cap(t.nodes) > keptNodes {
		t.nodes = make([]Node, 1, 256)
	}
	if cap(t.stack) > keptNodes {
		t.stack = nil
	}
	clear(t.nodes[:cap(t.nodes)]) // strings of past records are not kept alive
	clear(t.stack[:cap(t.stack)])
	t.nodes, t.stack = t.nodes[:1], t.stack[:0]
	t.resetKeys()
	t.text.reset()
	t.longest = 0
	t.Keep()
	t.sorted, t.used, t.overwritten, t.json.scratch = Kept(t.sorted), Kept(t.used), Kept(t.overwritten), Kept(t.json.scratch)
}

// At returns the node of r, which is valid until the next node is added.
func (t *Tree) At(r Ref) *Node { return &t.nodes[r] }

// Use marks r, and with it all below, as used.
func (t *Tree) Use(r Ref) {
	if !t.nodes[r].Used {
		t.nodes[r].Used = true
		t.used = append(t.used, r)
	}
}

// Overwrite puts another value in the place of r, under the same key.
func (t *Tree) Overwrite(r Ref, n Node) {
	t.overwritten = append(t.overwritten, overwritten{ref: r, was: t.nodes[r]})
	n.Key, n.hash = t.nodes[r].Key, t.nodes[r].hash
	t.nodes[r] = n
}

// Replace does so for good. What was used stays so.
func (t *Tree) Replace(r Ref, n Node) {
	was := &t.nodes[r]
	n.Key, n.hash, n.Used = was.Key, was.hash, was.Used
	*was = n
}

// Keep makes all that was used and overwritten until now stay so when Undo is called.
func (t *Tree) Keep() {
	t.used, t.overwritten = t.used[:0], t.overwritten[:0]
}

// Undo takes back what was used and overwritten since Keep or Undo was last called.
func (t *Tree) Undo() {
	for i := len(t.overwritten) - 1; i >= 0; i-- {
		t.nodes[t.overwritten[i].ref] = t.overwritten[i].was
	}
	for _, r := range t.used {
		t.nodes[r].Used = false
	}
	t.Keep()
}

// Add adds a node that has no parent.
func (t *Tree) Add(n Node) Ref {
	t.longest = max(t.longest, len(n.Str))
	t.nodes = append(t.nodes, n)
	return Ref(len(t.nodes) - 1)
}

// AddString adds a string that has no parent.
func (t *Tree) AddString(s string) Ref { return t.Add(Node{Kind: String, Str: s}) }

// AddTexts adds an object of texts.
func (t *Tree) AddTexts(texts iter.Seq2[string, string]) Ref {
	object := t.push(nil)
	for key, text := range texts {
		n := &t.stack[t.push(t.Key(key))]
		n.Kind, n.Str = String, text
	}
	t.close(object, Object)
	return t.pop()
}

// Child returns the child of object r with this key, or none.
func (t *Tree) Child(r Ref, key *Key) Ref {
	n := &t.nodes[r]
	if n.Kind != Object {
		return 0
	}
	children := t.nodes[n.First : n.First+Ref(n.Len)]
	// To compare with each key of a small object is faster than to search for a place.
	const small = 32
	if len(children) <= small {
		for i := range children {
			if children[i].hash == uint32(key.hash) && children[i].Key.Is(key) {
				return n.First + Ref(i)
			}
		}
		return 0
	}
	i, found := slices.BinarySearchFunc(children, key.text, func(c Node, k string) int { return strings.Compare(c.Key.text, k) })
	if !found {
		return 0
	}
	return n.First + Ref(i)
}

// Any says whether one of the keys of object r has one of some facts.
func (t *Tree) Any(r Ref, some Facts) bool {
	n := &t.nodes[r]
	return n.Kind == Object && n.Num&uint64(some) != 0
}

// Path returns what stands at a path below r: keys of objects, and indices of arrays from 0. None where there is nothing.
func (t *Tree) Path(r Ref, path ...*Key) Ref {
	for _, step := range path {
		if r == 0 {
			return 0
		}
		if n := &t.nodes[r]; n.Kind == Array {
			if step.index < 0 || step.index >= n.Len {
				return 0
			}
			r = n.First + Ref(step.index)
			continue
		}
		r = t.Child(r, step)
	}
	return r
}
