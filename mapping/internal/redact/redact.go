// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// Redactor looks for secrets in one tree. It is not safe for concurrent use.
type Redactor struct {
	names *Names
	tree  *tree.Tree
	// hits are what Apply puts into the tree: it stays as it came until then.
	hits []hit
	// seen has a bit for each node that holds others and was looked at.
	seen []uint64
	// found are the secrets in one text.
	found   []span
	scratch []byte
	// places are where the bytes of a decoded text are in the text itself.
	places []int
}

type hit struct {
	ref tree.Ref
	now tree.Node
}

// New returns a Redactor for the tree, which has no keys yet.
func New(names *Names, t *tree.Tree) *Redactor {
	t.Classify(func(key string) (tree.Facts, tree.Word) { return names.facts(key), tree.Word{} })
	return &Redactor{names: names, tree: t}
}

// Begin forgets what was seen and found before.
func (r *Redactor) Begin() {
	r.hits = r.hits[:0]
	clear(r.seen)
}

// Forget gives back what only an unusually large record needed.
func (r *Redactor) Forget() {
	r.Begin()
	r.hits, r.found, r.scratch, r.places = tree.Kept(r.hits), tree.Kept(r.found), tree.Kept(r.scratch), tree.Kept(r.places)
	const most = 1 << 12 // each record begins by clearing it
	if len(r.seen) > most {
		r.seen = nil
	}
}

// Found says whether there are secrets in what was looked at.
func (r *Redactor) Found() bool { return len(r.hits) > 0 }

// Apply puts markers in the place of the secrets that were found, to stay.
func (r *Redactor) Apply() { r.apply(0) }

func (r *Redactor) apply(from int) {
	for i := range r.hits[from:] {
		h := &r.hits[from+i]
		r.tree.Replace(h.ref, h.now)
	}
	r.hits = r.hits[:from]
}

// Overwrite puts markers in the place of the secrets that were found, until the tree's Undo.
func (r *Redactor) Overwrite() {
	for i := range r.hits {
		h := &r.hits[i]
		h.now.Used = r.tree.At(h.ref).Used
		r.tree.Overwrite(h.ref, h.now)
	}
	r.hits = r.hits[:0]
}

// Look looks for secrets in the value of ref and in all below, once. passOpened says that texts are passed over that were
// opened as JSON, and so are in the tree a second time.
func (r *Redactor) Look(ref tree.Ref, passOpened bool) {
	if ref != 0 {
		r.value(ref, within{opened: passOpened})
	}
}

// within is what is known of a value from what it lies in.
type within struct {
	// secret says that it lies in an object whose key names a secret.
	secret bool
	// config says that it lies in a Kubernetes Secret or ConfigMap, or in what was asked for or answered about one.
	config bool
	// texts is how many strings lie around it that hold JSON.
	texts int
	// opened says that strings that were opened as JSON, and are used so, are passed over.
	opened bool
}

func (r *Redactor) value(ref tree.Ref, in within) {
	switch n := r.tree.At(ref); n.Kind {
	case tree.String:
		r.text(ref, in)
	case tree.Array:
		if r.enter(ref) {
			for c, end := n.First, n.First+tree.Ref(n.Len); c < end; c++ {
				r.value(c, in)
				if c+1 < end && r.isOption(r.tree.At(c)) && r.option(c+1) {
					c++
				}
			}
		}
	case tree.Object:
		if r.enter(ref) {
			r.object(ref, in)
		}
	}
}

// enter says whether a node is seen for the first time.
func (r *Redactor) enter(ref tree.Ref) bool {
	word, bit := int(ref)/64, uint64(1)<<(ref%64)
	if word >= len(r.seen) {
		r.seen = append(r.seen, make([]uint64, word+1-len(r.seen))...)
	}
	first := r.seen[word]&bit == 0
	r.seen[word] |= bit
	return first
}

// leave makes a node one that was not seen.
func (r *Redactor) leave(ref tree.Ref) {
	if word := int(ref) / 64; word < len(r.seen) {
		r.seen[word] &^= uint64(1) << (ref % 64)
	}
}

// object looks at the members of an object.
func (r *Redactor) object(ref tree.Ref, in within) {
	t := r.tree
	first, end := t.At(ref).First, t.At(ref).First+tree.Ref(t.At(ref).Len)
	paired, pointed := false, false
	if t.Any(ref, tree.NamesPair|tree.PointsTo|tree.SaysKind|tree.SaysSubject|tree.SaysRequest) {
		for c := first; c < end; c++ {
			switch n := t.At(c); {
			case n.Key.Has(tree.NamesPair):
				paired = paired || n.Kind == tree.String && r.names.Secret(n.Str)
			case n.Key.Has(tree.PointsTo):
				pointed = n.Kind == tree.String && r.names.Secret(n.Str) && t.Child(ref, opKey) != 0
			case n.Key.Has(tree.SaysKind):
				in.config = in.config || isConfigKind(n)
			case n.Key.Has(tree.SaysSubject):
				in.config = in.config || r.isAboutConfig(c)
			case n.Key.Has(tree.SaysRequest):
				r.rawVault(ref, c)
			}
		}
	}
	patch := in.config && r.patchesData(first, end)
	for c := first; c < end; c++ {
		key, kind := t.At(c).Key, t.At(c).Kind
		switch {
		case !key.Has(tree.HoldsObject | tree.HoldsData | tree.ValuesPair | tree.Secret): // most
			if kind == tree.String {
				r.text(c, in)
			} else {
				r.value(c, in)
			}
		case key.Has(tree.HoldsObject):
			r.hide(c)
		case in.config && key.Has(tree.HoldsData), (in.secret || paired || patch) && key.Has(tree.ValuesPair):
			r.hideAll(c)
		case key.Has(tree.Secret), pointed && key.Has(tree.ValuesPair):
			r.secret(c, in)
		default:
			r.value(c, in)
		}
	}
}

// facts says what a key means here.
func (n *Names) facts(key string) (facts tree.Facts) {
	if n.Secret(key) {
		facts |= tree.Secret
	}
	switch key {
	case "name", "Name", "key", "Key", "displayName":
		facts |= tree.NamesPair
	case "value", "Value", "values", "Values", "newValue", "NewValue", "oldValue", "OldValue", "new_value", "old_value", "plaintext", "raw":
		facts |= tree.ValuesPair
	case "path":
		facts |= tree.PointsTo
	case "kind":
		facts |= tree.SaysKind
	case "objectRef", "resourceName", "@type":
		facts |= tree.SaysSubject
	case "request":
		facts |= tree.SaysRequest
	case lastApplied:
		facts |= tree.HoldsObject
	}
	if isData(key) {
		facts |= tree.HoldsData
	}
	return facts
}

// LookUnder looks at a value as if it stood under the key. before says that, but for this key, it was looked at before.
func (r *Redactor) LookUnder(key *tree.Key, ref tree.Ref, before bool) {
	switch {
	case r.names.Secret(key.String()):
		r.secret(ref, within{})
	case !before:
		r.value(ref, within{})
	}
}
