// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// TestMarkersOfHugeTexts makes the same marker without the text's JSON as of it.
func TestMarkersOfHugeTexts(t *testing.T) {
	b := newMapper(t, Repair).NewBatch()
	for _, text := range []string{"x", "ä", "世", "😀", "\xff", "\x80", "\xe4\xb8", "\xf0\x9f\x98", "\"\\\n\x01\u2028\x7f", "a\x80\x80\x80\x80\x80"} {
		for shift := range 5 {
			s := strings.Repeat("s", shift) + strings.Repeat(text, MaxEventSize/len(text))
			for _, kind := range []tree.Kind{tree.String, tree.Bytes, tree.Number} {
				ref := b.doc.Add(tree.Node{Kind: kind, Str: s})
				require.Equal(t, b.encoder.marker(b.doc.AppendJSON(nil, ref)), b.encoder.hugeMarker(b.doc.At(ref)), "%q, %d, %d", text, shift, kind)
			}
			b.doc.Reset()
		}
	}
}

// TestHugeTexts trims texts that no event has room for, wherever they stand, in no more memory than they take themselves.
func TestHugeTexts(t *testing.T) {
	huge := strings.Repeat("\x01", 20<<20)
	quoted := strings.Repeat(`\u0001`, 20<<20)
	for name, set := range map[string]any{
		"an attribute":         map[string]any{"a": huge, "b": "kept"},
		"in an attribute":      map[string]any{"a": map[string]any{"c": []any{huge, "kept"}}},
		"bytes":                map[string]any{"a": []byte(huge), "b": "kept"},
		"what a request gets":  map[string]any{"http.request.body": huge, "b": "kept"},
		"a field that is text": map[string]any{"user_agent.original": huge, "b": "kept"},
		"in JSON":              `{"a":{"c":["` + quoted + `","kept"]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			attributes, _ := set.(map[string]any)
			logs := with(attributes)
			if text, isText := set.(string); isText {
				recordOf(logs).Body().SetStr(text)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			e := mapOne(t, Repair, logs)
			runtime.ReadMemStats(&after)
			accepted(t, e)
			require.Contains(t, string(e.Data), "[trimmed: ")
			require.Contains(t, string(e.Data), "kept")
			require.Contains(t, decode(t, e).AdditionalEventData, "exporter.repaired")
			require.Less(t, (after.TotalAlloc-before.TotalAlloc)>>20, uint64(20*15), "MB; as JSON the text has 120")

			require.Equal(t, CodeFieldTooLong, mapOne(t, Reject, logs).Refused)
		})
	}
}
