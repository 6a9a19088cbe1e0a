// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

func TestRetention(t *testing.T) {
	t.Setenv("TEST_RETENTION", "90d")
	const day = 24 * time.Hour
	for written, want := range map[string]time.Duration{
		"7d": 7 * day, "365d": 365 * day, "2557d": 2557 * day, "3653d": 3653 * day, "'3653d'": 3653 * day,
		"8760h": 365 * day, "168h": 7 * day, "200h30m": 200*time.Hour + 30*time.Minute, "${env:TEST_RETENTION}": 90 * day, "0": 0,
	} {
		cfg, err := read(t, "aws_cloudtrail_lake:\n  channel_arn: "+testARN+"\n  retention: "+written, "aws_cloudtrail_lake")
		if assert.NoError(t, err, written) {
			assert.Equal(t, want, time.Duration(cfg.Retention), written)
		}
	}
}

// A configuration that the collector prints is one that it reads.
func TestRetentionIsWrittenAsItIsRead(t *testing.T) {
	for written, want := range map[Retention]string{Retention(2557 * retentionDay): "2557d", Retention(200 * time.Hour): "200h0m0s", 0: "0s"} {
		conf := confmap.New()
		require.NoError(t, conf.Marshal(&Config{Retention: written}))
		require.Equal(t, want, conf.Get("retention"))
		var again Retention
		require.NoError(t, again.UnmarshalText([]byte(want)))
		require.Equal(t, written, again)
	}
}

// The mapper of a configuration knows its retention.
func TestRetentionMarksEvents(t *testing.T) {
	observed := time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		retention Retention
		expired   bool
	}{{0, false}, {Retention(8 * retentionDay), true}, {Retention(9 * retentionDay), false}} {
		cfg := NewFactory().CreateDefaultConfig().(*Config)
		cfg.ChannelARN, cfg.Retention = testARN, tt.retention
		mapper, err := cfg.NewMapper()
		require.NoError(t, err)
		logs := plog.NewLogs()
		rl := logs.ResourceLogs().AppendEmpty()
		sl := rl.ScopeLogs().AppendEmpty()
		lr := sl.LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(observed.Add(-8*retentionDay - time.Second)))
		lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(observed))
		batch := mapper.NewBatch()
		batch.Begin()
		batch.Within(rl.Resource(), sl.Scope())
		for _, event := range batch.Map(lr, 0, nil) {
			assert.Equal(t, tt.expired, event.Repaired.Has(mapping.EventTime, mapping.Expired), tt.retention)
		}
	}
}

func FuzzRetention(f *testing.F) {
	for _, s := range []string{"2557d", "8760h", "7d12h", "-7d", "+7d", "d", "", "99999999999999999999d", "106751d", "106752d", "2562047h", "-24h", "1e3d", "7 d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var r Retention
		if r.UnmarshalText([]byte(s)) != nil {
			require.Zero(t, r)
			return
		}
		text, err := r.MarshalText()
		require.NoError(t, err)
		var again Retention
		require.NoError(t, again.UnmarshalText(text), "%s", text)
		require.Equal(t, r, again)
	})
}
