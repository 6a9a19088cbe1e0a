// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// TestCorpusKeepsAll holds that nothing of a record is lost: each of its leaf values stands in the event under a key of its
// own, as often as in the record, or was trimmed, redacted, or left out on purpose by the preset.
func TestCorpusKeepsAll(t *testing.T) {
	b := newMapper(t, Repair).NewBatch()
	lost := map[string]int{}
	for _, r := range loadCorpus(t) {
		lr := r.log()
		if r.parsed == nil {
			mapCorpus(b, lr, func(_ int, e *Event) {
				if missing := missingWords(t, b, r.text, e); len(missing) > 0 {
					if lost[r.source]++; lost[r.source] <= 5 {
						t.Errorf("%s by %s loses words: %q", r, e.Preset, missing)
					}
				}
			})
			continue
		}
		records := func(int) any { return r.parsed }
		if n := openCorpus(b, lr); b.doc.Fanned() {
			rest, items := splitList(r.parsed, n)
			if items == nil {
				t.Errorf("%s makes %d events, of no list that it has", r, n)
				continue
			}
			records = func(i int) any { return []any{rest, items[i]} }
		}
		mapCorpus(b, lr, func(i int, e *Event) {
			for _, l := range missingLeaves(t, b, records(i), e) {
				lost[r.source]++
				if lost[r.source] <= 5 {
					t.Errorf("%s by %s loses %s = %s", r, e.Preset, l.path, l.text)
				}
			}
		})
	}
	for _, source := range sortedKeys(lost) {
		t.Logf("%s: %d values are lost", source, lost[source])
	}
}

// missingLeaves returns the leaves of a source's record that its event does not have.
func missingLeaves(t *testing.T, b *Batch, source any, e *Event) (missing []leaf) {
	inv := takeInventory(t, b, e)
	for _, o := range preset.Fitting(b.doc).Omitted {
		if v := o.What.Eval(b.doc); v != 0 {
			for _, l := range leavesOf(decodeJSON(t, string(b.doc.AppendJSON(nil, v))), "", false, nil) {
				inv.values[l.text]++
			}
		}
	}
	// What stands there as it is goes first: the other ways are for what does not.
	var rest []leaf
	for _, l := range leavesOf(source, "", false, nil) {
		if !inv.take(l.text) {
			rest = append(rest, l)
		}
	}
	for _, l := range rest {
		if !inv.has(t, l) {
			missing = append(missing, l)
		}
	}
	trimmed := 0
	for _, l := range missing {
		trimmed += len(l.text)
	}
	if trimmed <= inv.trimmed {
		return nil
	}
	return missing
}

// has says whether a leaf stands in the event in another form.
func (inv *inventory) has(t *testing.T, l leaf) bool {
	s, isString := l.string()
	if !isString { // a number or a truth where the service wants text
		return inv.take(strconv.Quote(l.text)) || inv.takeTime(l.text)
	}
	if inv.names(l, s) || inv.takeTime(s) || inv.takeRedacted(s) {
		return true
	}
	if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") || !json.Valid([]byte(s)) {
		return false
	}
	for _, inner := range leavesOf(decodeJSON(t, s), l.path, false, nil) { // an envelope that was opened
		if !inv.take(inner.text) && !inv.has(t, inner) {
			return false
		}
	}
	return true
}

// names says whether a leaf is the name of another, which is that one's key in the event, or has a field of its own.
func (inv *inventory) names(l leaf, s string) bool {
	return len(l.beside) > 1 && (inv.keys[s] || slices.ContainsFunc(l.beside, func(other leaf) bool { return inv.fields[other.text] }))
}

// takeTime says whether text is the event's time, in another form or zone.
func (inv *inventory) takeTime(text string) bool {
	at, ok := parseTime(text)
	if !ok {
		return false
	}
	own, ok := parseTime(inv.time)
	if ok && own.Equal(at) {
		inv.time = ""
		return true
	}
	return false
}

// takeRedacted says whether the event has the text with secrets taken out: what is left of it stands in its order, with
// marks for the bytes that are not.
func (inv *inventory) takeRedacted(text string) bool {
	for i, r := range inv.redacted {
		if redactedFrom(text, r) {
			inv.redacted = append(inv.redacted[:i:i], inv.redacted[i+1:]...)
			return true
		}
	}
	return false
}

func redactedFrom(text, redacted string) bool {
	at := 0
	for {
		m := redactMark.FindStringSubmatchIndex(redacted)
		if m == nil {
			return text[at:] == redacted
		}
		n, _ := strconv.Atoi(redacted[m[2]:m[3]])
		if !strings.HasPrefix(text[at:], redacted[:m[0]]) || at+m[0]+n > len(text) {
			return false
		}
		at, redacted = at+m[0]+n, redacted[m[1]:]
	}
}

// splitList takes the first list of n objects out of a record.
func splitList(v any, n int) (rest any, items []any) {
	m, ok := v.(map[string]any)
	if !ok {
		if list, ok := v.([]any); ok && len(list) == n {
			return nil, list
		}
		return v, nil
	}
	out := make(map[string]any, len(m))
	maps.Copy(out, m)
	for _, key := range sortedKeys(m) {
		child, found := splitList(m[key], n)
		if found != nil {
			if out[key] = child; child == nil {
				delete(out, key)
			}
			return out, found
		}
	}
	return v, nil
}

// structure is what in a text is no value: the key of key=value, and the mark of a format.
var structure = regexp.MustCompile(`\w+=|^AUDIT: `)

var word = regexp.MustCompile(`[\pL\pN]+`)

// missingWords returns the words of a text that its event does not have.
func missingWords(t *testing.T, b *Batch, text string, e *Event) (missing []string) {
	inv := takeInventory(t, b, e)
	has := map[string]bool{}
	for value := range inv.values {
		var s any
		_ = json.Unmarshal([]byte(value), &s)
		for _, w := range word.FindAllString(fmt.Sprint(s), -1) {
			has[w] = true
		}
	}
	for key := range inv.keys {
		for _, w := range word.FindAllString(key, -1) {
			has[w] = true
		}
	}
	size := 0
	for _, w := range word.FindAllString(structure.ReplaceAllString(text, " "), -1) {
		if !has[w] && w != "null" { // by which a format says that there is no value
			missing = append(missing, w)
			size += len(w)
		}
	}
	if size <= inv.hidden {
		return nil
	}
	return missing
}
