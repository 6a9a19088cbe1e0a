// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// vocabulary is every dotted name that a table here asks for.
var vocabulary record.Vocabulary

// NewDoc returns a Doc in which presets find what they ask for.
func NewDoc() *record.Doc {
	d := record.New(&vocabulary)
	d.Classify(func(key string) (tree.Facts, tree.Word) {
		if len(byMark[key]) > 0 {
			return tree.Marks, tree.Word{}
		}
		return 0, tree.Word{}
	})
	d.Recognise(func(d *record.Doc) bool { return marked(d, d.Source) != nil || namesActor.Holds(d) })
	return d
}

// named gives the first single value that stands under one of some dotted names in the record, its envelopes, attributes or
// resource, flat or nested.
type named struct {
	names  []record.Name
	bits   uint64
	dotted []string // for people
	any    bool     // objects and lists too
}

func names(dotted ...string) Expr {
	return newNamed(dotted, false)
}

func name(dotted string) Expr { return names(dotted) }

func value(dotted string) Expr { return newNamed([]string{dotted}, true) }

func newNamed(dotted []string, anyKind bool) *named {
	n := &named{dotted: dotted, any: anyKind}
	for _, one := range dotted {
		name := vocabulary.Name(one)
		n.names = append(n.names, name)
		n.bits |= name.Bit()
	}
	return n
}

// Eval implements Expr.
func (n *named) Eval(d *record.Doc) tree.Ref {
	if d.Has()&n.bits == 0 {
		return 0 // most
	}
	for _, name := range n.names {
		if v := d.Named(name); v != 0 && (n.any || d.Scalar(v)) {
			return v
		}
	}
	return 0
}

// group gives all that stands under a prefix of dotted names, under those names.
type group struct {
	prefix record.Group
	dotted string // for people
}

func under(prefix string) Part { return group{prefix: vocabulary.Group(prefix), dotted: prefix} }

// Append implements Part.
func (g group) Append(d *record.Doc, to []record.Member) []record.Member {
	return append(to, d.Grouped(g.prefix)...)
}
