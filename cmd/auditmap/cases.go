// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.yaml.in/yaml/v3"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// caseFile is a file of cases.
type caseFile struct {
	// Config, Exporter and Preset say by what the records are mapped, where the command's flags do not. Config is
	// relative to the file's folder.
	Config   string     `yaml:"config"`
	Exporter string     `yaml:"exporter"`
	Preset   string     `yaml:"preset"`
	Cases    []testCase `yaml:"cases"`
}

// testCase is a record and what is expected of its event.
type testCase struct {
	Name string `yaml:"name"`
	// Input is the log record's body: text as a line of a file, or a map.
	Input yaml.Node `yaml:"input"`
	// Attributes and Resource are the log record's.
	Attributes map[string]any `yaml:"attributes"`
	Resource   map[string]any `yaml:"resource"`
	// OTLP is, in place of all of these, logs as OTLP has them in JSON: as text or as YAML.
	OTLP yaml.Node `yaml:"otlp"`
	// Expect is what the event has to hold: a map, or a list of maps, one for each event.
	Expect yaml.Node `yaml:"expect"`

	line int
}

// UnmarshalYAML implements yaml.Unmarshaler: it notes where the case stands.
func (c *testCase) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		for i := 0; i < len(node.Content); i += 2 {
			if key := node.Content[i]; !slices.Contains(caseKeys, key.Value) {
				return fmt.Errorf("line %d: a case has no %q: write %s", key.Line, key.Value, strings.Join(caseKeys, ", "))
			}
		}
	}
	type plainCase testCase
	c.line = node.Line
	return node.Decode((*plainCase)(c))
}

var caseKeys = []string{"name", "input", "attributes", "resource", "otlp", "expect"}

// readCases reads a file of cases.
func readCases(name string) (*caseFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var f caseFile
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(f.Cases) == 0 {
		return nil, fmt.Errorf("%s: no cases: write a list under cases", name)
	}
	for i := range f.Cases {
		if err := f.Cases[i].check(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, f.Cases[i].line, err)
		}
	}
	if f.Config != "" && !filepath.IsAbs(f.Config) {
		f.Config = filepath.Join(filepath.Dir(name), f.Config)
	}
	return &f, nil
}

func (c *testCase) check() error {
	input := !c.Input.IsZero() || c.Attributes != nil
	switch {
	case c.OTLP.IsZero() && !input:
		return errors.New("the case has no record: write input, attributes or otlp")
	case !c.OTLP.IsZero() && (input || c.Resource != nil):
		return errors.New("otlp is the whole record: remove input, attributes and resource, or otlp")
	}
	wants, err := c.wants()
	if err != nil {
		return err
	}
	for _, want := range wants {
		for key := range want {
			if !isField(key) && !slices.Contains(resultKeys, key) {
				return fmt.Errorf("expect: an event has no field %q: write the service's name, as in eventName or userIdentity.principalId, or one of %s",
					key, strings.Join(resultKeys, ", "))
			}
		}
	}
	return nil
}

// resultKeys are what can be expected beside fields of the event: the names are those of auditmap's own output.
var resultKeys = []string{"id", "preset", "rule", "repaired", "refused", "errors"}

// isField says whether a dotted name is that of a field, or of something in one.
func isField(name string) bool {
	for f := mapping.Version; f <= mapping.AdditionalEventData; f++ {
		if name == f.String() || strings.HasPrefix(name, f.String()+".") || strings.HasPrefix(f.String(), name+".") {
			return true
		}
	}
	return false
}

// wants returns what is expected of each event.
func (c *testCase) wants() ([]map[string]yaml.Node, error) {
	var wants []map[string]yaml.Node
	switch node := resolved(&c.Expect); node.Kind {
	case yaml.MappingNode:
		wants = make([]map[string]yaml.Node, 1)
		return wants, node.Decode(&wants[0])
	case yaml.SequenceNode:
		return wants, node.Decode(&wants)
	}
	return nil, errors.New("the case expects nothing: write fields and their values under expect, or a list of such for several events")
}

// logs returns the case's log records.
func (c *testCase) logs() (plog.Logs, error) {
	if !c.OTLP.IsZero() {
		text, err := c.otlpText()
		if err != nil {
			return plog.Logs{}, err
		}
		return (&reading{}).otlp(text)
	}
	r := reading{as: asBody, resource: c.Resource, attributes: c.Attributes}
	switch input := resolved(&c.Input); input.Kind {
	case 0:
		return r.record("", map[string]any{})
	case yaml.MappingNode:
		body, err := jsonObject(input)
		if err != nil {
			return plog.Logs{}, err
		}
		return r.record("", body)
	case yaml.ScalarNode:
		return r.record(strings.TrimSpace(input.Value), nil)
	}
	return plog.Logs{}, errors.New("input: write text, or a map")
}

func (c *testCase) otlpText() ([]byte, error) {
	node := resolved(&c.OTLP)
	if node.Kind == yaml.ScalarNode {
		return []byte(node.Value), nil
	}
	document, err := jsonObject(node)
	if err != nil {
		return nil, err
	}
	return json.Marshal(document)
}

// jsonObject returns what a map of YAML is in JSON. Its timestamps stay the text that they are.
func jsonObject(node *yaml.Node) (map[string]any, error) {
	untime(node)
	var object map[string]any
	return object, node.Decode(&object)
}

// untime makes timestamps text: JSON, which is what a record came as, has none.
func untime(node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!timestamp" {
		node.Tag = "!!str"
	}
	for _, child := range node.Content {
		untime(child)
	}
}

// resolved returns the node that an alias stands for.
func resolved(node *yaml.Node) *yaml.Node {
	for node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}
