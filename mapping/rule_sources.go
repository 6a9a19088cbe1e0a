// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// static adds a constant.
func (c *compiler) static(r *rule, text string, v any) {
	to, ok := c.target("static", text)
	if !ok {
		return
	}
	key := "static." + text
	if to.member == nil && !fieldSpecs[to.field].object {
		s, err := constantText(v)
		if err == nil {
			err = checkConstant(to.field, s)
		}
		if err != nil {
			c.fail(key, err)
			return
		}
	} else if !c.checkMembers(key, v) {
		return
	}
	constant := pcommon.NewValueEmpty()
	if err := constant.FromRaw(v); err != nil {
		c.fail(key, errors.New("this is not a constant: write a text, true or false, a list or an object"))
		return
	}
	r.sources = append(r.sources, source{target: to, from: []candidate{{constant: constant}}})
}

// The errors do not show the value: it may be a secret.
var (
	errNothing = errors.New("there is nothing here: write a text, or remove it; an environment variable that is not set gives nothing; " +
		"to remove what a preset has, write nil under fields")
	errNotConstantText = errors.New(`this is not text: write it in quotes, as in "00042"; without quotes YAML reads 00042 as the number 34`)
	errNumber          = fmt.Errorf(`%w; to store a number, write an expression in quotes under fields, as in requestParameters.retries: "3"`,
		errNotConstantText)
)

// constantText returns the text of a constant.
func constantText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil:
		return "", errNothing
	default:
		return "", errNotConstantText
	}
}

// checkMembers reports whether a constant holds nothing that YAML may have changed. Numbers and times have lost the text that stood in
// the configuration: zeros, digits, and how they were written. CloudTrail Lake stores the members of objects as texts.
func (c *compiler) checkMembers(key string, v any) bool {
	switch v := v.(type) {
	case string, bool:
		return true
	case nil:
		c.fail(key, errNothing)
		return false
	case []any:
		ok := true
		for i, item := range v {
			ok = c.checkMembers(fmt.Sprintf("%s[%d]", key, i), item) && ok
		}
		return ok
	case map[string]any:
		ok := true
		for _, member := range slices.Sorted(maps.Keys(v)) {
			ok = c.checkMembers(key+"."+member, v[member]) && ok
		}
		return ok
	default:
		c.fail(key, errNumber)
		return false
	}
}

// checkConstant finds a constant that no event could have.
func checkConstant(f Field, s string) error {
	switch f {
	case EventTime:
		if _, ok := parseTime(s); !ok {
			return fmt.Errorf("%q is no time: write one as in 2026-03-04T05:06:07Z", s)
		}
	case SourceIPAddress:
		if _, ok := readAddress(s); !ok {
			return fmt.Errorf("%q is no IP address: write one, or remove this", s)
		}
	default:
		if strings.TrimSpace(s) == "" {
			return errors.New("this is empty: write a text, or remove it")
		}
		if n, most := utf8.RuneCountInString(s), fieldSpecs[f].max; n > most {
			return fmt.Errorf("this has %d characters, and the service takes %d: shorten it", n, most)
		}
	}
	return nil
}

// fields adds what is read from the record: one candidate or a list of them.
func (c *compiler) fields(r *rule, text string, v any) {
	to, ok := c.target("fields", text)
	if !ok {
		return
	}
	key := "fields." + text
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	if len(list) == 0 {
		c.fail(key, errors.New("the list is empty: write an OTTL expression, as in log.attributes[\"user.id\"]"))
		return
	}
	s := source{target: to}
	for i, item := range list {
		at := key
		if isList {
			at = fmt.Sprintf("%s[%d]", key, i)
		}
		one, ok := c.candidate(at, item)
		if !ok {
			continue
		}
		if one.removes && to.member == nil && fieldSpecs[to.field].required {
			c.fail(at, errors.New("nil would remove a field that the service requires: write an expression that gives a value"))
			continue
		}
		s.from = append(s.from, one)
	}
	r.sources = append(r.sources, s)
}

// candidate reads an expression, or an object of value and condition.
func (c *compiler) candidate(at string, v any) (candidate, bool) {
	switch v := v.(type) {
	case string:
		return c.expression(at, v)
	case map[string]any:
		for key := range v {
			if key != "value" && key != "condition" {
				c.fail(at, fmt.Errorf("%q means nothing here: write value and condition", key))
				return candidate{}, false
			}
		}
		text, isText := v["value"].(string)
		if !isText {
			c.fail(at, errors.New("value is missing, or is not text: write an OTTL expression, as in value: log.attributes[\"user.id\"]"))
			return candidate{}, false
		}
		one, ok := c.expression(at, text)
		if when, there := v["condition"]; there && ok {
			text, isText := when.(string)
			if !isText {
				text = fmt.Sprint(when)
			}
			one.when = c.condition(at+".condition", text)
		}
		return one, ok
	case nil:
		c.fail(at, errors.New("there is nothing here: write an OTTL expression, or nil to remove the field"))
	default:
		c.fail(at, errors.New(`this is not text: write an OTTL expression in quotes, as in "3" for a number; `+
			`a text that is the same in every event belongs under static`))
	}
	return candidate{}, false
}

func (c *compiler) expression(at, text string) (candidate, bool) {
	text = strings.TrimSpace(text)
	if text == "nil" {
		return candidate{removes: true}, true
	}
	one, needs, err := parseValue(text)
	if err != nil {
		hint := ""
		if !strings.ContainsAny(text, `"[(`) {
			hint = `; a constant belongs under static, and what the record has is read as in log.cache["a"]["b"]`
		}
		c.fail(at, fmt.Errorf("%q is no OTTL expression: %w%s", text, err, hint))
		return candidate{}, false
	}
	c.needs.add(needs)
	return one, true
}
