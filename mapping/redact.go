// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"bytes"
	"fmt"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// Redact says which secrets are kept out of events. The zero value keeps out none.
type Redact struct {
	// Enabled says whether secrets are replaced by "[redacted: N bytes]".
	Enabled bool `mapstructure:"enabled"`
	// Keys are keys that hold secrets, beside those that are known. Case and separators do not matter.
	Keys []string `mapstructure:"keys"`
}

func (r Redact) validate() error {
	for i, key := range r.Keys {
		if !redact.Valid(key) {
			return fmt.Errorf("redact.keys[%d]: %q is no key that can be looked for: write one of at least two letters, the last two of them "+
				"in a-z (digits at its end do not count)", i, key)
		}
	}
	return nil
}

// clean is a choice for a record of which the preset's secrets are hidden. Only hider makes one, so that no rule can read a secret.
type clean struct{ *choice }

// hider hides what a preset knows to be secret.
type hider struct {
	doc      *record.Doc
	ottl     *ottlContext
	enabled  bool
	hasRules bool

	secrets []tree.Ref
	add     func(tree.Ref) // adds to secrets
}

func (h *hider) hide(c *choice) clean {
	if !h.enabled || len(c.preset.Secrets) == 0 {
		return clean{c}
	}
	h.secrets = h.secrets[:0]
	for _, e := range c.preset.Secrets {
		preset.Places(e, h.doc, h.add)
	}
	if h.doc.Hide(h.secrets, h.hasRules) {
		h.ottl.close() // what conditions have seen of the record
	}
	return clean{c}
}

// hidden notes that a field holds the place of a secret. written is the field as it is encoded: the values that it was made
// of would not do, since a preset may have joined several.
func (w *writer) hidden(f Field, written []byte) {
	if bytes.Contains(written, []byte(redact.MarkerStart)) {
		w.event.repaired.Add(f, Redacted)
	}
}
