// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// at gives what stands at a path in the source's record: keys of objects, indices of lists.
type at struct {
	field record.Field // the first of the steps
	path  []*tree.Key
}

func path(steps ...string) Expr {
	return at{field: vocabulary.Field(steps[0]), path: tree.NewPath(steps...)}
}

// Eval implements Expr.
func (a at) Eval(d *record.Doc) tree.Ref {
	r := d.Field(a.field)
	if r == 0 || len(a.path) == 1 {
		return r
	}
	return d.Path(r, a.path[1:]...)
}

// near gives what stands at a path in the source's record, or else in the nearest of its envelopes.
type near []*tree.Key

func outer(steps ...string) Expr { return near(tree.NewPath(steps...)) }

// Eval implements Expr.
func (o near) Eval(d *record.Doc) tree.Ref { return d.Outer(o...) }

// aroundIt gives what stands under a key in the nearest envelope of the record alone.
type aroundIt struct{ key *tree.Key }

func around(key string) Expr { return aroundIt{tree.NewKey(key)} }

// Eval implements Expr.
func (a aroundIt) Eval(d *record.Doc) tree.Ref { return d.Around(a.key) }

// memberOf gives what stands under a key in the record or the nearest of its envelopes that has another key.
type memberOf struct{ has, key *tree.Key }

func where(has, key string) Expr { return memberOf{tree.NewKey(has), tree.NewKey(key)} }

// Eval implements Expr.
func (m memberOf) Eval(d *record.Doc) tree.Ref {
	if d.Child(d.Source, m.has) != 0 {
		return d.Child(d.Source, m.key)
	}
	for _, envelope := range slices.Backward(d.Envelopes) {
		if d.Child(envelope, m.has) != 0 {
			return d.Child(envelope, m.key)
		}
	}
	return 0
}

// attributeOf gives one of the log record's attributes, by its whole key.
type attributeOf struct{ key *tree.Key }

func attribute(key string) Expr { return attributeOf{tree.NewKey(key)} }

// Eval implements Expr.
func (a attributeOf) Eval(d *record.Doc) tree.Ref { return d.Child(d.Attributes, a.key) }

// anyPlace gives the first value that stands under one of some keys in the source's record, else in the nearest of its
// envelopes, or else, where all of these have none, among the log record's attributes.
type anyPlace []*tree.Key

// Eval implements Expr.
func (a anyPlace) Eval(d *record.Doc) tree.Ref {
	for i := range a {
		if v := d.Outer(a[i : i+1]...); !d.Empty(v) {
			return v
		}
	}
	for _, key := range a {
		if v := d.Child(d.Attributes, key); !d.Empty(v) {
			return v
		}
	}
	return 0
}

// below gives what stands at a path below the value of an expression.
type below struct {
	of   Expr
	path []*tree.Key
}

// Eval implements Expr.
func (b below) Eval(d *record.Doc) tree.Ref { return d.Path(b.of.Eval(d), b.path...) }

// listed gives, of a list of objects, a member of the first one whose key has a value: in [{"name": "a", "value": 1}], the
// value where the name is a.
type listed struct {
	in         Expr
	key, equal string
	member     string
}

// Eval implements Expr.
func (l listed) Eval(d *record.Doc) tree.Ref {
	list := l.in.Eval(d)
	if list == 0 {
		return 0
	}
	n := *d.At(list)
	if n.Kind != tree.Array {
		return 0
	}
	key := d.Key(l.key)
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		if k := d.Child(c, key); k != 0 && d.Scalar(k) && d.String(k) == l.equal {
			return d.Child(c, d.Key(l.member))
		}
	}
	return 0
}

// changed gives the text of an expression, changed.
type changed struct {
	of   Expr
	says string // for people: what is done to the text
	by   func(string) string
}

// Eval implements Expr.
func (c changed) Eval(d *record.Doc) tree.Ref {
	v := c.of.Eval(d)
	if d.Empty(v) || !d.Scalar(v) {
		return 0
	}
	was := d.String(v)
	is := c.by(was)
	if is == was {
		return v
	}
	return d.AddString(is)
}

func lower(of Expr) Expr { return changed{of: of, says: "in lower case", by: strings.ToLower} }

// before gives the text up to a separator, all of it where there is none.
func before(separator string, of Expr) Expr {
	return changed{of: of, says: "up to " + strconv.Quote(separator), by: func(s string) string { s, _, _ = strings.Cut(s, separator); return s }}
}

// utc gives a time that is one in UTC where its text says no zone.
func utc(of Expr) Expr {
	return changed{of: of, says: "in UTC", by: func(s string) string {
		if zoneless.MatchString(s) {
			return s + "Z"
		}
		return s
	}}
}

var zoneless = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$`)

// words gives another text for each of some, and nothing for all others.
type words struct {
	of Expr
	as map[string]string
}

// Eval implements Expr.
func (w words) Eval(d *record.Doc) tree.Ref {
	v := w.of.Eval(d)
	if d.Empty(v) || !d.Scalar(v) {
		return 0
	}
	if text, ok := w.as[d.String(v)]; ok {
		return d.AddString(text)
	}
	return 0
}

// digest gives the SHA-256 of a text in hexadecimal: for ids that have to fit AuditEvent.id.
func digest(of Expr) Expr {
	return changed{of: of, says: "as its SHA-256", by: func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return hex.EncodeToString(sum[:])
	}}
}
