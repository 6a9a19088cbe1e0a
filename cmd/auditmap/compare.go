// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// difference is a place where an event is not as expected.
type difference struct {
	path, want, got string
}

// nothing is how the absence of a value is shown.
const nothing = "nothing"

// compare returns where a value is not as expected. An object may hold more than is expected of it, a list may not. A
// single value is compared as text, since that is how CloudTrail Lake keeps it; null expects that there is none.
func compare(path string, want *yaml.Node, got any, found bool) []difference {
	want = resolved(want)
	if want.Kind == yaml.ScalarNode && want.ShortTag() == "!!null" {
		if !found || got == nil {
			return nil
		}
		return []difference{{path, nothing, show(got)}}
	}
	differs := []difference{{path, showNode(want), nothing}}
	if !found {
		return differs
	}
	differs[0].got = show(got)
	switch want.Kind {
	case yaml.MappingNode:
		object, ok := got.(map[string]any)
		members := map[string]yaml.Node{}
		if !ok || want.Decode(&members) != nil {
			return differs
		}
		return compareMembers(path, members, object)
	case yaml.SequenceNode:
		items, ok := got.([]any)
		if !ok || len(items) != len(want.Content) {
			return differs
		}
		differs = nil
		for i, item := range want.Content {
			differs = append(differs, compare(path+"["+strconv.Itoa(i)+"]", item, items[i], true)...)
		}
		return differs
	default:
		if sameScalar(want.Value, got) {
			return nil
		}
		return differs
	}
}

func compareMembers(path string, want map[string]yaml.Node, got map[string]any) []difference {
	var differs []difference
	for _, key := range slices.Sorted(maps.Keys(want)) {
		node := want[key]
		value, found := lookup(got, key)
		at := key
		if path != "" {
			at = path + "." + key
		}
		differs = append(differs, compare(at, &node, value, found)...)
	}
	return differs
}

// lookup returns what stands in an object under a dotted name, whichever of its dots are part of a key.
func lookup(object map[string]any, name string) (any, bool) {
	if value, ok := object[name]; ok {
		return value, true
	}
	for i := len(name) - 1; i > 0; i-- {
		if name[i] != '.' {
			continue
		}
		if inner, ok := object[name[:i]].(map[string]any); ok {
			if value, found := lookup(inner, name[i+1:]); found {
				return value, true
			}
		}
	}
	return nil, false
}

func sameScalar(want string, got any) bool {
	switch got := got.(type) {
	case string:
		return got == want
	case bool:
		return strconv.FormatBool(got) == strings.ToLower(want)
	case json.Number:
		if got.String() == want {
			return true
		}
		w, err := strconv.ParseFloat(want, 64)
		g, gotErr := got.Float64()
		return err == nil && gotErr == nil && w == g && !isWhole(want, got)
	}
	return false
}

// isWhole says whether both are written as whole numbers: such are the same only if their digits are.
func isWhole(want string, got json.Number) bool {
	return strings.Trim(want, "-0123456789") == "" && strings.Trim(got.String(), "-0123456789") == ""
}

// show returns a value of JSON on one line.
func show(value any) string {
	if text, ok := value.(string); ok && text != "" && text != nothing {
		return text
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err.Error() // of a value that was read from JSON: it cannot be
	}
	return strings.TrimSpace(b.String())
}

func showNode(node *yaml.Node) string {
	if node.Kind == yaml.ScalarNode {
		return show(node.Value)
	}
	untime(node)
	var value any
	if err := node.Decode(&value); err != nil {
		return err.Error()
	}
	return show(value)
}
