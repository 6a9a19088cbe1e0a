// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// rawVault hides what was written to Vault and read from it where an audit record has that as it was: in place of the
// hashes of it, if the audit device has log_raw (https://developer.hashicorp.com/vault/docs/audit). A token that is no hash
// tells. ref is the member "request" of an object.
func (r *Redactor) rawVault(first, end, ref tree.Ref) {
	t := r.tree
	if t.Child(ref, "operation") == 0 || t.Child(ref, "path") == 0 {
		return
	}
	var auth, response tree.Ref
	for c := first; c < end; c++ {
		switch t.At(c).Key {
		case "auth":
			auth = c
		case "response":
			response = c
		}
	}
	for _, token := range [...]tree.Ref{t.Path(ref, "client_token"), t.Path(auth, "client_token"), t.Path(response, "auth", "client_token")} {
		if token == 0 || t.Empty(token) || t.At(token).Kind != tree.String || masked(t.At(token).Str) {
			continue
		}
		for _, data := range [...]tree.Ref{t.Path(ref, "data"), t.Path(response, "data")} {
			if data != 0 && !t.Scalar(data) {
				r.hideAll(data)
			}
		}
		return
	}
}
