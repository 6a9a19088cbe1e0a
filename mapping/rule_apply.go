// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"errors"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// ruled is what a rule says of a field.
type ruled uint8

const (
	unruled ruled = iota
	given         // the rule has a value for it
	removed       // it is to be left out
)

// overlay is what the rule of a record came to, before the preset has its say.
type overlay struct {
	*choice
	texts
	fields [numFields]ruled
	// named are the members that the rule names; held are those of the objects that it gives.
	named, held []ruledMember
	// used are values of the record that the rule reads by their paths.
	used []tree.Ref
	// notAddress reports whether the rule gave a text for sourceIPAddress that is not an address.
	notAddress bool
	repaired   Repairs
}

type ruledMember struct {
	field Field
	key   *tree.Key
	value tree.Ref // 0 = it is to be left out
}

func (o *overlay) reset(c *choice) {
	o.choice, o.texts = c, texts{}
	o.fields = [numFields]ruled{}
	o.named, o.held, o.used = o.named[:0], o.held[:0], o.used[:0]
	o.notAddress, o.repaired = false, Repairs{}
}

// ruler applies the rule of a record.
type ruler struct {
	doc  *record.Doc
	ottl *ottlContext

	out overlay
}

// forget gives back what only an unusually large record needed.
func (r *ruler) forget() {
	o := &r.out
	o.named, o.held, o.used = tree.Kept(o.named), tree.Kept(o.held), tree.Kept(o.used)
}

// apply takes what the rule says. What it leaves open is the preset's. The result is valid until the next record.
func (r *ruler) apply(c clean) *overlay {
	r.out.reset(c.choice)
	defer r.ottl.close()
	if c.rule == nil {
		return &r.out
	}
	for i := range c.rule.sources {
		s := &c.rule.sources[i]
		for j := range s.from {
			if r.try(s, &s.from[j]) {
				break
			}
		}
	}
	return &r.out
}

// try asks a candidate for the value of a target, and says whether that decides on it.
func (r *ruler) try(s *source, c *candidate) bool {
	v, err := c.value(r.ottl)
	if err != nil {
		r.out.failed(r.out.rule, s.text, err)
		return false
	}
	if v.removes {
		r.remove(s)
		return true
	}
	if r.doc.Empty(v.ref) && !v.isConstant {
		return false
	}
	switch {
	case s.member != nil:
		r.giveMember(s, v)
	case fieldSpecs[s.field].object:
		r.giveObject(s, v)
	default:
		return r.giveText(s, v)
	}
	return true
}

func (r *ruler) remove(s *source) {
	if s.member == nil {
		r.out.fields[s.field] = removed
		return
	}
	r.out.named = append(r.out.named, ruledMember{field: s.field, key: s.member})
}

func (r *ruler) giveMember(s *source, v value) {
	r.doc.HideUnder(s.member, v.ref, v.inRecord)
	if v.inRecord {
		r.out.used = append(r.out.used, v.ref)
	}
	r.out.named = append(r.out.named, ruledMember{field: s.field, key: s.member, value: v.ref})
}

var valueKey = tree.NewKey("value")

// giveObject makes the members of an object those of the field; what is none becomes the member "value".
func (r *ruler) giveObject(s *source, v value) {
	r.out.fields[s.field] = given
	if v.inRecord {
		r.out.used = append(r.out.used, v.ref)
	}
	r.doc.HideUnder(nil, v.ref, v.inRecord)
	n := *r.doc.At(v.ref)
	if n.Kind != tree.Object {
		r.out.held = append(r.out.held, ruledMember{field: s.field, key: valueKey, value: v.ref})
		return
	}
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		r.out.held = append(r.out.held, ruledMember{field: s.field, key: r.doc.At(c).Key, value: c})
	}
}

var (
	errNotText = errors.New("the value is a list or an object, and this field is text")
	errNotTime = errors.New("the value is not a time in a form that the exporter reads (OTTL's Time reads others), " +
		"or stands for none, as 0001-01-01T00:00:00Z does")
)

// giveText fills a field that is a string, and says whether the value is of its type. Where it is not, that is counted; but
// for texts that are no address, which are moved, as a preset's are.
func (r *ruler) giveText(s *source, v value) bool {
	r.doc.HideUnder(nil, v.ref, v.inRecord)
	use := v.inRecord
	switch {
	case s.field == EventTime:
		at, zoned, ok := readTime(r.doc.Tree, v.ref)
		if !ok {
			r.out.failed(r.out.rule, s.text, errNotTime)
			return false
		}
		r.out.setTime(r.doc, at)
		if !zoned {
			r.out.repaired.Add(EventTime, Filled)
			use = false // the text itself is left over
		}
	case !r.doc.Scalar(v.ref):
		r.out.failed(r.out.rule, s.text, errNotText)
		return false
	case s.field == SourceIPAddress:
		raw := r.doc.String(v.ref)
		addr, ok := readAddress(raw)
		if !ok {
			r.out.notAddress = true
			return false
		}
		r.out.setAddress(r.doc, addr)
		use = use && raw == r.out.text[SourceIPAddress]
	default:
		r.out.text[s.field] = r.doc.String(v.ref)
	}
	r.out.fields[s.field] = given
	if use {
		r.out.used = append(r.out.used, v.ref)
	}
	return true
}
