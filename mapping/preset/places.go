// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// eachAt is a path in the source's record in which the step * stands for each item of a list. As an expression it gives
// the first value; Places gives them all.
type eachAt []*tree.Key

func every(steps ...string) eachAt { return eachAt(tree.NewPath(steps...)) }

// Eval implements Expr.
func (e eachAt) Eval(d *record.Doc) tree.Ref {
	found := tree.Ref(0)
	e.each(d, d.Source, func(v tree.Ref) {
		if found == 0 {
			found = v
		}
	})
	return found
}

func (e eachAt) each(d *record.Doc, r tree.Ref, f func(tree.Ref)) {
	for i, step := range e {
		if step.String() != "*" {
			if r = d.Path(r, step); r == 0 {
				return
			}
			continue
		}
		if n := *d.At(r); n.Kind == tree.Array {
			for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
				e[i+1:].each(d, c, f)
			}
		}
		return
	}
	f(r)
}

// Places calls f with each value that an expression stands for: with one, or with several where it is a path that names
// each item of a list.
func Places(e Expr, d *record.Doc, f func(tree.Ref)) {
	switch e := e.(type) {
	case eachAt:
		e.each(d, d.Source, f)
	case *conditional:
		if e.Eval(d) != 0 {
			Places(e.then, d, f)
		}
	default:
		if v := e.Eval(d); v != 0 {
			f(v)
		}
	}
}
