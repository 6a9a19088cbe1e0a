// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// recordPath is an OTTL expression that is nothing but a path into the record. It is followed in the tree, which is ten
// times as fast as OTTL, and tells which value was used.
type recordPath struct {
	root  func(*record.Doc) tree.Ref
	steps []step
}

// step is a key of an object, or an index of a list.
type step struct {
	key   *tree.Key // nil = it is an index
	index int
}

var (
	pathForm = regexp.MustCompile(`^\s*([a-z_.]+)((?:\s*\[\s*(?:"(?:\\.|[^\\"])*"|\d+)\s*\])*)\s*$`)
	stepForm = regexp.MustCompile(`"(?:\\.|[^\\"])*"|\d+`)
)

// pathRoots are the paths of the log context that stand for a value of the record, by their names without "log.".
var pathRoots = map[string]func(*record.Doc) tree.Ref{
	"attributes":                       func(d *record.Doc) tree.Ref { return d.Attributes },
	"body":                             func(d *record.Doc) tree.Ref { return d.LogBody() },
	"cache":                            func(d *record.Doc) tree.Ref { return d.Source },
	"event_name":                       func(d *record.Doc) tree.Ref { return d.EventName },
	"resource.attributes":              func(d *record.Doc) tree.Ref { return d.Resource },
	"scope.attributes":                 func(d *record.Doc) tree.Ref { return d.Scope },
	"scope.name":                       func(d *record.Doc) tree.Ref { return d.ScopeName },
	"scope.version":                    func(d *record.Doc) tree.Ref { return d.ScopeVersion },
	"instrumentation_scope.attributes": func(d *record.Doc) tree.Ref { return d.Scope },
	"instrumentation_scope.name":       func(d *record.Doc) tree.Ref { return d.ScopeName },
	"instrumentation_scope.version":    func(d *record.Doc) tree.Ref { return d.ScopeVersion },
}

// recordPathOf reads an expression that OTTL has accepted.
func recordPathOf(text string) (*recordPath, bool) {
	m := pathForm.FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	name := m[1]
	if len(name) > 4 && name[:4] == "log." {
		name = name[4:]
	}
	root := pathRoots[name]
	if root == nil {
		return nil, false
	}
	p := &recordPath{root: root}
	for _, s := range stepForm.FindAllString(m[2], -1) {
		if s[0] != '"' {
			index, err := strconv.Atoi(s)
			if err != nil {
				return nil, false
			}
			p.steps = append(p.steps, step{index: index})
			continue
		}
		key, err := strconv.Unquote(s)
		if err != nil {
			return nil, false
		}
		p.steps = append(p.steps, step{key: tree.NewKey(key)})
	}
	return p, true
}

var errNotIndexed = errors.New("a path goes on below a single value, or past the end of a list")

// find returns the value at the path, or none. As in OTTL it is an error to go on below a single value.
func (p *recordPath) find(d *record.Doc) (tree.Ref, error) {
	r := p.root(d)
	for i := range p.steps {
		if r == 0 {
			return 0, nil
		}
		s := &p.steps[i]
		switch n := d.At(r); {
		case n.Kind == tree.Null:
			return 0, nil
		case n.Kind == tree.Object && s.key != nil:
			r = d.Child(r, s.key)
		case n.Kind == tree.Array && s.key == nil && s.index < int(n.Len):
			r = n.First + tree.Ref(s.index)
		default:
			return 0, errNotIndexed
		}
	}
	return r, nil
}
