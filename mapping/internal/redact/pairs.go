// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import "strings"

// glue may stand between a name and its value, and between two versions of that: in YAML, in JSON that is part of another text or
// of a list of differences, and in maps as Go prints them.
const glue = " \t\r\n,\\\"'+-"

// pairs finds the values in lists of names and values within other text: "name: DB_PASSWORD", and on the next line "value: x".
// Kubernetes so says what of a pod may not be changed, and what patch it cannot apply: map[name:DB_PASSWORD value:x].
func (r *Redactor) pairs(s string) {
	const end = "alue" // of value, Value, newValue
	secret := -1       // where the last value that is a secret ends
	for i := 0; ; {
		j := strings.Index(s[i:], end)
		if j < 0 {
			return // nearly always
		}
		colon := i + j + len(end)
		for colon < len(s) && (s[colon] == '"' || s[colon] == '\\') {
			colon++
		}
		i = colon
		if colon == len(s) || s[colon] != ':' {
			continue
		}
		label := strings.TrimLeft(nameBefore(s, colon), "-")
		if !valueLabel(label) {
			continue
		}
		before := strings.LastIndex(s[:colon], label)
		if before = len(strings.TrimRight(s[:before], glue)); secret >= 0 && before <= secret || r.secretName(s[:before]) {
			secret = r.pairedValue(s, colon)
			i = secret
		}
	}
}

// valueLabel says whether a value stands behind a label.
func valueLabel(label string) bool {
	switch label {
	case "value", "Value", "newValue", "NewValue", "oldValue", "OldValue":
		return true
	}
	return false
}

// secretName says whether a text ends with the name of a secret, behind the label of a name.
func (r *Redactor) secretName(s string) bool {
	name := nameBefore(s, len(s))
	if !r.names.Secret(name) {
		return false
	}
	s, ok := strings.CutSuffix(strings.TrimRight(s[:len(s)-len(name)], " \t\\\"'"), ":")
	if !ok {
		return false
	}
	switch nameBefore(s, len(s)) {
	case "name", "Name", "key", "Key":
		return true
	}
	return false
}

// pairedValue notes the value behind the colon at i, and returns its end.
func (r *Redactor) pairedValue(s string, i int) int {
	if i++; i == len(s) || strings.IndexByte(" \t\r\n\\\"'", s[i]) >= 0 {
		return r.add(s, i) + 1
	}
	to := endInMap(s, i)
	r.note(s, i, to)
	return to
}

// endInMap returns where the value ends that begins at i, in a map as Go prints it: at its bracket, or before the next key.
func endInMap(s string, i int) int {
	if strings.HasPrefix(s[i:], MarkerStart) {
		i += len(MarkerStart) + max(0, strings.IndexByte(s[i+len(MarkerStart):], ']')+1)
	}
	for ; i < len(s) && s[i] != ']'; i++ {
		if s[i] != ' ' {
			continue
		}
		key := i + 1
		for key < len(s) && isName(s[key]) {
			key++
		}
		if key > i+1 && key < len(s) && s[key] == ':' {
			return i
		}
	}
	return i
}
