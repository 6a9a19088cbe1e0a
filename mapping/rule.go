// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
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
	// Static are constants, by field: texts, true or false, and lists and objects of these. A number is an error, since
	// YAML reads 00042 as 34.
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
