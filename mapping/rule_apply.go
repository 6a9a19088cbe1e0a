// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"errors"
	"slices"

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

// ruling is what the rule of a record came to, before the preset has its say.
type ruling struct {
	fields [numFields]ruled
	// named are the members that the rule names; held are those of the objects that it gives.
	named, held []ruledMember
	// used are values of the record that the rule reads by their paths.
	used []tree.Ref
	// notAddress says that a text was given for sourceIPAddress that is none.
	notAddress bool
}

type ruledMember struct {
	field Field
	key   *tree.Key
	value tree.Ref // 0 = it is to be left out
}

func (r *ruling) reset() {
	r.fields = [numFields]ruled{}
	r.named, r.held, r.used = r.named[:0], r.held[:0], r.used[:0]
	r.notAddress = false
}

// forget gives back what only an unusually large record needed.
func (r *ruling) forget() {
	r.named, r.held, r.used = tree.Kept(r.named), tree.Kept(r.held), tree.Kept(r.used)
}

// applyRule takes what the rule says. What it leaves open is the preset's.
func (b *Batch) applyRule() {
	b.ruling.reset()
	if b.rule == nil {
		return
	}
	for i := range b.rule.sources {
		s := &b.rule.sources[i]
		for j := range s.from {
			if b.try(s, &s.from[j]) {
				break
			}
		}
	}
}

// try asks a candidate for the value of a target, and says whether that decides on it.
func (b *Batch) try(s *source, c *candidate) bool {
	v, err := c.value(b)
	if err != nil {
		b.failed(b.rule, s.text, err)
		return false
	}
	if v.removes {
		b.remove(s)
		return true
	}
	if b.doc.Empty(v.ref) && !v.isConstant {
		return false
	}
	switch {
	case s.member != nil:
		b.giveMember(s, v)
	case fieldSpecs[s.field].object:
		b.giveObject(s, v)
	default:
		return b.giveText(s, v)
	}
	return true
}

func (b *Batch) remove(s *source) {
	if s.member == nil {
		b.ruling.fields[s.field] = removed
		return
	}
	b.ruling.named = append(b.ruling.named, ruledMember{field: s.field, key: s.member})
}

func (b *Batch) giveMember(s *source, v value) {
	b.doc.HideUnder(s.member, v.ref, v.inRecord)
	if v.inRecord {
		b.ruling.used = append(b.ruling.used, v.ref)
	}
	b.ruling.named = append(b.ruling.named, ruledMember{field: s.field, key: s.member, value: v.ref})
}

var valueKey = tree.NewKey("value")

// giveObject makes the members of an object those of the field; what is none becomes the member "value".
func (b *Batch) giveObject(s *source, v value) {
	b.ruling.fields[s.field] = given
	if v.inRecord {
		b.ruling.used = append(b.ruling.used, v.ref)
	}
	b.doc.HideUnder(nil, v.ref, v.inRecord)
	n := *b.doc.At(v.ref)
	if n.Kind != tree.Object {
		b.ruling.held = append(b.ruling.held, ruledMember{field: s.field, key: valueKey, value: v.ref})
		return
	}
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		b.ruling.held = append(b.ruling.held, ruledMember{field: s.field, key: b.doc.At(c).Key, value: c})
	}
}

var (
	errNotText = errors.New("the value is a list or an object, and this field is text")
	errNotTime = errors.New("the value is not a time in a form that the exporter reads (OTTL's Time reads others), " +
		"or stands for none, as 0001-01-01T00:00:00Z does")
)

// giveText fills a field that is a string, and says whether the value is of its type. Where it is not, that is counted; but
// for texts that are no address, which are moved, as a preset's are.
func (b *Batch) giveText(s *source, v value) bool {
	b.doc.HideUnder(nil, v.ref, v.inRecord)
	use := v.inRecord
	switch {
	case s.field == EventTime:
		at, zoned, ok := readTime(b.doc.Tree, v.ref)
		if !ok {
			b.failed(b.rule, s.text, errNotTime)
			return false
		}
		b.setTime(at)
		if !zoned {
			b.made.Repaired.Add(EventTime, Filled)
			use = false // the text itself is left over
		}
	case !b.doc.Scalar(v.ref):
		b.failed(b.rule, s.text, errNotText)
		return false
	case s.field == SourceIPAddress:
		raw := b.doc.String(v.ref)
		addr, ok := readAddress(raw)
		if !ok {
			b.ruling.notAddress = true
			return false
		}
		b.setAddress(addr)
		use = use && raw == b.draft.text[SourceIPAddress]
	default:
		b.draft.text[s.field] = b.doc.String(v.ref)
	}
	b.ruling.fields[s.field] = given
	if use {
		b.ruling.used = append(b.ruling.used, v.ref)
	}
	return true
}

// use marks what the rule has read as used, so that it is not left over. It comes after the preset has read, which passes over
// used values: the preset's objects have what they have without the rule.
func (b *Batch) use(values []tree.Ref) {
	for _, v := range values {
		b.doc.Use(v)
		if n := *b.doc.At(v); n.Kind == tree.Object { // the record itself and its attributes are gathered member by member
			for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
				b.doc.Use(c)
			}
		}
	}
}

// overrule takes out the members of a field that the rule names with a value of its own: the preset's are left over then.
func (b *Batch) overrule(f Field, members []record.Member) []record.Member {
	for _, m := range b.ruling.named {
		if m.field == f && m.value != 0 {
			members = slices.DeleteFunc(members, func(x record.Member) bool { return x.Key.Is(m.key) })
		}
	}
	return members
}

// addRuled adds the rule's members of a field.
func (b *Batch) addRuled(f Field) {
	if b.rule == nil {
		return
	}
	members := b.draft.object[f]
	from := len(members)
	for _, m := range b.ruling.held {
		if m.field != f {
			continue
		}
		key := m.key
		if f == AdditionalEventData && isOwn(key.String()) {
			key = b.concatKey("source.", key)
		}
		members = append(members, record.Member{Key: key, Value: m.value})
	}
	members = members[:from+len(b.overrule(f, members[from:]))]
	for _, m := range b.ruling.named {
		if m.field == f && m.value != 0 {
			members = append(members, record.Member{Key: m.key, Value: m.value})
		}
	}
	b.draft.object[f] = members
}

// removeRuled takes out what the rule removes: of a field that is removed, all but our own members and those that the rule
// names with a value.
func (b *Batch) removeRuled() {
	if b.rule == nil {
		return
	}
	for _, f := range objectFields {
		if b.ruling.fields[f] == removed {
			b.draft.object[f] = slices.DeleteFunc(b.draft.object[f], func(x record.Member) bool { return !x.Pinned && !b.gives(f, x) })
		}
	}
	for _, m := range b.ruling.named {
		if m.value == 0 {
			b.draft.object[m.field] = slices.DeleteFunc(b.draft.object[m.field],
				func(x record.Member) bool { return x.Key.Is(m.key) && !x.Pinned })
		}
	}
}

func (b *Batch) gives(f Field, x record.Member) bool {
	return slices.ContainsFunc(b.ruling.named, func(m ruledMember) bool { return m.field == f && m.key.Is(x.Key) && m.value == x.Value })
}
