// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"errors"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// Rule says how some records are mapped. The first rule that takes a record maps it.
type Rule struct {
	// Name is for messages and telemetry. Default: the rule's index.
	Name string `mapstructure:"name"`
	// Condition is an OTTL condition in the log context. Default: the rule takes every record.
	Condition string `mapstructure:"condition"`
	// Preset is auto, semconv, none, or the name of a preset. Default: auto.
	Preset string `mapstructure:"preset"`
	// Static are constants, by field.
	Static map[string]any `mapstructure:"static"`
	// Fields are OTTL value expressions, by field: one, or a list, of which the first is taken that gives a value. An item
	// of a list is an expression, or an object of value and condition.
	Fields map[string]any `mapstructure:"fields"`
	// Unknown are keys that a rule does not have. They are gathered, so that the error can name the rule.
	Unknown map[string]any `mapstructure:",remain"`
}

// The presets of a rule that are no source's.
const (
	presetAuto = "auto"
	presetNone = "none"
)

// MappingError is a value that a rule could not give for a record, which the event is without.
type MappingError struct {
	Rule string
	// Field is what of the rule failed: a field's name as the rule has it, "condition", or "preset".
	Field string
	// Cause is why, for whoever writes the rule; nil for a preset that does not fit. It may quote the record: it is not for logs.
	Cause error
}

var (
	errNotText = errors.New("the value is a list or an object, and this field is text")
	errNotTime = errors.New("the value is no time in a form that is read: OTTL's Time reads others")
)

// rule is a Rule that is ready to be used.
type rule struct {
	name      string
	condition *condition // nil = every record
	auto      bool
	presets   []*preset.Preset // unless auto
	sources   []source         // in the order of their targets
}

// target is a field, or a member of one that is an object.
type target struct {
	field  Field
	member *tree.Key // nil = the whole field
	text   string    // as the rule has it
}

// source is where a rule has a target's value from.
type source struct {
	target
	from []candidate
}

// pick finds the rule and the preset that map the record.
func (b *Batch) pick() *preset.Preset {
	b.rule = nil
	rules := b.mapper.rules
	for i := range rules {
		r := &rules[i]
		if r.condition != nil {
			holds, err := r.condition.holds(b)
			if err != nil {
				b.failed(r, "condition", err)
			}
			if err != nil || !holds {
				continue
			}
		}
		b.rule = r
		b.event.Rule = r.name
		return b.presetOf(r)
	}
	return preset.Fitting(b.doc)
}

func (b *Batch) presetOf(r *rule) *preset.Preset {
	if r.auto {
		return preset.Fitting(b.doc)
	}
	for _, p := range r.presets {
		if fits(p, b.doc) {
			return p
		}
	}
	b.failed(r, "preset", nil)
	return &preset.Semconv
}

func fits(p *preset.Preset, d *record.Doc) bool {
	if p.Encoding != "" {
		if format := d.Child(d.Scope, preset.EncodingFormat); format == 0 || d.String(format) != p.Encoding {
			return false
		}
	}
	return p.Fits == nil || p.Fits.Holds(d)
}

func (b *Batch) failed(r *rule, field string, cause error) {
	b.event.Errors = append(b.event.Errors, MappingError{Rule: r.name, Field: field, Cause: cause})
}

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
	// used are values of the record that the rule reads by their paths: of fields that are strings, and of objects.
	used, usedByObjects []tree.Ref
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
	r.named, r.held, r.used, r.usedByObjects = r.named[:0], r.held[:0], r.used[:0], r.usedByObjects[:0]
	r.notAddress = false
}

// forget gives back what only an unusually large record needed.
func (r *ruling) forget() {
	r.named, r.held, r.used, r.usedByObjects = tree.Kept(r.named), tree.Kept(r.held), tree.Kept(r.used), tree.Kept(r.usedByObjects)
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
	if b.doc.Empty(v.ref) {
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
		b.ruling.usedByObjects = append(b.ruling.usedByObjects, v.ref)
	}
	b.ruling.named = append(b.ruling.named, ruledMember{field: s.field, key: s.member, value: v.ref})
}

var valueKey = tree.NewKey("value")

// giveObject makes the members of an object those of the field; what is none becomes the member "value".
func (b *Batch) giveObject(s *source, v value) {
	b.ruling.fields[s.field] = given
	if v.inRecord {
		b.ruling.usedByObjects = append(b.ruling.usedByObjects, v.ref)
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
			b.event.Repaired.add(EventTime, Filled)
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
