// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// TestFindNames asks for fields and names, item by item and record by record.
func TestFindNames(t *testing.T) {
	var v Vocabulary
	a, b, none := v.Field("a"), v.Field("b"), v.Field("none")
	require.Equal(t, a, v.Field("a"))
	user, city := v.Name("user.id"), v.Name("geo.city")
	geo := v.Group("geo")
	d := New(&v)
	d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
	for range 2 {
		for _, c := range []struct {
			body     string
			a, user  string
			mayHave  bool
			hasOther bool
		}{
			{body: `{"a":"1","b":"2","user":{"id":"ana"}}`, a: "1", user: "ana", mayHave: true, hasOther: true},
			{body: `{"a":"3","a":"4","user.id":""}`, a: "3"},
			{body: `{"c":"a","user.id":"bob"}`, user: "bob", mayHave: true},
			{body: `{"c":{"a":"5"}}`},
		} {
			lr := plog.NewLogRecord()
			lr.Body().SetStr(c.body)
			require.Equal(t, 1, d.Open(lr))
			d.Item(0)
			require.Equal(t, c.a, d.String(d.Field(a)), c.body)
			require.Equal(t, c.hasOther, d.Field(b) != 0, c.body)
			require.Zero(t, d.Field(none), c.body)
			require.Equal(t, c.mayHave, d.Has()&user.Bit() != 0, c.body)
			require.Equal(t, c.user, d.String(d.Named(user)), c.body)
			require.Zero(t, d.Named(city), c.body)
			require.Empty(t, d.Grouped(geo), c.body)
		}
	}
}

// TestShareKeys asks of up to as many members as are looked at whether two have the same key.
func TestShareKeys(t *testing.T) {
	d := New(&Vocabulary{})
	var members []Member
	for i := range 100 {
		for j := range i {
			twice := append(members[:i:i], Member{Key: tree.NewKey(fmt.Sprint("key ", j))})
			require.True(t, shareKeys(twice), "%d and %d", i, j)
		}
		members = append(members, Member{Key: d.Key(fmt.Sprint("key ", i))})
		require.False(t, shareKeys(members))
	}
}
