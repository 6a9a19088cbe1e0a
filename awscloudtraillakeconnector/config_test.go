// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeconnector

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

const testARN = "arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE"

func load(t *testing.T, change map[string]any) (*Config, error) {
	conf := confmap.NewFromStringMap(map[string]any{"channel_arn": testARN})
	require.NoError(t, conf.Merge(confmap.NewFromStringMap(change)))
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestConfig(t *testing.T) {
	cfg, err := load(t, nil)
	require.NoError(t, err)
	assert.Equal(t, []Outcome{Rejected, Trimmed}, cfg.Emit)
	assert.Equal(t, testARN, cfg.ChannelARN)
	assert.Equal(t, 100.0, cfg.RequestsPerSecond, "the exporter's default")

	cfg, err = load(t, map[string]any{"emit": []any{"ingested"}, "requests_per_second": 5, "mappings": []any{map[string]any{"preset": "okta"}}})
	require.NoError(t, err)
	assert.Equal(t, []Outcome{Ingested}, cfg.Emit)
	assert.Equal(t, 5.0, cfg.RequestsPerSecond)
	assert.Len(t, cfg.Mappings, 1)
}

func TestConfigErrors(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]any
		want   string
	}{
		"outcome":         {map[string]any{"emit": []any{"rejected", "lost"}}, `emit: "lost" is not known: list any of [rejected trimmed ingested]`},
		"no outcome":      {map[string]any{"emit": []any{}}, "emit: empty"},
		"unknown key":     {map[string]any{"emits": []any{"rejected"}}, "emits"},
		"the exporter's":  {map[string]any{"on_invalid": "drop"}, `on_invalid: "drop" is not known`},
		"a number":        {map[string]any{"recipient_account_id": 111122223333}, "write it in quotes"},
		"a rule's":        {map[string]any{"mappings": []any{map[string]any{"preset": "nosuch"}}}, "nosuch"},
		"a wrong channel": {map[string]any{"channel_arn": "arn:aws:s3:::bucket"}, "channel_arn"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, test.change)
			require.ErrorContains(t, err, test.want)
			assert.Equal(t, 1, strings.Count(err.Error(), test.want), "said once: %v", err)
		})
	}
}
