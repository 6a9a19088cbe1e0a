// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"go.opentelemetry.io/collector/confmap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// keepTexts reads the constants and expressions of rules once more, now as texts.
//
// confmap holds two forms of a value that a provider gave, as in ${env:TENANT}: its text, 00042, and what YAML reads in it, 34. It gives
// the text to a setting that is a string. It gives the number to a setting of any type, which constants and expressions are, and inside
// lists and objects of such a setting it gives its own type, which holds both forms.
func (cfg *Config) keepTexts(conf *confmap.Conf) error {
	var raw struct {
		Mappings []struct {
			Static any `mapstructure:"static"`
			Fields any `mapstructure:"fields"`
		} `mapstructure:"mappings"`
	}
	if err := conf.Unmarshal(&raw, confmap.WithIgnoreUnused()); err != nil {
		return err
	}
	for i, rule := range raw.Mappings {
		static, _ := rule.Static.(map[string]any)
		for name, v := range static {
			cfg.Mappings[i].Static[name] = fieldConstant(name, v)
		}
		fields, _ := rule.Fields.(map[string]any)
		for name, v := range fields {
			cfg.Mappings[i].Fields[name] = expression(v)
		}
	}
	return nil
}

// fieldConstant returns the constant of a field. The members of a field that is an object may come from a provider together.
func fieldConstant(name string, v any) any {
	if members, ok := parsed(v).(map[string]any); ok && mapping.IsObject(name) {
		return each(members, constant)
	}
	return constant(v)
}

// constant returns the text of a value, and a value that has no text as YAML reads it. What a provider gave is a text even where YAML
// reads a list or an object in it, as in "Team: payments".
func constant(v any) any {
	if s, ok := text(v); ok {
		return s
	}
	return each(parsed(v), constant)
}

// expression does the same for an expression, but a provider may also give a list of expressions, or an object of value and condition.
func expression(v any) any {
	switch list := parsed(v).(type) {
	case []any, map[string]any:
		return each(list, expression)
	}
	return constant(v)
}

// each returns a list or an object with each member converted, and any other value as it is.
func each(v any, convert func(any) any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = convert(item)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, member := range v {
			out[key] = convert(member)
		}
		return out
	default:
		return v
	}
}

// text returns the text of a value, and reports whether it has one. A value that YAML itself made a number of has none.
func text(v any) (string, bool) {
	if !isScalar(v) {
		return "", false
	}
	var out struct {
		Value string `mapstructure:"value"`
	}
	err := confmap.NewFromStringMap(map[string]any{"value": v}).Unmarshal(&out)
	return out.Value, err == nil && (out.Value != "" || parsed(v) != nil)
}

// parsed returns what YAML reads in a value.
func parsed(v any) any {
	if !isScalar(v) {
		return v
	}
	var out struct {
		Value any `mapstructure:"value"`
	}
	if err := confmap.NewFromStringMap(map[string]any{"value": v}).Unmarshal(&out); err != nil {
		return v
	}
	return out.Value
}

// isScalar reports whether a value is neither a list nor an object. confmap would split the keys of an object at "::".
func isScalar(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return false
	default:
		return true
	}
}

// errNotText does not show the value, which may be a secret.
var errNotText = errors.New(`this is not text: write it in quotes, as in "00042"; without quotes YAML reads 00042 as the number 34`)

// adviseQuotes replaces the Collector's errors about texts that YAML read as something else, since they do not say what to write.
// key is where the error stands.
func adviseQuotes(key string, err error) error {
	switch e := err.(type) {
	case *mapstructure.DecodeError:
		at := strings.TrimPrefix(key+"."+e.Name(), ".")
		if isUnquoted(e.Unwrap()) {
			return fmt.Errorf("%s: %w", at, errNotText)
		}
		if inner := adviseQuotes(at, e.Unwrap()); errors.Is(inner, errNotText) {
			return inner
		}
		return err
	case interface{ Unwrap() []error }:
		var errs []error
		for _, one := range e.Unwrap() {
			errs = append(errs, adviseQuotes(key, one))
		}
		return errors.Join(errs...)
	case interface{ Unwrap() error }:
		if inner := adviseQuotes(key, e.Unwrap()); errors.Is(inner, errNotText) {
			return inner
		}
		return err
	default:
		return err
	}
}

// isUnquoted reports whether an error is about a number, a boolean or a time that stands for a text.
func isUnquoted(err error) bool {
	wrong, ok := err.(*mapstructure.UnconvertibleTypeError)
	if !ok || wrong.Expected.Kind() != reflect.String {
		return false
	}
	switch reflect.TypeOf(wrong.Value).Kind() {
	case reflect.Map, reflect.Slice:
		return false
	default:
		return true
	}
}
