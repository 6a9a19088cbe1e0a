// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"errors"
	"fmt"
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
		s, isText := v.(string)
		if !isText {
			c.fail(key, errors.New("this is not text: write it in quotes; without them YAML takes it for a number, a time or nothing"))
			return
		}
		if err := checkConstant(to.field, s); err != nil {
			c.fail(key, err)
			return
		}
	}
	constant := pcommon.NewValueEmpty()
	if err := constant.FromRaw(v); err != nil || v == nil {
		c.fail(key, errors.New("this is no constant: write text, a number, true or false, a list or an object (a time in quotes); "+
			"under fields, nil removes what a preset has"))
		return
	}
	r.sources = append(r.sources, source{target: to, from: []candidate{{constant: constant}}})
}

// checkConstant finds a constant that no event could have.
func checkConstant(f Field, s string) error {
	switch f {
	case EventTime:
		if _, _, ok := parseTime(s); !ok {
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
		c.fail(at, fmt.Errorf("%v is not text: write an OTTL expression, as in log.attributes[\"user.id\"]; a constant belongs under static", v))
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
