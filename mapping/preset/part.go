// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"slices"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Part gives some of the members of an object field.
type Part interface {
	// Append appends the members that the record has.
	Append(d *record.Doc, to []record.Member) []record.Member
}

// Parts gives the members of an object field.
type Parts struct {
	all   []Part
	needs sieve
}

func parts(all ...Part) Parts {
	return Parts{all: all, needs: sieveFor(all)}
}

// Append appends the members that the record has.
func (p *Parts) Append(d *record.Doc, to []record.Member) []record.Member {
	has := p.needs.has(d)
	for i, bits := range p.needs.bits {
		if bits == 0 || has&bits != 0 {
			to = p.all[i].Append(d, to)
		}
	}
	return to
}

// one is one member of an object field.
type one struct {
	key   *tree.Key
	value Expr
}

func member(key string, value Expr) Part { return one{key: tree.NewKey(key), value: value} }

// Append implements Part.
func (m one) Append(d *record.Doc, to []record.Member) []record.Member {
	v := m.value.Eval(d)
	if d.Empty(v) || d.At(v).Used {
		return to // what stands in another field already is not said again
	}
	return append(to, record.Member{Key: m.key, Value: v})
}

var valueKey = tree.NewKey("value")

// spread is an object whose members become members of the field. What is no object becomes a member "value".
type spread struct{ of Expr }

// Append implements Part.
func (s spread) Append(d *record.Doc, to []record.Member) []record.Member {
	v := s.of.Eval(d)
	if d.Empty(v) {
		return to
	}
	n := d.At(v)
	if n.Kind != tree.Object {
		return append(to, record.Member{Key: valueKey, Value: v})
	}
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		to = append(to, record.Member{Key: d.At(c).Key, Value: c})
	}
	return to
}

// pairs is a list of objects that each hold a name and a value, as [{"name": "a", "value": 1}]: it becomes the members
// a: 1. What else such an object holds is left over.
type pairs struct {
	in         Expr
	key, value string
}

// Append implements Part.
func (p pairs) Append(d *record.Doc, to []record.Member) []record.Member {
	list := p.in.Eval(d)
	if list == 0 || d.At(list).Kind != tree.Array {
		return to
	}
	n, keyKey, valueKey := *d.At(list), d.Key(p.key), d.Key(p.value)
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		key, value := d.Child(c, keyKey), d.Child(c, valueKey)
		if value == 0 || d.Empty(key) || !d.Scalar(key) {
			continue
		}
		d.Use(key)
		to = append(to, record.Member{Key: d.Key(d.String(key)), Value: value})
	}
	return to
}

// others is the members of an object that no field has taken before, and that are not empty.
type others struct{ of Expr }

// Append implements Part.
func (o others) Append(d *record.Doc, to []record.Member) []record.Member {
	v := o.of.Eval(d)
	if v == 0 || d.At(v).Kind != tree.Object {
		return to
	}
	n := *d.At(v)
	before := len(to) // what comes from here on is no member twice
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		if !d.At(c).Used && !d.Empty(c) && !holds(to[:before], c) {
			to = append(to, record.Member{Key: d.At(c).Key, Value: c})
		}
	}
	return to
}

func holds(members []record.Member, v tree.Ref) bool {
	return slices.ContainsFunc(members, func(m record.Member) bool { return m.Value == v })
}
