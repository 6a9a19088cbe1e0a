// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Part gives some of the members of an object field.
type Part interface {
	// Append appends the members that the record has.
	Append(d *record.Doc, to []record.Member) []record.Member
}

// member is one member of an object field.
type member struct {
	key   string
	value Expr
}

// Append implements Part.
func (m member) Append(d *record.Doc, to []record.Member) []record.Member {
	v := m.value.Eval(d)
	if d.Empty(v) || d.At(v).Used {
		return to // what stands in another field already is not said again
	}
	return append(to, record.Member{Key: m.key, Value: v})
}

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
		return append(to, record.Member{Key: "value", Value: v})
	}
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		to = append(to, record.Member{Key: d.At(c).Key, Value: c})
	}
	return to
}
