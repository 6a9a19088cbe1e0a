// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// shape is what a receiver makes of a record that is a JSON object.
type shape string

// The shapes.
const (
	asText       shape = "text"       // the body is its text, as the file_log receiver has it
	asBody       shape = "body"       // the body is a map, as after json_parser with parse_to: body
	asAttributes shape = "attributes" // its members are attributes, as after json_parser
)

// reading says what to make of the pieces of an input.
type reading struct {
	format     format
	as         shape
	resource   pairs // what a receiver would add
	attributes pairs
}

// logs returns the log records of a piece. plain says that it is text and no JSON object.
func (r *reading) logs(p piece) (logs plog.Logs, plain bool, err error) {
	if r.format == formatOTLP || r.format == formatAuto && isOTLP(p.text) {
		logs, err = r.otlp(p.text)
		return logs, false, err
	}
	isObject := p.text[0] == '{' && json.Valid(p.text)
	switch {
	case r.format == formatText, r.format == formatAuto && p.isLine && !isObject:
		logs, err = r.record(string(p.text), nil)
		return logs, !isObject, err
	case isObject && r.as == asText:
		logs, err = r.record(string(p.text), nil)
		return logs, false, err
	}
	object, err := parseObject(p.text)
	if err == nil {
		logs, err = r.record("", object)
	}
	return logs, false, err
}

func (r *reading) otlp(text []byte) (plog.Logs, error) {
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
	switch {
	case err != nil:
		return logs, fmt.Errorf("this is not OTLP as JSON: %w", err)
	case !isOTLP(text):
		return logs, errors.New(`this is not OTLP as JSON: it has no list "resourceLogs"`)
	}
	for _, rl := range logs.ResourceLogs().All() {
		if err := add(rl.Resource().Attributes(), r.resource); err != nil {
			return logs, err
		}
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if err := add(lr.Attributes(), r.attributes); err != nil {
					return logs, err
				}
			}
		}
	}
	return logs, nil
}

// record makes one log record, of a text or of an object.
func (r *reading) record(text string, object map[string]any) (plog.Logs, error) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	var err error
	switch {
	case object == nil:
		lr.Body().SetStr(text)
	case r.as == asAttributes:
		err = lr.Attributes().FromRaw(object)
	default:
		err = lr.Body().SetEmptyMap().FromRaw(object)
	}
	if err == nil {
		err = add(rl.Resource().Attributes(), r.resource)
	}
	if err == nil {
		err = add(lr.Attributes(), r.attributes)
	}
	return logs, err
}

// add puts values into a map, over what is there.
func add(to pcommon.Map, values map[string]any) error {
	for key, value := range values {
		if err := to.PutEmpty(key).FromRaw(value); err != nil {
			return err
		}
	}
	return nil
}

// parseObject reads a JSON object. Whole numbers stay whole.
func parseObject(text []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		return nil, fmt.Errorf("this is not a JSON object: %w", err)
	}
	if rest := text[d.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("this is a JSON object with something behind it")
	}
	plain(object)
	return object, nil
}

// plain replaces each json.Number below a value, which pdata does not know, and returns the value.
func plain(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			v[key] = plain(member)
		}
	case []any:
		for i, item := range v {
			v[i] = plain(item)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	}
	return value
}
