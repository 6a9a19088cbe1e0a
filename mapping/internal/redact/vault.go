// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

var (
	authKey      = tree.NewKey("auth")
	dataKey      = tree.NewKey("data")
	mountKey     = tree.NewKey("mount_point")
	operationKey = tree.NewKey("operation")
	opKey        = tree.NewKey("op")
	pathKey      = tree.NewKey("path")
	resourceKey  = tree.NewKey("resource")
	tokenKey     = tree.NewKey("client_token")
)

// rawVault hides what was written to Vault and read from it where an audit record has that as it was: in place of the
// hashes of it, if the audit device has log_raw (https://developer.hashicorp.com/vault/docs/audit). A token that is no hash
// tells. Who logs in has none yet: there, it is data without any hash. ref is the member "request" of an object.
func (r *Redactor) rawVault(first, end, ref tree.Ref) {
	t := r.tree
	if t.Child(ref, pathKey) == 0 || t.Child(ref, operationKey) == 0 && t.Child(ref, mountKey) == 0 {
		return
	}
	var auth, response tree.Ref
	vaults := false
	for c := first; c < end; c++ {
		switch n := t.At(c); n.Key.String() {
		case "auth":
			auth = c
		case "response":
			response = c
		case "type":
			vaults = n.Kind == tree.String && (n.Str == "request" || n.Str == "response")
		}
	}
	data := [...]tree.Ref{t.Child(ref, dataKey), t.Child(response, dataKey)}
	raw, told := false, false
	for _, token := range [...]tree.Ref{t.Child(ref, tokenKey), t.Child(auth, tokenKey), t.Path(response, authKey, tokenKey)} {
		if token != 0 && !t.Empty(token) && t.At(token).Kind == tree.String {
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
