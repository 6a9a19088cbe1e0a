// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestDeepValues keeps what lies deeper than a tree goes as JSON, of whatever it is.
func TestDeepValues(t *testing.T) {
	v := pcommon.NewValueEmpty()
	inner := v
	for range MaxDepth {
		inner = inner.SetEmptySlice().AppendEmpty()
	}
	m := inner.SetEmptyMap()
	m.PutStr("z", "a\"\x01\\\u2028")
	m.PutStr("a\xff\n", "b\xfe\"")
	m.PutEmptyMap("m").PutEmptySlice("l").AppendEmpty().SetInt(-7)
	m.PutEmpty("n")
	m.PutDouble("d", math.Inf(1))
	m.PutBool("b", true)
	m.PutEmptyBytes("y").FromRaw([]byte("xyz"))
	m.PutEmptySlice("e")

	tr := New()
	ref := tr.AddValue(v)
	for tr.At(ref).Kind == Array {
		ref = tr.At(ref).First
	}
	require.Equal(t, String, tr.At(ref).Kind)
	require.Equal(t, `{"a`+"\xff"+`\n":"b`+"\xfe"+`\"","b":true,"d":"Infinity","e":[],"m":{"l":[-7]},"n":null,"y":"eHl6","z":"a\"\u0001\\\u2028"}`, tr.String(ref))
	require.False(t, tr.Replaced())
}

// TestDeepKeysThatRepeat makes a list of them, as anywhere. They come over the wire; pcommon.Map itself makes none.
func TestDeepKeysThatRepeat(t *testing.T) {
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[` +
		`{"key":"k","value":{"intValue":"1"}},{"key":"a","value":{"arrayValue":{"values":[]}}},{"key":"k","value":{"kvlistValue":{}}},{"key":"k","value":{"boolValue":true}}` +
		`]}}}]}]}]}`))
	require.NoError(t, err)
	body := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body()
	tr := New()
	require.Equal(t, `{"a":[],"k":[1,{},true]}`, tr.deep(body))
	require.Equal(t, tr.deep(body), string(tr.AppendJSON(nil, tr.AddValue(body))))
}

// TestDepthHasNoEnd takes what is nested so deep that a function which calls itself would exhaust the stack, and the process.
func TestDepthHasNoEnd(t *testing.T) {
	const deep = 1_500_000
	v := pcommon.NewValueEmpty()
	inner := v
	for i := range deep {
		if i%2 == 0 {
			inner = inner.SetEmptyMap().PutEmpty("a")
		} else {
			inner = inner.SetEmptySlice().AppendEmpty()
		}
	}
	inner.SetStr("b")
	tr := New()
	ref := tr.AddValue(v)
	for range MaxDepth {
		ref = tr.At(ref).First
	}
	const each = len(`{"a":[]}`)
	require.Len(t, tr.String(ref), (deep-MaxDepth)/2*each+len(`"b"`))
}

// FuzzDeep writes the same text as the standard library.
func FuzzDeep(f *testing.F) {
	f.Add(`{"b":[1,{"a":null,"c":"x"}],"a":{"k":true}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var raw map[string]any
		if json.Unmarshal([]byte(text), &raw) != nil {
			t.Skip()
		}
		v := pcommon.NewValueEmpty()
		require.NoError(t, v.FromRaw(raw))
		tr := New()
		require.JSONEq(t, string(tr.AppendJSON(nil, tr.AddValue(v))), tr.deep(v))
	})
}
