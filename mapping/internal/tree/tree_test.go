// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// FuzzAddJSON reads any text: what the standard library takes for an object is read to the same value, what it refuses
// leaves no trace.
func FuzzAddJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":1,"b":[true,null,"x\u0000\ud83d\ude00"],"c":{}}`, ` {"a":-0.5e3} `, `{"a":1}x`, `[1]`, `{"b":1,"a":2,"b":3}`, `{`, `{"a":tru}`,
		`{"a":"` + "\x7f" + `"}`, `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`,
	} {
		f.Add(s)
	}
	tree := New()
	f.Fuzz(func(t *testing.T, text string) {
		tree.Reset()
		before := tree.Mark()
		ref, ok := tree.AddJSON(text)
		if !ok {
			require.Equal(t, before, tree.Mark())
			return
		}
		out := tree.AppendJSON(nil, ref)
		require.True(t, json.Valid(out), "%s", out)
		var want, got any
		if json.Unmarshal([]byte(text), &want) != nil || !utf8.ValidString(text) || strings.Count(text, "[")+strings.Count(text, "{") > MaxDepth {
			return
		}
		require.NoError(t, json.Unmarshal(out, &got))
		if !repeatsKey(tree, ref) {
			require.Equal(t, want, got)
		}
	})
}

// repeatsKey says whether an object of the tree has a key twice: the standard library keeps the last, the tree all.
func repeatsKey(t *Tree, r Ref) bool {
	n := *t.At(r)
	for c := n.First; c < n.First+Ref(n.Len); c++ {
		if n.Kind == Object && c > n.First && t.At(c).Key == t.At(c-1).Key || repeatsKey(t, c) {
			return true
		}
	}
	return false
}

// FuzzAppendString encodes any text: it is valid JSON, of the same text where that is UTF-8, and nothing in it but quotes
// and backslashes needs escaping once more.
func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\\b\f\n\r\t\x00\x1f\x7f", "ä€😀\u2028\u2029", "\xff\xc3", "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, whole := AppendString(nil, s)
		require.Equal(t, utf8.ValidString(s), whole)
		var got string
		require.NoError(t, json.Unmarshal(out, &got))
		require.Equal(t, strings.ToValidUTF8(s, "\ufffd") == s, got == s)
		require.Equal(t, utf8.RuneCountInString(s), utf8.RuneCountInString(got))
		for _, r := range string(out) {
			require.True(t, r >= 0x20 && r != 0x7f && r != '\u2028' && r != '\u2029', "%q", r)
		}
	})
}

func value(t *testing.T, raw any) pcommon.Value {
	v := pcommon.NewValueEmpty()
	require.NoError(t, v.FromRaw(raw))
	return v
}

func TestPdata(t *testing.T) {
	tree := New()
	ref := tree.AddValue(value(t, map[string]any{
		"z": int64(-1), "b": true, "n": nil, "f": math.NaN(), "i": math.Inf(1), "j": math.Inf(-1), "d": 1e21, "y": []byte{0, 255}, "l": []any{"x", map[string]any{}}, "": "empty",
	}))
	require.JSONEq(t, `{"":"empty","b":true,"d":1e+21,"f":"NaN","i":"Infinity","j":"-Infinity","l":["x",{}],"n":null,"y":"AP8=","z":-1}`,
		string(tree.AppendJSON(nil, ref)))
}

func TestOrderDoesNotMatter(t *testing.T) {
	a, b := pcommon.NewMap(), pcommon.NewMap()
	for _, k := range []string{"b", "a", "c"} {
		a.PutStr(k, k)
	}
	for _, k := range []string{"c", "b", "a"} {
		b.PutStr(k, k)
	}
	tree := New()
	x, y := tree.AddMap(a, 0), tree.AddMap(b, 0)
	require.Equal(t, tree.AppendCanonical(nil, x), tree.AppendCanonical(nil, y))
	require.Equal(t, tree.AppendJSON(nil, x), tree.AppendJSON(nil, y))
	require.True(t, tree.Equal(x, y))
}

func TestCanonicalTellsValuesApart(t *testing.T) {
	seen := map[string]any{}
	tree := New()
	for _, raw := range []any{
		nil, "", "1", int64(1), 1.0, true, false, []byte("1"),
		[]any{},
		map[string]any{},
		[]any{"1"},
		[]any{"1", "1"},
		[]any{[]any{"1"}, "1"},
		[]any{[]any{"1", "1"}},
		map[string]any{"a": "b"},
		map[string]any{"ab": ""},
		map[string]any{"a": nil},
		"\x00", "a\xff", "a\xfe",
	} {
		key := string(tree.AppendCanonical(nil, tree.AddValue(value(t, raw))))
		require.NotContains(t, seen, key, "%v", raw)
		seen[key] = raw
	}
}

func TestLeftOver(t *testing.T) {
	tree := New()
	ref, ok := tree.AddJSON(`{"a":{"b":1,"c":2},"d":[{"e":1},{"f":2}],"g":{},"h":"x"}`)
	require.True(t, ok)
	use := func(path ...string) {
		r := ref
		for _, k := range path {
			r = tree.Child(r, NewKey(k))
			require.NotZero(t, r)
		}
		tree.Use(r)
	}
	left := func() string {
		out, some := tree.AppendValue(nil, ref, true)
		require.Equal(t, string(out) != "{}", some)
		return string(out)
	}
	use("a", "b")
	require.Equal(t, `{"a":{"c":2},"d":[{"e":1},{"f":2}],"g":{},"h":"x"}`, left())
	use("a", "c")
	use("h")
	require.Equal(t, `{"d":[{"e":1},{"f":2}],"g":{}}`, left(), "what was empty stays, what was used up goes")
	use("d")
	use("g")
	require.Equal(t, `{}`, left())
	tree.Undo()
	require.Equal(t, `{"a":{"b":1,"c":2},"d":[{"e":1},{"f":2}],"g":{},"h":"x"}`, left())
}

func TestUndo(t *testing.T) {
	tree := New()
	ref, _ := tree.AddJSON(`{"a":{"b":1},"c":2}`)
	a, c := tree.Child(ref, NewKey("a")), tree.Child(ref, NewKey("c"))
	tree.Use(c)
	tree.Keep()
	tree.Overwrite(a, Node{Kind: String, Str: "x"})
	tree.Overwrite(a, Node{Kind: String, Str: "y"})
	tree.Use(a)
	require.Equal(t, `{"a":"y","c":2}`, string(tree.AppendJSON(nil, ref)))
	tree.Undo()
	require.Equal(t, `{"a":{"b":1},"c":2}`, string(tree.AppendJSON(nil, ref)))
	require.False(t, tree.At(a).Used)
	require.True(t, tree.At(c).Used, "what was before Keep stays")
}

func TestChild(t *testing.T) {
	tree := New()
	ref, _ := tree.AddJSON(`{"b":1,"a":2,"c":{"a":3}}`)
	require.Equal(t, "2", tree.String(tree.Child(ref, NewKey("a"))))
	require.Zero(t, tree.Child(ref, NewKey("d")))
	require.Zero(t, tree.Child(tree.Child(ref, NewKey("a")), NewKey("a")))
	require.Zero(t, tree.Child(0, NewKey("a")))
}

func TestScalars(t *testing.T) {
	tree := New()
	for _, tt := range []struct {
		raw    any
		text   string
		number any
	}{
		{raw: "x", text: "x"},
		{raw: "12", text: "12", number: int64(12)},
		{raw: int64(-5), text: "-5", number: int64(-5)},
		{raw: 7.0, text: "7", number: int64(7)},
		{raw: 7.5, text: "7.5"},
		{raw: math.NaN(), text: "NaN"},
		{raw: 1e300, text: "1e+300"},
		{raw: true, text: "true"},
		{raw: []byte{1, 2}, text: "AQI="},
	} {
		r := tree.AddValue(value(t, tt.raw))
		require.True(t, tree.Scalar(r))
		require.Equal(t, tt.text, tree.String(r))
		n, ok := tree.Int64(r)
		require.Equal(t, tt.number != nil, ok, tt.text)
		if ok {
			require.Equal(t, tt.number, n)
		}
	}
	for _, raw := range []any{nil, "", "-", "null", "None", "N/A", []any{}, map[string]any{}} {
		require.True(t, tree.Empty(tree.AddValue(value(t, raw))), "%v", raw)
	}
	for _, raw := range []any{false, int64(0), "0", []any{nil}} {
		require.False(t, tree.Empty(tree.AddValue(value(t, raw))), "%v", raw)
	}
}

func TestEqual(t *testing.T) {
	tree := New()
	add := func(raw any) Ref { return tree.AddValue(value(t, raw)) }
	parsed, ok := tree.AddJSON(`{"n":1,"big":9007199254740993}`)
	require.True(t, ok)
	require.True(t, tree.Equal(add(1.0), tree.Child(parsed, NewKey("n"))), "a parser's float64")
	require.True(t, tree.Equal(add(int64(1)), tree.Child(parsed, NewKey("n"))))
	require.False(t, tree.Equal(add(int64(9007199254740992)), add(int64(9007199254740993))))
	require.False(t, tree.Equal(add("1"), add(int64(1))))
	require.False(t, tree.Equal(add([]any{"a"}), add([]any{"a", "b"})))
	require.False(t, tree.Equal(add(map[string]any{"a": "b"}), add(map[string]any{"b": "b"})))
	require.True(t, tree.Equal(add(map[string]any{"a": []any{nil}}), add(map[string]any{"a": []any{nil}})))
}

func TestReuse(t *testing.T) {
	tree := New()
	first, _ := tree.AddJSON(`{"a":"kept text"}`)
	kept := tree.String(tree.Child(first, NewKey("a")))
	mark := tree.Mark()
	for range 100 {
		_, ok := tree.AddJSON(`{"b":"` + strings.Repeat("x", 1000) + `"}`)
		require.True(t, ok)
	}
	require.Equal(t, "kept text", kept, "text stays where it is when the buffer grows")
	tree.Truncate(mark)
	require.Equal(t, `{"a":"kept text"}`, string(tree.AppendJSON(nil, first)))
}
