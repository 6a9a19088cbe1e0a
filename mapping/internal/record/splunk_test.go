// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// TestSplunk opens the envelope of Splunk's collector where it is unmistakable, and leaves alone what only looks like it.
func TestSplunk(t *testing.T) {
	for _, c := range []struct {
		name, record string
		opened       bool
	}{
		{"sourcetype", `{"event":{"n":"0"},"sourcetype":"x"}`, true},
		{"no sourcetype", `{"event":{"n":"0"},"time":1772600767.89,"host":"h","source":"s","index":"i","fields":{"a":"b"}}`, true},
		{"time as text", `{"event":"{\"n\":\"0\"}","time":"1772600767","host":"h"}`, true},
		{"one word of it", `{"event":{"n":"0"},"source":"billing"}`, false},
		{"its words, and others", `{"event":{"n":"0"},"host":"h","source":"s","user":"u"}`, false},
		{"the semantic conventions", `{"event":{"action":"login"},"host":{"name":"h"},"source":{"ip":"192.0.2.1"}}`, false},
		{"another time", `{"event":{"n":"0"},"host":"h","time":"2026-03-04T05:06:07Z"}`, false},
		{"no record in it", `{"event":"started","host":"h","time":1772600767}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := New(&Vocabulary{})
			d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
			lr := plog.NewLogRecord()
			lr.Body().SetStr(c.record)
			require.Equal(t, 1, d.Open(lr))
			d.Item(0)
			require.Equal(t, c.opened, len(d.Envelopes) == 1)
			require.Equal(t, c.opened, d.Path(d.Source, tree.NewPath("n")...) != 0)
		})
	}
}
