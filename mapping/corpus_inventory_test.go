// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// leaf is a value that holds no others, or an object or list that holds nothing.
type leaf struct {
	path string
	text string // its JSON, numbers in one form
	// beside are the leaves beside it in an object of a list: it may be the name of one of them.
	beside []leaf
}

func (l leaf) string() (s string, ok bool) { return s, json.Unmarshal([]byte(l.text), &s) == nil }

func leavesOf(v any, path string, inList bool, out []leaf) []leaf {
	switch v := v.(type) {
	case map[string]any:
		from := len(out)
		for _, key := range sortedKeys(v) {
			out = leavesOf(v[key], path+"."+key, false, out)
		}
		if members := out[from:]; inList {
			for i := range members {
				members[i].beside = members
			}
		}
		if len(v) > 0 {
			return out
		}
	case []any:
		for i, item := range v {
			out = leavesOf(item, path+"."+strconv.Itoa(i), true, out)
		}
		if len(v) > 0 {
			return out
		}
	}
	return append(out, leaf{path: path, text: canonicalJSON(v)})
}

// canonicalJSON writes a decoded value, its keys in order and its numbers in one form.
func canonicalJSON(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		for _, key := range sortedKeys(v) {
			fmt.Fprintf(&b, ",%s:%s", canonicalJSON(key), canonicalJSON(v[key]))
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	case []any:
		items := make([]string, len(v))
		for i := range v {
			items[i] = canonicalJSON(v[i])
		}
		return "[" + strings.Join(items, ",") + "]"
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return strconv.Quote(v.String())
	default:
		text, _ := json.Marshal(v)
		return string(text)
	}
}

// inventory is what an event says, and how often.
type inventory struct {
	values   map[string]int // by JSON
	keys     map[string]bool
	fields   map[string]bool // texts that are a field of their own
	time     string          // the event's own, once
	redacted []string        // texts with the place of a secret
	hidden   int             // bytes that were redacted
	trimmed  int             // bytes that were trimmed
}

var (
	trimMark   = regexp.MustCompile(`^\[trimmed: (\d+) bytes, sha256 [0-9a-f]{64}\]$`)
	redactMark = regexp.MustCompile(`\[redacted: (\d+) bytes\]`)
)

// takeInventory leaves out what the mapping says of itself and of the channel.
func takeInventory(t *testing.T, b *Batch, e *Event) *inventory {
	inv := &inventory{values: map[string]int{}, keys: map[string]bool{}, fields: map[string]bool{}}
	d, _ := decodeJSON(t, string(e.Data)).(map[string]any)
	delete(d, "eventTime")
	delete(d, "recipientAccountId")
	if additional, ok := d["additionalEventData"].(map[string]any); ok {
		inv.time, _ = additional["exporter.time"].(string)
		if p := preset.Fitting(b.doc); p.ID != nil && p.UID != nil && p.ID.Eval(b.doc) == p.UID.Eval(b.doc) {
			delete(additional, "exporter.id") // one value, that UID has
		}
		for _, own := range []string{"exporter.time", "exporter.preset", "exporter.version", "exporter.repaired"} {
			delete(additional, own)
		}
	}
	for _, l := range leavesOf(d, "", false, nil) {
		inv.values[l.text]++
		s, _ := l.string()
		if redactMark.MatchString(s) {
			inv.redacted = append(inv.redacted, s)
		}
		for _, m := range redactMark.FindAllStringSubmatch(s, -1) {
			n, _ := strconv.Atoi(m[1])
			inv.hidden += n
		}
		if m := trimMark.FindStringSubmatch(s); m != nil {
			n, _ := strconv.Atoi(m[1])
			inv.trimmed += n
		}
	}
	inv.addKeys(d)
	for _, v := range d {
		if s, ok := v.(string); ok {
			inv.fields[canonicalJSON(s)] = true
		}
	}
	return inv
}

func (inv *inventory) addKeys(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, child := range v {
			inv.keys[key] = true
			inv.addKeys(child)
		}
	case []any:
		for _, item := range v {
			inv.addKeys(item)
		}
	}
}

func (inv *inventory) take(text string) bool {
	if inv.values[text] == 0 {
		return false
	}
	inv.values[text]--
	return true
}
