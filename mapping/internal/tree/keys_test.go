// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestKey(t *testing.T) {
	for _, c := range []struct {
		text, json string
		index      int32
	}{
		{"", `"":`, -1},
		{"user.id", `"user.id":`, -1},
		{"a\"b\n", `"a\"b\n":`, -1},
		{"a\xff", "\"a\ufffd\":", -1},
		{"0", `"0":`, 0},
		{"12", `"12":`, 12},
		{"-1", `"-1":`, -1},
		{"99999999999", `"99999999999":`, -1},
		{strings.Repeat("k", 300), `"` + strings.Repeat("k", 300) + `":`, -1},
	} {
		tr := New()
		key := tr.Key(c.text)
		require.Equal(t, c.text, key.String())
		require.True(t, key.Is(NewKey(c.text)))
		require.False(t, key.Is(NewKey(c.text+"x")))
		require.False(t, key.Is(nil))
		require.Equal(t, c.json, string(tr.AppendKey(nil, key)))
		require.Equal(t, strings.Contains(c.text, "\xff"), tr.Replaced())
		require.Equal(t, string(AppendCanonicalText(nil, c.text)), key.canonical)
		require.Equal(t, c.index, key.index)
	}
	require.Empty(t, (*Key)(nil).String())
}

// TestClassify classifies a key once, however many records have it, and all that there are: those too that are not remembered.
func TestClassify(t *testing.T) {
	tr := New()
	asked := map[string]int{}
	tr.Classify(func(key string) (Facts, Word) {
		asked[strings.Clone(key)]++
		if strings.HasPrefix(key, "secret") {
			return Secret, Word{Name: 7}
		}
		return 0, Word{}
	})
	tr.Classify(func(string) (Facts, Word) { return Marks, Word{} })
	long := "secret" + strings.Repeat("x", maxKeyLength)
	for range 3 {
		root, ok := tr.AddJSON(`{"secret":1,"a":{"b":2},"` + long + `":3}`)
		require.True(t, ok)
		require.True(t, tr.Any(root, Secret))
		require.False(t, tr.Any(root, Private))
		require.False(t, tr.Any(tr.Child(root, NewKey("a")), Secret))
		require.True(t, tr.Any(tr.Child(root, NewKey("a")), Marks))
		for _, name := range []string{"secret", long} {
			key := tr.At(tr.Child(root, NewKey(name))).Key
			require.True(t, key.Has(Secret))
			require.True(t, key.Has(Marks))
			require.Equal(t, Word{Name: 7}, key.Word)
		}
		tr.Reset()
	}
	require.Equal(t, map[string]int{"secret": 1, "a": 1, "b": 1, long: 3}, asked)
}

// TestManyKeys meets more keys than are remembered.
func TestManyKeys(t *testing.T) {
	tr := New()
	m := pcommon.NewMap()
	var want strings.Builder
	for i := range 2 * maxKeys {
		key := strconv.Itoa(1_000_000 + i)
		m.PutInt(key, int64(i))
		want.WriteString(`,"` + key + `":` + strconv.Itoa(i))
	}
	for range 2 {
		mark := tr.Mark()
		root := tr.AddMap(m, 0)
		require.Equal(t, "{"+want.String()[1:]+"}", string(tr.AppendJSON(nil, root)))
		require.Len(t, tr.keys.remembered, maxKeys)
		require.Equal(t, maxKeys, tr.keys.temporary.n)
		require.NotZero(t, tr.Child(root, NewKey("1000000")))
		require.NotZero(t, tr.Child(root, NewKey(strconv.Itoa(1_000_000+2*maxKeys-1))))
		require.Zero(t, tr.Child(root, NewKey("x")))
		tr.Truncate(mark)
		require.Zero(t, tr.keys.temporary.n)
	}
	tr.Reset()
	require.Empty(t, tr.keys.remembered, "others may come now")
	known := tr.Key("a")
	tr.Reset()
	require.Same(t, known, tr.Key("a"))
}

// TestOrder sorts objects whose keys came in several orders, again and again: what is remembered of one does not serve another.
func TestOrder(t *testing.T) {
	tr := New()
	for range 3 {
		for _, c := range [][2]string{
			{`{"b":1,"a":2}`, `{"a":2,"b":1}`},
			{`{"a":1,"b":2}`, `{"a":1,"b":2}`},
			{`{"c":1,"a":2,"b":3}`, `{"a":2,"b":3,"c":1}`},
			{`{"b":1,"a":2,"b":3,"a":4}`, `{"a":[2,4],"b":[1,3]}`},
			{`{"` + strings.Repeat("z", 200) + `":1,"a":2}`, `{"a":2,"` + strings.Repeat("z", 200) + `":1}`},
			{`{"` + strings.Repeat("A", 200) + `":1,"a":2}`, `{"` + strings.Repeat("A", 200) + `":1,"a":2}`},
			{`{}`, `{}`},
		} {
			mark := tr.Mark()
			root, ok := tr.AddJSON(c[0])
			require.True(t, ok)
			require.Equal(t, c[1], string(tr.AppendJSON(nil, root)))
			tr.Truncate(mark)
		}
	}
}
