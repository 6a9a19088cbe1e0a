// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

var (
	authKey      = tree.NewKey("auth")
	dataKey      = tree.NewKey("data")
	mountKey     = tree.NewKey("mount_point")
	operationKey = tree.NewKey("operation")
	responseKey  = tree.NewKey("response")
	tokenKey     = tree.NewKey("client_token")
	typeKey      = tree.NewKey("type")
)

// rawVault hides what was written to Vault and read from it. Its audit devices write hashes in place of that, unless they
// have log_raw (https://developer.hashicorp.com/vault/docs/audit). That they have it is told by a token that is no hash. Who
// logs in has no token yet: there, it is told by data without any hash. request is the member of that name of the record.
func (r *Redactor) rawVault(record, request tree.Ref) {
	t := r.tree
	if t.Child(request, pathKey) == 0 || t.Child(request, operationKey) == 0 && t.Child(request, mountKey) == 0 {
		return
	}
	auth, response, kind := t.Child(record, authKey), t.Child(record, responseKey), t.At(t.Child(record, typeKey))
	vaults := kind.Kind == tree.String && (kind.Str == "request" || kind.Str == "response")
	data := [...]tree.Ref{t.Child(request, dataKey), t.Child(response, dataKey)}
	raw, told := false, false
	for _, token := range [...]tree.Ref{t.Child(request, tokenKey), t.Child(auth, tokenKey), t.Path(response, authKey, tokenKey)} {
		if !t.Empty(token) && t.At(token).Kind == tree.String {
			s := t.At(token).Str
			raw = raw || !masked(s)
			told = told || r.hashed(token) || strings.Trim(s, "*") == "" // not "undefined", which some client sent
		}
	}
	if raw || vaults && !told && !r.hashed(data[0]) && !r.hashed(data[1]) {
		for _, d := range data {
			if d != 0 && !t.Scalar(d) {
				r.hideAll(d)
			}
		}
	}
}

// hashed says whether one of Vault's hashes stands in a value.
func (r *Redactor) hashed(ref tree.Ref) bool {
	n := r.tree.At(ref)
	switch n.Kind {
	case tree.String:
		return strings.HasPrefix(n.Str, "hmac-sha256:")
	case tree.Object, tree.Array:
		for c, end := n.First, n.First+tree.Ref(n.Len); c < end; c++ {
			if r.hashed(c) {
				return true
			}
		}
	}
	return false
}
