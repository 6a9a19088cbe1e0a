// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// pathBatch is a batch whose record has a value of every kind.
func pathBatch(tb testing.TB) *Batch {
	logs := with(map[string]any{
		"a": map[string]any{"b": []any{"x", 1, 2.5, true, map[string]any{"c": "d"}}, "empty": map[string]any{}}, `quo"te`: "q", "bytes": []byte{1, 2}, "ä": "ä",
	})
	rl := logs.ResourceLogs().At(0)
	rl.Resource().Attributes().PutStr("service.name", "s")
	sl := rl.ScopeLogs().At(0)
	sl.Scope().SetName("scope")
	sl.Scope().Attributes().PutInt("n", 7)
	lr := sl.LogRecords().At(0)
	lr.SetEventName("name")
	require.NoError(tb, lr.Body().SetEmptyMap().FromRaw(map[string]any{"k": []any{map[string]any{"l": "m"}}}))
	m, err := New(Config{RecipientAccountID: "111122223333", OnInvalid: Repair, Rules: rulesOf(tb, `[{condition: Len(log.cache) > 100}]`)})
	require.NoError(tb, err)
	b := batchFor(m, logs)
	b.open(lr)
	b.doc.Item(0)
	return b
}

// FuzzPath holds the paths that are followed in the tree to what OTTL makes of them.
func FuzzPath(f *testing.F) {
	for _, path := range []string{
		`log.attributes["a"]`, `log.attributes["a"]["b"]`, `attributes["a"]["b"][4]["c"]`, `log.attributes["a"]["b"][9]`, `log.attributes["a"]["b"]["x"]`, `log.attributes["a"][0]`,
		`log.attributes["missing"]["x"]`, `log.attributes["quo\"te"]`, `log.attributes["bytes"]`, `log.attributes["\u00e4"]`, ` log.attributes [ "a" ] [ "b" ] [ 0 ] `,
		`log.attributes`, `log.body`, `body["k"][0]["l"]`, `log.body["k"]`, `log.cache`, `log.cache["k"][0]`, `cache["k"]`, `log.event_name`, `event_name`,
		`resource.attributes["service.name"]`, `resource.attributes`, `scope.attributes["n"]`, `instrumentation_scope.name`, `scope.version`, `log.body.string`, `log.time`,
		`log.attributes["a"]["empty"]`, `"log.attributes"`, `log.severity_number`,
	} {
		f.Add(path)
	}
	b := pathBatch(f)
	f.Fuzz(func(t *testing.T, text string) {
		c, _, err := parseValue(text)
		if err != nil || c.path == nil {
			t.Skip()
		}
		parser, err := ottlParser()
		require.NoError(t, err)
		parsed, err := parser.ParseValueExpression(text)
		require.NoError(t, err)
		want, wantErr := evaluate(parsed, &b.ottl)
		got, gotErr := c.path.find(b.doc)
		require.Equal(t, wantErr != nil, gotErr != nil, "%v, %v", wantErr, gotErr)
		ref, err := addAny(b.doc.Tree, want)
		require.NoError(t, err)
		if b.doc.Empty(ref) || b.doc.Empty(got) {
			require.Equal(t, b.doc.Empty(ref), b.doc.Empty(got))
			return
		}
		require.Equal(t, string(b.doc.AppendJSON(nil, ref)), string(b.doc.AppendJSON(nil, got)))
	})
}

// TestOTTLValues makes values of all types that OTTL functions give.
func TestOTTLValues(t *testing.T) {
	object := pcommon.NewMap()
	object.PutStr("a", "b")
	list := pcommon.NewSlice()
	list.AppendEmpty().SetInt(1)
	value := pcommon.NewValueBytes()
	value.Bytes().FromRaw([]byte{1})
	at := time.Date(2026, 3, 4, 6, 6, 7, 5, time.FixedZone("", 3600))
	for _, tt := range []struct {
		value any
		want  string
	}{
		{"s", `"s"`},
		{true, `true`},
		{int64(-7), `-7`},
		{2.5, `2.5`},
		{[]byte{1, 2}, `"AQI="`},
		{at, `"2026-03-04T05:06:07.000000005Z"`},
		{90 * time.Second, `"1m30s"`},
		{pcommon.TraceID{1}, `"01000000000000000000000000000000"`},
		{pcommon.SpanID{1}, `"0100000000000000"`},
		{object, `{"a":"b"}`},
		{list, `[1]`},
		{value, `"AQ=="`},
		{map[string]any{"m": object, "l": list, "t": at, "d": time.Second, "v": value, "n": nil, "i": pcommon.TraceID{1}}, `{"d":"1s","i":"01000000000000000000000000000000","l":[1],"m":{"a":"b"},"n":null,"t":"2026-03-04T05:06:07.000000005Z","v":"AQ=="}`},
		{[]any{"a", int64(1), []any{pcommon.SpanID{1}}}, `["a",1,["0100000000000000"]]`},
		{[]string{"a"}, `["a"]`},
		{[]int64{1}, `[1]`},
		{[]float64{1.5}, `[1.5]`},
		{[]bool{true}, `[true]`},
	} {
		tr := tree.New()
		ref, err := addAny(tr, tt.value)
		require.NoError(t, err)
		require.Equal(t, tt.want, string(tr.AppendJSON(nil, ref)))
	}
	for _, nothing := range []any{nil, time.Time{}, time.Unix(0, 0), pcommon.TraceID{}, pcommon.SpanID{}} {
		ref, err := addAny(tree.New(), nothing)
		require.NoError(t, err)
		require.Zero(t, ref)
	}
	_, err := addAny(tree.New(), struct{}{})
	require.ErrorContains(t, err, "has no place in an event")
}

// TestPanicsAreErrors has a function of OTTL's panic, as one of a library may.
func TestPanicsAreErrors(t *testing.T) {
	_, err := evaluate(nil, &pathBatch(t).ottl)
	require.ErrorIs(t, err, errPanic)
	_, err = (&condition{}).holds(&pathBatch(t).ottl)
	require.ErrorIs(t, err, errPanic)
}

func TestNeeds(t *testing.T) {
	for text, want := range map[string]ottlNeeds{
		`log.attributes["cache"]`:                           {},
		`log.cache["a"]["b"] == 1 and cache [ "c" ] != nil`: {cache: []string{"a", "c"}},
		`Len(log.cache) > 1`:                                {allCache: true},
		`log.cache[log.attributes["x"]]`:                    {allCache: true},
		`"otelcol.client" == "schema_url"`:                  {},
		`log.attributes["a\"b"] == cache["q\"uote"]`:        {cache: []string{`q"uote`}},
	} {
		got, err := needsOf(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
}
