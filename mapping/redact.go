// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"bytes"
	"fmt"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"
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

// hideSecrets hides what the preset knows to be secret.
func (b *Batch) hideSecrets(p *preset.Preset) {
	if b.mapper.secrets == nil || len(p.Secrets) == 0 {
		return
	}
	b.secrets = b.secrets[:0]
	for _, e := range p.Secrets {
		preset.Places(e, b.doc, b.addSecret)
	}
	if b.doc.Hide(b.secrets, len(b.mapper.rules) > 0) {
		b.ottl.close() // what conditions have seen of the record
	}
}

// hidden notes that a field holds the place of a secret. written is the field as it is encoded: the values that it was made
// of would not do, since a preset may have joined several.
func (w *writer) hidden(f Field, written []byte) {
	if bytes.Contains(written, []byte(redact.MarkerStart)) {
		w.b.made.Repaired.Add(f, Redacted)
	}
}
