// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeconnector

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/featuregate"
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

	cfg, err = load(t, map[string]any{"emit": []any{"ingested"}, "requests_per_second": 5, "retention": "2557d", "mappings": []any{map[string]any{"preset": "okta"}}})
	require.NoError(t, err)
	assert.Equal(t, []Outcome{Ingested}, cfg.Emit)
	assert.Equal(t, 5.0, cfg.RequestsPerSecond)
	assert.Equal(t, "2557d", cfg.Retention.String())
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
		"a constant":      {map[string]any{"mappings": []any{map[string]any{"static": map[string]any{"requestParameters.a": 34}}}}, "mappings[0].static.requestParameters.a: this is not text"},
		"a retention":     {map[string]any{"retention": "7y"}, `"7y" is not a retention: write the days`},
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

// A value from the environment keeps its text, as it does for the exporter, whatever confmap's feature gates say.
func TestConfigKeepsTextOfEnvironment(t *testing.T) {
	for _, value := range []string{"00042", "1.10", "0x10", "012345678901", "yes", "Team: payments"} {
		for _, gate := range []bool{false, true} {
			t.Run(fmt.Sprint(value, gate), func(t *testing.T) {
				const mergeAppend = "confmap.enableMergeAppendOption"
				require.NoError(t, featuregate.GlobalRegistry().Set(mergeAppend, gate))
				defer func() { require.NoError(t, featuregate.GlobalRegistry().Set(mergeAppend, false)) }()
				t.Setenv("TEST_VALUE", value)
				resolver, err := confmap.NewResolver(confmap.ResolverSettings{
					URIs: []string{`yaml:
aws_cloudtrail_lake:
  channel_arn: ` + testARN + `
  emit: [ingested]
  profile: ${env:TEST_VALUE}
  mappings:
    - name: ${env:TEST_VALUE}
      static:
        eventName: ${env:TEST_VALUE}
        requestParameters.tenant: "${env:TEST_VALUE}"
        requestParameters.tags: {list: ["${env:TEST_VALUE}"]}
`},
					DefaultScheme:     "env",
					ProviderFactories: []confmap.ProviderFactory{yamlprovider.NewFactory(), envprovider.NewFactory()},
				})
				require.NoError(t, err)
				whole, err := resolver.Resolve(t.Context())
				require.NoError(t, err)
				conf, err := whole.Sub("aws_cloudtrail_lake")
				require.NoError(t, err)
				cfg := createDefaultConfig().(*Config)
				require.NoError(t, conf.Unmarshal(cfg))
				require.NoError(t, confmap.Validate(cfg))
				assert.Equal(t, []Outcome{Ingested}, cfg.Emit)
				assert.Equal(t, value, cfg.Profile)
				assert.Equal(t, value, cfg.Mappings[0].Name)
				assert.Equal(t, map[string]any{
					"eventName": value, "requestParameters.tenant": value, "requestParameters.tags": map[string]any{"list": []any{value}},
				}, cfg.Mappings[0].Static)
				assert.True(t, conf.IsSet("emit"), "the caller's configuration is as it was")
			})
		}
	}
}
