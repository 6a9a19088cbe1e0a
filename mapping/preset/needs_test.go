// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
)

// TestNeeds gives each part and expression what it says to need, and nothing else: it gives something. Without it, nothing.
func TestNeeds(t *testing.T) {
	user, status := name("user.id"), name("http.response.status_code")
	bits := func(dotted string) uint64 { return vocabulary.Name(dotted).Bit() }
	for text, tt := range map[string]struct {
		of    any
		needs uint64
	}{
		"a name":                        {of: user, needs: bits("user.id")},
		"names":                         {of: names("user.name", "user.id"), needs: bits("user.name") | bits("user.id")},
		"a member":                      {of: member("id", user), needs: bits("user.id")},
		"a spread":                      {of: spread{user}, needs: bits("user.id")},
		"a value where one is":          {of: when(present{status}, user), needs: bits("user.id")},
		"a code":                        {of: grpcCode{user}, needs: bits("user.id")},
		"the first of several":          {of: first(status, first(user)), needs: bits("http.response.status_code") | bits("user.id")},
		"several together":              {of: join("/", user, status), needs: bits("user.id")},
		"a group":                       {of: under("http.response"), needs: vocabulary.Group("http.response").Bit()},
		"a constant":                    {of: constant("x")},
		"a constant where one is":       {of: when(present{user}, constant("x"))},
		"the first, a constant at last": {of: first(user, constant("x"))},
		"a path":                        {of: path("user", "id")},
	} {
		t.Run(text, func(t *testing.T) {
			require.Equal(t, tt.needs, needs(tt.of))
			if d := docOf(t, `{"user":{"id":"ana"},"http.response.status_code":500}`); tt.needs != 0 {
				require.NotZero(t, d.Has()&tt.needs)
				require.True(t, gives(d, tt.of))
			}
			if d := docOf(t, `{"other":"x"}`); tt.needs != 0 {
				require.Zero(t, d.Has()&tt.needs)
				require.False(t, gives(d, tt.of))
			}
		})
	}
}

func gives(d *record.Doc, of any) bool {
	if part, ok := of.(Part); ok {
		return len(part.Append(d, nil)) > 0
	}
	return of.(Expr).Eval(d) != 0
}
