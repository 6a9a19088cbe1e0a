// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/benchdata"
)

// BenchmarkRule maps the full record of BenchmarkMapSemconv by a rule with ten fields.
func BenchmarkRule(b *testing.B) {
	for _, bb := range []struct {
		name string
		cfg  Config
	}{
		{"none", Config{}},
		{"ten fields", Config{Rules: rulesOf(b, benchdata.TenFields)}},
		{"redact", Config{Redact: Redact{Enabled: true}}},
		{"redact and ten fields", Config{Redact: Redact{Enabled: true}, Rules: rulesOf(b, benchdata.TenFields)}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			bb.cfg.RecipientAccountID, bb.cfg.OnInvalid = "111122223333", Repair
			m, err := New(bb.cfg)
			require.NoError(b, err)
			logs := fullRecord()
			require.Empty(b, mapFirst(batchFor(m, logs), recordOf(logs)).Errors)
			benchmarkMap(b, m, logs)
		})
	}
}
