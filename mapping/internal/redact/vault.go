// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

var (
	authKey      = tree.NewKey("auth")
	dataKey      = tree.NewKey("data")
	operationKey = tree.NewKey("operation")
	opKey        = tree.NewKey("op")
	pathKey      = tree.NewKey("path")
	resourceKey  = tree.NewKey("resource")
	tokenKey     = tree.NewKey("client_token")
)

// rawVault hides what was written to Vault and read from it where an audit record has that as it was: in place of the
// hashes of it, if the audit device has log_raw (https://developer.hashicorp.com/vault/docs/audit). A token that is no hash
// tells. ref is the member "request" of an object.
func (r *Redactor) rawVault(first, end, ref tree.Ref) {
	t := r.tree
	if t.Child(ref, operationKey) == 0 || t.Child(ref, pathKey) == 0 {
		return
	}
	var auth, response tree.Ref
	for c := first; c < end; c++ {
		switch t.At(c).Key.String() {
		case "auth":
			auth = c
		case "response":
			response = c
		}
	}
	for _, token := range [...]tree.Ref{t.Child(ref, tokenKey), t.Child(auth, tokenKey), t.Path(response, authKey, tokenKey)} {
		if token == 0 || t.Empty(token) || t.At(token).Kind != tree.String || masked(t.At(token).Str) {
			continue
		}
		for _, data := range [...]tree.Ref{t.Child(ref, dataKey), t.Child(response, dataKey)} {
			if data != 0 && !t.Scalar(data) {
				r.hideAll(data)
			}
		}
		return
	}
}
