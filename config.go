// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// Config is the configuration of the exporter. The zero value is not usable: start from the factory's default.
type Config struct {
	// ChannelARN is the ARN of the CloudTrail Lake channel to write to, or its bare channel ID,
	// for which Region and RecipientAccountID complete the ARN. Required.
	ChannelARN string `mapstructure:"channel_arn"`

	// ExternalID goes into each request, for a channel whose policy demands one. Empty: not sent.
	// It is not the external ID of AssumeRole.
	ExternalID configopaque.String `mapstructure:"external_id"`

	// RecipientAccountID is the account that owns the channel, 12 digits. Default: the account in ChannelARN.
	RecipientAccountID string `mapstructure:"recipient_account_id"`

	// Region is the channel's Region. Default: the Region in ChannelARN.
	Region string `mapstructure:"region"`

	// Endpoint is the URL of the CloudTrail Data service. Default: the SDK's, for the Region.
	Endpoint string `mapstructure:"endpoint"`

	// Profile is a profile of the shared AWS configuration. Default: the SDK's.
	Profile string `mapstructure:"profile"`

	// AssumeRole is the role to take before calling CloudTrail. Default: none.
	AssumeRole AssumeRole `mapstructure:"assume_role"`

	// TLS applies to connections to CloudTrail's endpoint.
	TLS configtls.ClientConfig `mapstructure:"tls"`

	// ProxyURL is the proxy for AWS's endpoints. Default: as the environment says.
	ProxyURL string `mapstructure:"proxy_url"`

	// RequestsPerSecond bounds the requests of this instance; 0 is no bound. CloudTrail allows 100 a second for each
	// account and Region, shared by all that write there:
	// https://docs.aws.amazon.com/general/latest/gr/ct.html
	RequestsPerSecond float64 `mapstructure:"requests_per_second"`

	// Timeout bounds one HTTP request; the wait for its turn is not counted.
	Timeout time.Duration `mapstructure:"timeout"`

	// RetryConfig says how often and how long a failed delivery is tried again. By default for ever.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`

	// QueueConfig is the queue in front of the exporter, and how it batches.
	QueueConfig configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`

	// AcceptReplay lets records say which items of the list that they hold are meant, as records do that left through the
	// connector. Without it, no sender's attribute aws.cloudtrail_lake.* has an effect. Set it only where all senders are trusted
	// to replay records.
	AcceptReplay bool `mapstructure:"accept_replay"`

	// OnInvalid says what becomes of an event that breaks one of the service's limits: repair or reject.
	OnInvalid mapping.OnInvalid `mapstructure:"on_invalid"`

	// Mappings say how records become events. The first rule that takes a record maps it; one that none takes is mapped by
	// the preset that fits it.
	Mappings []mapping.Rule `mapstructure:"mappings"`

	// Redact says which secrets are kept out of events.
	Redact mapping.Redact `mapstructure:"redact"`
}

// AssumeRole names an IAM role, as sigv4auth's assume_role does.
type AssumeRole struct {
	// ARN is the role's.
	ARN string `mapstructure:"arn"`

	// ExternalID is the one that the role's trust policy demands. It is not the channel's.
	ExternalID configopaque.String `mapstructure:"external_id"`

	// SessionName names the session in CloudTrail's own records of the role's use. Default: the SDK's.
	SessionName string `mapstructure:"session_name"`

	// STSRegion is the Region whose STS is asked. Default: the channel's Region.
	STSRegion string `mapstructure:"sts_region"`
}

// defaultQueueSize is in bytes: 32 MiB of OTLP bound the queue's memory whatever the size of a record.
const defaultQueueSize = 32 << 20

func createDefaultConfig() component.Config {
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.Sizer = exporterhelper.RequestSizerTypeBytes
	queue.QueueSize = defaultQueueSize
	queue.BlockOnOverflow = true // An audit record waits; it is not refused.
	queue.Batch = configoptional.Some(exporterhelper.BatchConfig{
		// A request holds up to 100 events, and the quota counts requests.
		Sizer:        exporterhelper.RequestSizerTypeItems,
		MinSize:      100,
		MaxSize:      100,
		FlushTimeout: 5 * time.Second,
	})

	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval = 100 * time.Millisecond // A throttled event holds a worker meanwhile.
	retry.MaxElapsedTime = 0                       // Never give up.

	return &Config{
		TLS:               configtls.NewDefaultClientConfig(),
		RequestsPerSecond: 100,
		Timeout:           30 * time.Second,
		RetryConfig:       retry,
		QueueConfig:       configoptional.Some(queue),
		OnInvalid:         mapping.Repair,
		Redact:            mapping.Redact{Enabled: true},
	}
}

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

// Unmarshal reads the configuration. It keeps the text of each value that comes from the environment or another provider, and
// says what to write where YAML has made something else of a text.
func (cfg *Config) Unmarshal(conf *confmap.Conf) error {
	if err := conf.Unmarshal(cfg); err != nil {
		return adviseQuotes("", err)
	}
	return cfg.keepTexts(conf)
}

// Validate finds what cannot work before anything starts. Each error names its key and says what to write instead.
func (cfg *Config) Validate() error {
	_, channelErr := cfg.channel()
	return errors.Join(
		channelErr,
		cfg.validateAccess(),
		cfg.validateEndpoint(),
		cfg.validateProxy(),
		cfg.validateDelivery(),
		mapping.ValidateRules(cfg.Mappings, cfg.Redact),
	)
}
