// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

func TestPlaces(t *testing.T) {
	type place struct {
		of   Expr
		want []string
	}
	places := map[string]place{
		"a path":                          {of: path("kind"), want: []string{`"x"`}},
		"nothing there":                   {of: path("b")},
		"each of a list that has it":      {of: every("a", "list", "*", "v"), want: []string{`"1"`, `{"u":"4"}`}},
		"each of a list":                  {of: every("a", "empty", "*")},
		"each of each":                    {of: every("a", "lists", "*", "*", "v"), want: []string{`"5"`, `"6"`, `"7"`}},
		"no list":                         {of: every("kind", "*")},
		"where a condition holds":         {of: when(is(path("kind"), "x"), every("a", "lists", "0", "*")), want: []string{`{"v":"5"}`}},
		"where a condition does not hold": {of: when(is(path("kind"), "y"), every("a", "list", "*"))},
	}
	d := docOf(t, `{"kind":"x","a":{"list":[{"v":"1"},{"w":"2"},"3",{"v":{"u":"4"}}],"lists":[[{"v":"5"}],[{"v":"6"},{"v":"7"}]],"empty":[]}}`)
	for name, tt := range places {
		t.Run(name, func(t *testing.T) {
			var got []string
			Places(tt.of, d, func(v tree.Ref) { got = append(got, string(d.AppendJSON(nil, v))) })
			require.Equal(t, tt.want, got)
		})
	}
	require.Equal(t, "1", d.String(every("a", "list", "*", "v").Eval(d)), "as an expression, the first")
	require.Zero(t, every("a", "empty", "*").Eval(d))
}

func TestOthers(t *testing.T) {
	user, id, used, nobody := path("user"), path("user", "id"), path("user", "used"), path("nobody")
	d := docOf(t, `{"user":{"id":"1","name":"ana","used":"x","none":null,"empty":""}}`)
	d.Use(used.Eval(d))
	members := member("id", id).Append(d, nil)
	members = others{user}.Append(d, members)
	require.Equal(t, `{"id":"1","name":"ana"}`, string(d.AppendMembers(nil, members)))
	require.Empty(t, others{id}.Append(d, nil), "no object")
	require.Empty(t, others{nobody}.Append(d, nil))
}

// The secrets that Kubernetes is known to hold, in each shape that a request or an answer may have.
func TestKubernetesSecrets(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"a Secret that is written": {
			body: `{"objectRef":{"resource":"secrets"},"requestObject":{"data":{"a":"1"},"stringData":{"b":"2"}},"responseObject":{"data":{"a":"1"}}}`,
			want: []string{`{"a":"1"}`, `{"b":"2"}`, `{"a":"1"}`},
		},
		"a list of ConfigMaps": {
			body: `{"objectRef":{"resource":"configmaps"},"responseObject":{"items":[{"data":{"a":"1"}},{"binaryData":{"b":"2"}}]}}`,
			want: []string{`{"a":"1"}`, `{"b":"2"}`},
		},
		"what kubectl applied": {
			body: `{"objectRef":{"resource":"deployments"},"requestObject":{"data":"no secret","metadata":{"annotations":{"` + lastApplied + `":"{}"}}}}`,
			want: []string{`"{}"`},
		},
		"a token": {
			body: `{"objectRef":{"resource":"serviceaccounts","subresource":"token"},"responseObject":{"status":{"token":"t"}}}`,
			want: []string{`"t"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := docOf(t, tt.body)
			var got []string
			for _, e := range kubernetesAudit.Secrets {
				Places(e, d, func(v tree.Ref) { got = append(got, string(d.AppendJSON(nil, v))) })
			}
			require.Equal(t, tt.want, got)
		})
	}
}
