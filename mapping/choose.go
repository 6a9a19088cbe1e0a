// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// choice is the first stage's result: what maps a record.
type choice struct {
	rule   *rule // that took the record; nil = none
	preset *preset.Preset
	errors []MappingError
}

// ruleName returns the name of the rule, "" without one.
func (c *choice) ruleName() string {
	if c.rule == nil {
		return ""
	}
	return c.rule.name
}

func (c *choice) failed(r *rule, field string, cause error) {
	c.errors = append(c.errors, MappingError{Rule: r.name, Field: field, Cause: cause})
}

// chooser finds the rule and the preset that map a record.
type chooser struct {
	doc   *record.Doc
	ottl  *ottlContext
	rules []rule

	out choice
}

// choose returns the first rule that takes the record, and the preset. The result is valid until the next record.
func (c *chooser) choose() *choice {
	c.out = choice{errors: c.out.errors[:0]}
	for i := range c.rules {
		r := &c.rules[i]
		if r.condition != nil {
			holds, err := r.condition.holds(c.ottl)
			if err != nil {
				c.out.failed(r, "condition", err)
			}
			if err != nil || !holds {
				continue
			}
		}
		c.out.rule = r
		c.out.preset = c.presetOf(r)
		return &c.out
	}
	c.out.preset = preset.Fitting(c.doc)
	return &c.out
}

func (c *chooser) presetOf(r *rule) *preset.Preset {
	if r.auto {
		return preset.Fitting(c.doc)
	}
	for _, p := range r.presets {
		if p.Takes(c.doc) {
			return p
		}
	}
	c.out.failed(r, "preset", nil)
	return &preset.Semconv
}
