// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// tenFields are ten OTTL fields, as users write them: most of them paths.
const tenFields = `
- condition: resource.attributes["service.name"] == "billing"
  preset: semconv
  fields:
    userIdentity.type: '"User"'
    userIdentity.principalId: log.attributes["user.email"]
    userIdentity.details.session: log.attributes["session.id"]
    eventName: Concat(["billing", log.event_name], ".")
    eventSource: ['log.attributes["app.source"]', 'resource.attributes["service.name"]']
    userAgent: log.attributes["user_agent.original"]
    sourceIPAddress: log.attributes["client.address"]
    errorCode:
      - value: log.attributes["error.type"]
        condition: log.attributes["event.outcome"] == "failure"
    requestParameters.invoice: log.cache["app.invoice"]
    additionalEventData.region: resource.attributes["cloud.region"]
`

// BenchmarkRule maps the record of BenchmarkMapSemconv by a rule with ten fields.
func BenchmarkRule(b *testing.B) {
	for _, bb := range []struct {
		name string
		cfg  Config
	}{
		{"none", Config{}},
		{"ten fields", Config{Rules: rulesOf(b, tenFields)}},
		{"redact", Config{Redact: Redact{Enabled: true}}},
		{"redact and ten fields", Config{Redact: Redact{Enabled: true}, Rules: rulesOf(b, tenFields)}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			bb.cfg.RecipientAccountID, bb.cfg.OnInvalid = "111122223333", Repair
			m, err := New(bb.cfg)
			require.NoError(b, err)
			rl := semconvRecord().ResourceLogs().At(0)
			sl := rl.ScopeLogs().At(0)
			lr := sl.LogRecords().At(0)
			batch := m.NewBatch()
			batch.Within(rl.Resource(), sl.Scope())
			require.Empty(b, mapFirst(batch, lr).Errors)
			b.ReportAllocs()
			for b.Loop() {
				batch.Begin()
				mapFirst(batch, lr)
			}
		})
	}
}
