// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

const (
	testChannelID = "EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE"
	testARN       = "arn:aws:cloudtrail:us-east-1:111122223333:channel/" + testChannelID
)

func TestConfig(t *testing.T) {
	t.Setenv("TEST_ACCOUNT_ID", "111122223333") // Digits from the environment stay text.
	t.Setenv("TEST_CHANNEL_EXTERNAL_ID", "0123456789")

	usEast1 := channel{
		ARN:       testARN,
		Partition: "aws", Region: "us-east-1", Account: "111122223333", ID: testChannelID,
	}
	storage := component.MustNewID("file_storage")
	for _, tt := range []struct {
		name    string
		channel channel
		change  func(*Config) // from the defaults
	}{
		{"minimal", usEast1, func(*Config) {}},
		{"queue_empty", usEast1, func(*Config) {}},
		{
			"bare_channel_id",
			channel{
				ARN:       "arn:aws-cn:cloudtrail:cn-north-1:012345678901:channel/" + testChannelID,
				Partition: "aws-cn", Region: "cn-north-1", Account: "012345678901", ID: testChannelID,
			},
			func(cfg *Config) {
				cfg.ChannelARN = testChannelID
				cfg.Region = "cn-north-1"
				cfg.RecipientAccountID = "012345678901"
				cfg.AssumeRole = AssumeRole{ARN: "arn:aws-cn:iam::012345678901:role/audit-writer", ExternalID: "0123456789"}
			},
		},
		{
			"everything",
			channel{
				ARN:       "arn:aws:cloudtrail:eu-central-1:111122223333:channel/" + testChannelID,
				Partition: "aws", Region: "eu-central-1", Account: "111122223333", ID: testChannelID,
			},
			func(cfg *Config) {
				cfg.ChannelARN = "arn:aws:cloudtrail:eu-central-1:111122223333:channel/" + testChannelID
				cfg.ExternalID = "0123456789"
				cfg.RecipientAccountID = "111122223333"
				cfg.Region = "eu-central-1"
				cfg.Endpoint = "https://cloudtrail-data.example.com/lake"
				cfg.Profile = "audit"
				cfg.AssumeRole = AssumeRole{
					ARN:         "arn:aws:iam::444455556666:role/teams/audit-writer",
					ExternalID:  "role:external/id",
					SessionName: "otelcol@gateway",
					STSRegion:   "eu-west-1",
				}
				cfg.TLS.CAFile = "/etc/ssl/private-ca.pem"
				cfg.TLS.CertFile = "/etc/ssl/client.pem"
				cfg.TLS.KeyFile = "/etc/ssl/client-key.pem"
				cfg.TLS.MinVersion = "1.3"
				cfg.ProxyURL = "http://proxy.example.com:3128"
				cfg.RequestsPerSecond = 12.5
				cfg.Timeout = 10 * time.Second
				cfg.RetryConfig.InitialInterval = time.Second
				cfg.RetryConfig.MaxInterval = time.Minute
				queue := cfg.QueueConfig.Get()
				queue.StorageID = &storage
				queue.QueueSize = 1 << 30
				queue.NumConsumers = 4
				queue.Batch.Get().MinSize = 50
				queue.Batch.Get().MaxSize = 200
				queue.Batch.Get().FlushTimeout = time.Second
				cfg.OnInvalid = mapping.Reject
				cfg.Retention = Retention(2557 * retentionDay)
			},
		},
		{"queue_storage", usEast1, func(cfg *Config) { cfg.QueueConfig.Get().StorageID = &storage }},
		{"queue_flush_timeout", usEast1, func(cfg *Config) { cfg.QueueConfig.Get().Batch.Get().FlushTimeout = time.Second }},
		{"queue_items", usEast1, func(cfg *Config) {
			cfg.QueueConfig.Get().Sizer = exporterhelper.RequestSizerTypeItems
			cfg.QueueConfig.Get().QueueSize = 10_000
		}},
		{"queue_no_batch", usEast1, func(cfg *Config) {
			cfg.QueueConfig.Get().Batch = configoptional.None[exporterhelper.BatchConfig]()
		}},
		{"queue_off", usEast1, func(cfg *Config) {
			cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, err := os.ReadFile("testdata/config.yaml")
			require.NoError(t, err)
			cfg, err := read(t, string(text), "aws_cloudtrail_lake/"+tt.name)
			require.NoError(t, err)

			want := createDefaultConfig().(*Config)
			want.ChannelARN = usEast1.ARN
			tt.change(want)
			assert.Equal(t, want, cfg)
			assert.Empty(t, cfg.warning())

			ch, err := cfg.channel()
			require.NoError(t, err)
			assert.Equal(t, tt.channel, ch)
			assert.Equal(t, want, cfg, "reading the channel changes nothing")
		})
	}
}

// docs/configuration.md documents these defaults. A change of one has to be made in both.
func TestDefaultConfig(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	assert.Equal(t, 100.0, cfg.RequestsPerSecond)
	assert.Equal(t, 30*time.Second, cfg.Timeout)
	assert.Equal(t, mapping.Repair, cfg.OnInvalid)
	assert.Equal(t, configretry.BackOffConfig{
		Enabled:             true,
		InitialInterval:     100 * time.Millisecond,
		RandomizationFactor: 0.5,
		Multiplier:          1.5,
		MaxInterval:         30 * time.Second,
		MaxElapsedTime:      0,
	}, cfg.RetryConfig)
	assert.Equal(t, exporterhelper.QueueBatchConfig{
		Sizer:           exporterhelper.RequestSizerTypeBytes,
		QueueSize:       33_554_432,
		BlockOnOverflow: true,
		NumConsumers:    10,
		Batch: configoptional.Some(exporterhelper.BatchConfig{
			Sizer:        exporterhelper.RequestSizerTypeItems,
			MinSize:      100,
			MaxSize:      100,
			FlushTimeout: 5 * time.Second,
		}),
	}, *cfg.QueueConfig.Get())
	assert.ErrorContains(t, confmap.Validate(cfg), "channel_arn: required")
}

func TestPartition(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "aws", "eu-central-2": "aws", "ap-southeast-4": "aws",
		"cn-north-1": "aws-cn", "cn-northwest-1": "aws-cn",
		"us-gov-east-1": "aws-us-gov", "us-gov-west-1": "aws-us-gov",
		"eusc-de-east-1": "aws-eusc",
		"us-iso-east-1":  "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f",
	} {
		assert.Equal(t, want, partition(region), region)
	}
}

// Any text is refused, or names a channel whose ARN has all that the service needs.
func FuzzChannel(f *testing.F) {
	f.Add(testARN, "", "")
	f.Add(testChannelID, "us-gov-west-1", "012345678901")
	f.Add("arn:aws:cloudtrail:us-east-1:111122223333:channel/", "us-east-1", "111122223333")
	f.Add("arn:::::", "", "")
	f.Fuzz(func(t *testing.T, arn, region, account string) {
		ch, err := (&Config{ChannelARN: arn, Region: region, RecipientAccountID: account}).channel()
		if err != nil {
			return
		}
		require.Regexp(t, `^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:channel/[A-Za-z0-9._-]+$`, ch.ARN)
		again, err := (&Config{ChannelARN: ch.ARN, Region: ch.Region, RecipientAccountID: ch.Account}).channel()
		require.NoError(t, err)
		require.Equal(t, ch, again)
	})
}

func TestWarning(t *testing.T) {
	for _, tt := range []struct{ name, config, want string }{
		{"retry off", `{channel_arn: "` + testARN + `", retry_on_failure: {enabled: false}}`, "retry_on_failure.enabled: false"},
		{"retry bounded", `{channel_arn: "` + testARN + `", retry_on_failure: {max_elapsed_time: 5m}}`, "retry_on_failure.max_elapsed_time: 5m0s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, err := read(t, "aws_cloudtrail_lake: "+tt.config, "aws_cloudtrail_lake")
			require.NoError(t, err)
			assert.Contains(t, cfg.warning(), tt.want)
		})
	}
}

// read reads a configuration as a collector does, environment variables included, and validates it.
func read(t *testing.T, text, id string) (*Config, error) {
	cfg, err := readUnvalidated(t, text, id)
	if err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

// readUnvalidated reads a configuration as a collector does before it validates it.
func readUnvalidated(t *testing.T, text, id string) (*Config, error) {
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{"yaml:" + text},
		DefaultScheme:     "env",
		ProviderFactories: []confmap.ProviderFactory{yamlprovider.NewFactory(), envprovider.NewFactory(), fileprovider.NewFactory()},
	})
	require.NoError(t, err)
	conf, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	require.True(t, conf.IsSet(id), id)
	sub, err := conf.Sub(id)
	require.NoError(t, err)

	cfg := NewFactory().CreateDefaultConfig()
	return cfg.(*Config), sub.Unmarshal(cfg)
}
