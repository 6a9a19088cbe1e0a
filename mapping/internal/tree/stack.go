// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

// push puts a node on the stack that is yet to be filled, and returns its place. What lies in it is pushed behind it.
func (t *Tree) push(key *Key) int {
	at := len(t.stack)
	t.stack = append(t.stack, Node{})
	if key != nil {
		n := &t.stack[at]
		n.Key, n.hash = key, uint32(key.hash)
	}
	return at
}

// pop adds the node on top of the stack.
func (t *Tree) pop() Ref {
	last := len(t.stack) - 1
	t.nodes = append(t.nodes, t.stack[last])
	t.stack = t.stack[:last]
	return Ref(len(t.nodes) - 1)
}

// close makes the node at a place of the stack an object or an array of all that was pushed behind it.
func (t *Tree) close(at int, kind Kind) {
	children := t.stack[at+1:]
	n := &t.stack[at]
	n.Kind, n.First, n.Len = kind, Ref(len(t.nodes)), int32(len(children))
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
	t.stack = t.stack[:at+1]
}

func (n *Node) setBool(b bool) {
	n.Kind = Bool
	if b {
		n.Num = 1
	}
}
