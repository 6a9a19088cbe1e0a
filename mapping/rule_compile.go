// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// ValidateRules finds what is wrong with rules and redaction. Each error names its key, and rule and field.
func ValidateRules(rules []Rule, redact Redact) error {
	_, _, err := compile(rules)
	return errors.Join(err, redact.validate())
}

// compile makes rules ready to be used.
func compile(rules []Rule) ([]rule, ottlNeeds, error) {
	var errs []error
	var needs ottlNeeds
	out := make([]rule, len(rules))
	last := ""                   // the rule that takes everything
	named := map[string]string{} // where each name stands
	for i := range rules {
		name := rules[i].Name
		where := fmt.Sprintf("mappings[%d]", i)
		if name == "" {
			name = strconv.Itoa(i)
		} else {
			where += fmt.Sprintf(" (%s)", name)
		}
		c := compiler{where: where, needs: &needs}
		if first, taken := named[name]; taken {
			c.fail("", fmt.Errorf("%s has this name too: give each rule a name of its own, since events and metrics tell rules apart by it", first))
		} else {
			named[name] = where
		}
		if len(rules[i].Unknown) > 0 {
			c.fail("", fmt.Errorf("this has invalid keys: %s: a rule has name, condition, preset, static and fields",
				strings.Join(slices.Sorted(maps.Keys(rules[i].Unknown)), ", ")))
		}
		if last != "" {
			c.fail("", fmt.Errorf("no record gets here, since %s takes every one: give that a condition, or write it last", last))
		}
		out[i] = c.rule(name, &rules[i])
		if out[i].condition == nil && last == "" {
			last = where
		}
		errs = append(errs, c.errs...)
	}
	return out, needs, errors.Join(errs...)
}

// compiler makes one rule ready to be used.
type compiler struct {
	where string
	needs *ottlNeeds
	errs  []error
}

// fail notes an error; key is what of the rule it is about.
func (c *compiler) fail(key string, err error) {
	if key != "" {
		key = "." + key
	}
	c.errs = append(c.errs, fmt.Errorf("%s%s: %w", c.where, key, err))
}

func (c *compiler) rule(name string, from *Rule) rule {
	r := rule{name: name}
	if text := strings.TrimSpace(from.Condition); text != "" && text != "true" {
		r.condition = c.condition("condition", text)
	}
	c.preset(&r, from)
	for _, key := range slices.Sorted(maps.Keys(from.Static)) {
		c.static(&r, key, from.Static[key])
	}
	for _, key := range slices.Sorted(maps.Keys(from.Fields)) {
		if _, both := from.Static[key]; both {
			c.fail("fields."+key, errors.New("this field is in static too: remove it from one of them"))
			continue
		}
		c.fields(&r, key, from.Fields[key])
	}
	// A member stands after the object that it is to be a member of.
	slices.SortStableFunc(r.sources, func(a, b source) int { return strings.Compare(a.member.String(), b.member.String()) })
	return r
}

// condition never returns nil, which would be a rule that takes everything.
func (c *compiler) condition(key, text string) *condition {
	parsed, needs, err := parseCondition(text)
	if err != nil {
		c.fail(key, fmt.Errorf("%q is no OTTL condition: %w", text, err))
		return &condition{}
	}
	c.needs.add(needs)
	return parsed
}

func (c *compiler) preset(r *rule, from *Rule) {
	switch from.Preset {
	case "", presetAuto:
		r.auto = true
	case presetNone:
		r.presets = []*preset.Preset{{Name: presetNone}}
		c.required(from)
	default:
		if r.presets = preset.Named(from.Preset); len(r.presets) == 0 {
			c.fail("preset", fmt.Errorf("there is no preset %q: write one of %s", from.Preset, strings.Join(presetNames(), ", ")))
		}
	}
}

func presetNames() []string {
	names := []string{presetAuto, presetNone}
	for _, p := range preset.All() {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// sourced are the required fields that nothing fills where there is no preset: version has a default, UID is the digest,
// and the time is the log record's.
var sourced = [...]Field{UserIdentityType, UserIdentityPrincipalID, EventSource, EventName}

func (c *compiler) required(from *Rule) {
	for _, f := range sourced {
		_, static := from.Static[f.String()]
		_, field := from.Fields[f.String()]
		if !static && !field {
			c.fail("preset", fmt.Errorf("none gives no %s, which the service requires: write it under static or fields, or name a preset", f))
		}
	}
}

// target reads the name of a field, or of a member of one that is an object: all behind the field's name is its key.
func (c *compiler) target(section, text string) (target, bool) {
	key := section + "." + text
	for f := range numFields {
		spec := &fieldSpecs[f]
		if text == spec.name {
			if f == RecipientAccountID {
				c.fail(key, errors.New("this is always the account that owns the channel, since the service refuses any other: remove it; "+
					"an account of the source's may stand in additionalEventData"))
				return target{}, false
			}
			return target{field: f, text: text}, true
		}
		member, found := strings.CutPrefix(text, spec.name+".")
		if !found || !spec.object {
			continue
		}
		switch {
		case member == "":
			c.fail(key, fmt.Errorf("the member's key is missing: write one as in %s.team", spec.name))
			return target{}, false
		case isOwn(member):
			c.fail(key, fmt.Errorf("keys that begin with %q are the exporter's own: write another", ownPrefix))
			return target{}, false
		}
		return target{field: f, member: tree.NewKey(member), text: text}, true
	}
	c.fail(key, fmt.Errorf("there is no such field: write one of %s; or a member of one that is an object, as in requestParameters.team", fieldNames()))
	return target{}, false
}

func fieldNames() string {
	var names []string
	for f := range numFields {
		if f != RecipientAccountID {
			names = append(names, f.String())
		}
	}
	return strings.Join(names, ", ")
}
