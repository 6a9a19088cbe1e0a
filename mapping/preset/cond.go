// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// anyOf holds where one of its conditions does.
type anyOf []Cond

// Holds implements Cond.
func (a anyOf) Holds(d *record.Doc) bool {
	for _, c := range a {
		if c.Holds(d) {
			return true
		}
	}
	return false
}

type not struct{ cond Cond }

// Holds implements Cond.
func (n not) Holds(d *record.Doc) bool { return !n.cond.Holds(d) }

// present holds where one of its expressions has a value that is not empty.
type present []Expr

// Holds implements Cond.
func (p present) Holds(d *record.Doc) bool {
	for _, e := range p {
		if !d.Empty(e.Eval(d)) {
			return true
		}
	}
	return false
}

// isOneOf holds where the text of an expression is one of some words.
type isOneOf struct {
	value Expr
	words []string
}

func is(value Expr, words ...string) Cond { return isOneOf{value: value, words: words} }

// Holds implements Cond.
func (o isOneOf) Holds(d *record.Doc) bool {
	v := o.value.Eval(d)
	if !d.Scalar(v) {
		return false
	}
	return slices.Contains(o.words, d.String(v))
}

// atLeast holds where an expression is a whole number that is no less than a bound.
type atLeast struct {
	value Expr
	bound int64
}

// Holds implements Cond.
func (a atLeast) Holds(d *record.Doc) bool {
	v := a.value.Eval(d)
	if v == 0 {
		return false
	}
	n, ok := d.Int64(v)
	return ok && n >= a.bound
}

// allOf holds where all of its conditions do.
type allOf []Cond

// Holds implements Cond.
func (a allOf) Holds(d *record.Doc) bool {
	for _, c := range a {
		if !c.Holds(d) {
			return false
		}
	}
	return true
}

// kind holds where an expression has a value of a kind.
type kind struct {
	value Expr
	of    tree.Kind
	says  string // for people: what the kind is called
}

func isString(value Expr) Cond { return kind{value: value, of: tree.String, says: "text"} }

func isObject(value Expr) Cond { return kind{value: value, of: tree.Object, says: "an object"} }

func isList(value Expr) Cond { return kind{value: value, of: tree.Array, says: "a list"} }

// Holds implements Cond.
func (k kind) Holds(d *record.Doc) bool {
	v := k.value.Eval(d)
	return v != 0 && d.At(v).Kind == k.of
}

// text holds where the text of an expression is as a function wants it.
type text struct {
	value Expr
	says  string // for people: what is asked of the text
	is    func(string) bool
}

func hasPrefix(value Expr, prefix string) Cond {
	return text{value: value, says: "begins with " + strconv.Quote(prefix), is: func(s string) bool { return strings.HasPrefix(s, prefix) }}
}

func hasSuffix(value Expr, suffix string) Cond {
	return text{value: value, says: "ends in " + strconv.Quote(suffix), is: func(s string) bool { return strings.HasSuffix(s, suffix) }}
}

func matches(value Expr, pattern string) Cond {
	return text{value: value, says: "matches " + strconv.Quote(pattern), is: regexp.MustCompile(pattern).MatchString}
}

// Holds implements Cond.
func (x text) Holds(d *record.Doc) bool {
	v := x.value.Eval(d)
	return v != 0 && d.Scalar(v) && x.is(d.String(v))
}

// anywhere holds where one of the values that a path names is some word.
type anywhere struct {
	path eachAt
	word string
}

// Holds implements Cond.
func (a anywhere) Holds(d *record.Doc) bool {
	found := false
	a.path.each(d, d.Source, func(v tree.Ref) {
		found = found || d.Scalar(v) && d.String(v) == a.word
	})
	return found
}

// hasOnly holds where an expression is an object with no keys but some.
type hasOnly struct {
	value Expr
	keys  []string
}

func only(value Expr, keys ...string) Cond { return hasOnly{value: value, keys: keys} }

// Holds implements Cond.
func (o hasOnly) Holds(d *record.Doc) bool {
	v := o.value.Eval(d)
	if v == 0 || d.At(v).Kind != tree.Object {
		return false
	}
	n := d.At(v)
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		if !slices.Contains(o.keys, d.At(c).Key.String()) {
			return false
		}
	}
	return true
}
