// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// TestPut puts a tree into pdata and reads it again: it is the same, and refers to nothing in the tree.
func TestPut(t *testing.T) {
	var many strings.Builder
	for i := range 2 * manyMembers {
		fmt.Fprintf(&many, `,"k%d":[{"x":"y"}]`, i)
	}
	for _, json := range []string{
		`{"a":null,"b":true,"c":-7,"d":2.5,"e":"text","f":[1,"x",[],{}],"g":{"h":{"i":"j"}}}`,
		`{"k":{}` + many.String() + `}`,
	} {
		tr := New()
		root, ok := tr.AddJSON(json)
		require.True(t, ok)
		want := string(tr.AppendJSON(nil, root))
		m := pcommon.NewMap()
		tr.PutObject(m, root)
		tr.Reset()
		tr.AddJSON(`{"` + strings.Repeat("!", len(json)) + `":1}`) // over the text of the first
		require.Equal(t, want, string(tr.AppendJSON(nil, tr.AddMap(m, 0))))
	}
	tr := New()
	v := pcommon.NewValueEmpty()
	tr.PutValue(v, tr.Add(Node{Kind: Bytes, Str: "\x01"}))
	require.Equal(t, []byte{1}, v.Bytes().AsRaw())
	tr.PutValue(v, tr.Add(Node{Kind: Number, Str: "123456789012345678901"}))
	require.Equal(t, 123456789012345678901.0, v.Double())
	m := pcommon.NewMap()
	tr.PutObject(m, tr.AddString("no object"))
	require.Zero(t, m.Len())
}
