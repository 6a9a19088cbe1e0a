// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

import (
	"iter"
	"slices"
	"strings"
	"unsafe"
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
	Num   uint64 // Bool, Int and Double: the bits; Object: what its keys are together (Key.sum)
	First Ref    // Object and Array: the first child
	Len   int32  // Object and Array: the number of children
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
	return Mark{nodes: len(t.nodes), keys: len(t.keys.temporary), text: t.text.mark()}
}

// Truncate forgets all that was added since the mark. Refs, keys and text made since are invalid.
func (t *Tree) Truncate(m Mark) {
	t.nodes = t.nodes[:m.nodes]
	t.stack = t.stack[:0]
	t.keys.temporary = t.keys.temporary[:m.keys]
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
	t.Keep()
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
	n.Key = t.nodes[r].Key
	t.nodes[r] = n
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
	t.nodes = append(t.nodes, n)
	return Ref(len(t.nodes) - 1)
}

// AddString adds a string that has no parent.
func (t *Tree) AddString(s string) Ref { return t.Add(Node{Kind: String, Str: s}) }

// AddTexts adds an object of texts.
func (t *Tree) AddTexts(texts iter.Seq2[string, string]) Ref {
	mark := len(t.stack)
	for key, text := range texts {
		t.stack = append(t.stack, Node{Key: t.Key(key), Kind: String, Str: text})
	}
	return t.Add(t.close(Object, mark))
}

// Child returns the child of object r with this key, or none.
func (t *Tree) Child(r Ref, key *Key) Ref {
	n := &t.nodes[r]
	if n.Kind != Object || n.Num&(key.sum>>factBits<<factBits) == 0 {
		return 0
	}
	children := t.nodes[n.First : n.First+Ref(n.Len)]
	// To compare with each key of a small object is faster than to search for a place.
	const small = 32
	if len(children) <= small {
		for i := range children {
			if children[i].Key.Is(key) {
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

// close makes one node of the children on the stack since mark.
func (t *Tree) close(kind Kind, mark int) Node {
	children := t.stack[mark:]
	n := Node{Kind: kind, First: Ref(len(t.nodes)), Len: int32(len(children))}
	if kind == Object {
		for i := range children {
			n.Num |= children[i].Key.sum
		}
		for _, i := range t.order(children, n.Num) {
			t.nodes = append(t.nodes, children[i])
		}
	} else {
		t.nodes = append(t.nodes, children...)
	}
	t.stack = t.stack[:mark]
	return n
}

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
