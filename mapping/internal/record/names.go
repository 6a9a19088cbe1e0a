// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// Vocabulary is a set of dotted names, as semantic conventions have them, and of prefixes of such names. A Doc finds
// all of them in one pass over the record, whether a name stands there flat ("user.id") or nested ({"user":{"id":…}}).
// It is filled when the program starts and only read afterwards.
type Vocabulary struct {
	entries map[string]entry
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

// index is where a record has the names of a vocabulary.
type index struct {
	of     *Vocabulary // nil = not made for this record yet
	names  []tree.Ref
	groups [][]Member
	path   []byte
	// grouping says whether what is indexed at the moment belongs in groups.
	grouping bool
}

func (x *index) forget() { x.of = nil }

// Named returns the first value that is not empty of those that stand under the name: in the source's record, the
// attributes, the resource.
func (d *Doc) Named(v *Vocabulary, n Name) tree.Ref {
	d.index(v)
	return d.names.names[n]
}

// Grouped returns the values under the group's prefix, under their full dotted names.
func (d *Doc) Grouped(v *Vocabulary, g Group) []Member {
	d.index(v)
	return d.names.groups[g]
}

func (d *Doc) index(v *Vocabulary) {
	x := &d.names
	if x.of == v {
		return
	}
	x.of = v
	if len(x.names) <= v.names {
		x.names = make([]tree.Ref, v.names+1)
		x.groups = make([][]Member, v.groups+1)
	}
	clear(x.names)
	for i := range x.groups {
		x.groups[i] = x.groups[i][:0]
	}
	x.grouping = true
	d.indexObject(d.Source, x.path[:0], 0)
	if d.Attributes != d.Source {
		d.indexObject(d.Attributes, x.path[:0], 0)
	}
	x.grouping = false // what a resource says of url.* or db.* is no request
	d.indexObject(d.Resource, x.path[:0], 0)
}

// indexObject notes what it knows under object r, whose own path is at. inherited is the group that r lies in.
func (d *Doc) indexObject(r tree.Ref, at []byte, inherited Group) {
	x := &d.names
	n := d.At(r)
	first, last := n.First, n.First+tree.Ref(n.Len)
	for c := first; c < last; c++ {
		if d.At(c).Used {
			continue // an attribute that repeats the source's record
		}
		key := d.At(c).Key
		path := append(at, key...)
		e, group := x.of.entries[string(path)], inherited
		if g, known := x.of.groupOf(path, len(at)); known {
			group = g
		}
		if e.name != 0 && x.names[e.name] == 0 && !d.Empty(c) {
			x.names[e.name] = c
		}
		switch {
		case d.At(c).Kind == tree.Object && (e.prefix || group != 0):
			if e.group != 0 {
				group = e.group
			}
			d.indexObject(c, append(path, '.'), group)
		case group != 0 && x.grouping && !d.Empty(c):
			x.groups[group] = append(x.groups[group], Member{Key: d.memberKey(key, at, path), Value: c})
		}
		if cap(path) > cap(x.path) {
			x.path = path
		}
	}
}

// groupOf returns the group of the longest prefix of path that is one, among those that end at or after from: shorter
// ones the caller knows. Most keys begin with no known word, which the first look-up tells.
func (v *Vocabulary) groupOf(path []byte, from int) (Group, bool) {
	group, known := Group(0), false
	for i := from; i < len(path); i++ {
		if path[i] != '.' {
			continue
		}
		e := v.entries[string(path[:i])]
		if !e.prefix {
			break
		}
		if e.group != 0 {
			group, known = e.group, true
		}
	}
	return group, known
}

// memberKey returns the full name of a value: its key, where that is all of it.
func (d *Doc) memberKey(key string, at, path []byte) string {
	if len(at) == 0 {
		return key
	}
	return d.Text(path)
}
