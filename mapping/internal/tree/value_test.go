// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInt64 reads whole numbers however JSON writes them, as the doubles that pdata makes of them are read.
func TestInt64(t *testing.T) {
	for _, c := range []struct {
		json string
		want int64
		ok   bool
	}{
		{`1621305118553`, 1621305118553, true},
		{`1621305118553.0`, 1621305118553, true},
		{`1.621305118553e12`, 1621305118553, true},
		{`9223372036854775807`, 9223372036854775807, true},
		{`"-7"`, -7, true},
		{`1.5`, 0, false},
		{`1e300`, 0, false},
		{`"1.0"`, 0, false}, // text that is no whole number as it stands
		{`true`, 0, false},
	} {
		tr := New()
		r, ok := tr.AddJSON(`{"n":` + c.json + `}`)
		require.True(t, ok, c.json)
		got, whole := tr.Int64(tr.Child(r, NewKey("n")))
		require.Equal(t, c.ok, whole, c.json)
		if c.ok {
			require.Equal(t, c.want, got, c.json)
		}
	}
}
