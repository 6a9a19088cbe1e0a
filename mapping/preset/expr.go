// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Expr finds or makes one value for a record.
type Expr interface {
	// Eval returns the value, or none.
	Eval(d *record.Doc) tree.Ref
}

// Cond is something that holds for a record, or does not.
type Cond interface {
	Holds(d *record.Doc) bool
}

// firstOf gives the value of the first expression that has one which is not empty.
type firstOf struct {
	all   []Expr
	needs sieve
}

func first(all ...Expr) Expr {
	return &firstOf{all: all, needs: sieveFor(all)}
}

// Eval implements Expr.
func (f *firstOf) Eval(d *record.Doc) tree.Ref {
	has := f.needs.has(d)
	for i, bits := range f.needs.bits {
		if bits != 0 && has&bits == 0 {
			continue
		}
		if v := f.all[i].Eval(d); !d.Empty(v) {
			return v
		}
	}
	return 0
}

// constant gives the same text for each record.
type constant string

// Eval implements Expr.
func (c constant) Eval(d *record.Doc) tree.Ref { return d.AddString(string(c)) }

// joined gives the texts of all of its expressions with a separator between them, or nothing where one is missing.
type joined struct {
	separator string
	of        []Expr
}

func join(separator string, of ...Expr) Expr { return joined{separator: separator, of: of} }

// Eval implements Expr.
func (j joined) Eval(d *record.Doc) tree.Ref {
	var buf [128]byte
	text := buf[:0]
	for i, e := range j.of {
		v := e.Eval(d)
		if d.Empty(v) || !d.Scalar(v) {
			return 0
		}
		if i > 0 {
			text = append(text, j.separator...)
		}
		text = append(text, d.String(v)...)
	}
	return d.AddString(d.Text(text))
}

// conditional gives its value where a condition holds.
type conditional struct {
	cond Cond
	then Expr
}

func when(cond Cond, then Expr) Expr { return &conditional{cond: cond, then: then} }

// Eval implements Expr. Most often there is no value, and that is sooner known than the condition.
func (c *conditional) Eval(d *record.Doc) tree.Ref {
	v := c.then.Eval(d)
	if v == 0 || !c.cond.Holds(d) {
		return 0
	}
	return v
}

// field gives one of the log record's own fields.
type field struct {
	name string // for people
	get  func(d *record.Doc) tree.Ref
}

// Eval implements Expr.
func (f field) Eval(d *record.Doc) tree.Ref { return f.get(d) }

var (
	logEventName = field{"the log record's event name", func(d *record.Doc) tree.Ref { return d.EventName }}
	scopeName    = field{"the scope's name", func(d *record.Doc) tree.Ref { return d.ScopeName }}
)

// again gives the text of an expression, and leaves the value itself to the other fields.
func again(of Expr) Expr { return joined{of: []Expr{of}} }
