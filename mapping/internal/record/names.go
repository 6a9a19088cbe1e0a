// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"slices"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Vocabulary is a set of dotted names, as semantic conventions have them, and of prefixes of such names. A Doc finds
// all of them in one pass over the record, whether a name stands there flat ("user.id") or nested ({"user":{"id":…}}).
// It is filled when the program starts and only read afterwards.
type Vocabulary struct {
	entries map[string]entry
	fields  map[string]Field
	names   int
	groups  int
}

// entry is what a vocabulary knows of a dotted path.
type entry struct {
	name   Name  // 0 = none
	group  Group // of the names that begin with this path and a dot; 0 = none
	prefix bool  // longer names begin with this path and a dot
}

// Name is a name of a vocabulary.
type Name uint16

// Group is a prefix of a vocabulary.
type Group uint16

// Name returns the vocabulary's number for a dotted name, which it adds where it is new.
func (v *Vocabulary) Name(dotted string) Name {
	e := v.entry(dotted)
	if e.name == 0 {
		v.names++
		e.name = Name(v.names)
		v.entries[dotted] = e
	}
	return e.name
}

// Group returns the vocabulary's number for all names that begin with prefix and a dot. The longest prefix wins.
func (v *Vocabulary) Group(prefix string) Group {
	e := v.entry(prefix)
	if e.group == 0 {
		v.groups++
		e.group, e.prefix = Group(v.groups), true
		v.entries[prefix] = e
	}
	return e.group
}

func (v *Vocabulary) entry(dotted string) entry {
	if v.entries == nil {
		v.entries = map[string]entry{}
	}
	for i := range dotted {
		if dotted[i] == '.' {
			e := v.entries[dotted[:i]]
			e.prefix = true
			v.entries[dotted[:i]] = e
		}
	}
	return v.entries[dotted]
}

// word returns what the vocabulary knows of a path. group is that of the longest prefix of the path that ends before from.
func (v *Vocabulary) word(path []byte, from int, group Group) tree.Word {
	for i := from; i < len(path); i++ {
		if path[i] != '.' {
			continue
		}
		e := v.entries[string(path[:i])]
		if !e.prefix { // most keys begin with no known word
			break
		}
		if e.group != 0 {
			group = e.group
		}
	}
	e := v.entries[string(path)]
	return tree.Word{Name: uint16(e.name), Group: uint16(group), Opens: uint16(e.group), Prefix: e.prefix}
}

// index is where a record has the names of a vocabulary.
type index struct {
	of     *Vocabulary
	made   bool // for this record
	names  []tree.Ref
	has    uint64 // the bits of the names that have a value
	groups [][]Member
	path   []byte
	// grouping says whether what is indexed at the moment belongs in groups.
	grouping bool
}

// join appends key to at, in the index's own memory.
func (x *index) join(at []byte, key string) []byte {
	path := append(at, key...)
	if cap(path) > cap(x.path) {
		x.path = path
	}
	return path
}

// Bit returns a bit that the name shares with few others.
func (n Name) Bit() uint64 { return 1 << (n % 64) }

// Bit returns a bit that the group shares with few others.
func (g Group) Bit() uint64 { return 1 << (63 - g%64) }

// Has returns the bits of all names and groups that have a value: one whose bit is not there has none.
func (d *Doc) Has() uint64 {
	if !d.names.made {
		d.index()
	}
	return d.names.has
}

// Named returns the first value that is not empty of those that stand under the name: in the source's record, its
// envelopes, the attributes, the resource.
func (d *Doc) Named(n Name) tree.Ref {
	if !d.names.made {
		d.index()
	}
	return d.names.names[n]
}

// Grouped returns the values under the group's prefix, under their full dotted names.
func (d *Doc) Grouped(g Group) []Member {
	if !d.names.made {
		d.index()
	}
	return d.names.groups[g]
}

func (d *Doc) index() {
	x := &d.names
	x.made = true
	if len(x.names) <= x.of.names {
		x.names = make([]tree.Ref, x.of.names+1)
		x.groups = make([][]Member, x.of.groups+1)
	}
	x.has = 0
	clear(x.names)
	for i := range x.groups {
		x.groups[i] = x.groups[i][:0]
	}
	x.grouping = true
	d.indexObject(d.Source, x.path[:0], 0)
	known := d.Attributes == d.Source
	for _, envelope := range slices.Backward(d.own()) {
		d.indexObject(envelope, x.path[:0], 0)
		known = known || envelope == d.Attributes
	}
	if !known {
		d.indexObject(d.Attributes, x.path[:0], 0)
	}
	x.grouping = false // what a resource says of url.* or db.* is no request
	d.indexObject(d.Resource, x.path[:0], 0)
}

// indexObject notes what it knows under object r, whose own path is at. inherited is the group that r lies in.
func (d *Doc) indexObject(r tree.Ref, at []byte, inherited Group) {
	x := &d.names
	n := d.At(r)
	for c, end := n.First, n.First+tree.Ref(n.Len); c < end; c++ {
		child := d.At(c)
		if child.Used {
			continue // the record in its envelope, or an attribute that repeats it
		}
		key, word := child.Key, child.Key.Word
		if len(at) > 0 {
			word = x.of.word(x.join(at, key.String()), len(at), inherited)
		}
		if word == (tree.Word{}) || d.Empty(c) {
			continue
		}
		if word.Name != 0 && x.names[word.Name] == 0 {
			x.names[word.Name] = c
			x.has |= Name(word.Name).Bit()
		}
		switch group := Group(word.Group); {
		case child.Kind == tree.Object && (word.Prefix || group != 0):
			if word.Opens != 0 {
				group = Group(word.Opens)
			}
			d.indexObject(c, append(x.join(at, key.String()), '.'), group)
		case group != 0 && x.grouping:
			if len(at) > 0 {
				key = d.Key(d.Text(x.join(at, key.String())))
			}
			x.has |= group.Bit()
			x.groups[group] = append(x.groups[group], Member{Key: key, Value: c})
		}
	}
}
