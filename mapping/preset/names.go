// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"

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
	return d
}

// named gives the single value that stands under a dotted name in the record, its attributes or its resource, flat or
// nested.
type named struct {
	name   record.Name
	dotted string // for people
	any    bool   // objects and lists too
}

func name(dotted string) Expr { return named{name: vocabulary.Name(dotted), dotted: dotted} }

func value(dotted string) Expr {
	return named{name: vocabulary.Name(dotted), dotted: dotted, any: true}
}

// names gives the first of several names that has a value.
func names(dotted ...string) first {
	f := make(first, len(dotted))
	for i, n := range dotted {
		f[i] = name(n)
	}
	return f
}

// Eval implements Expr.
func (n named) Eval(d *record.Doc) tree.Ref {
	v := d.Named(n.name)
	if !n.any && !d.Scalar(v) {
		return 0
	}
	return v
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
