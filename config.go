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
	// ChannelARN is the ARN of the CloudTrail Lake channel to write to, or its bare channel ID.
	// A bare ID needs Region and RecipientAccountID too. Required.
	ChannelARN string `mapstructure:"channel_arn"`

	// ExternalID is sent with each request, for a channel whose policy requires one. It is not sent if it is empty.
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

	// AssumeRole is the role that the exporter assumes before it calls CloudTrail. Default: none.
	AssumeRole AssumeRole `mapstructure:"assume_role"`

	// TLS applies to connections to CloudTrail's endpoint.
	TLS configtls.ClientConfig `mapstructure:"tls"`

	// ProxyURL is the proxy for AWS's endpoints. Default: the proxy that the environment variables name.
	ProxyURL string `mapstructure:"proxy_url"`

	// RequestsPerSecond limits the requests of this instance; 0 is no limit. CloudTrail allows 100 a second for each
	// account and Region, and all its writers share them:
	// https://docs.aws.amazon.com/general/latest/gr/ct.html
	RequestsPerSecond float64 `mapstructure:"requests_per_second"`

	// Timeout limits one HTTP request. The wait for its turn does not count.
	Timeout time.Duration `mapstructure:"timeout"`

	// RetryConfig defines how often and how long the exporter retries a failed delivery. Default: forever.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`

	// QueueConfig is the queue in front of the exporter, and its batches.
	QueueConfig configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`

	// AcceptReplay lets records say which items of the list that they hold are meant, as records do that left through the
	// connector. Without it, no sender's attribute aws.cloudtrail_lake.* has an effect. Set it only where you trust every sender
	// to replay records.
	AcceptReplay bool `mapstructure:"accept_replay"`

	// OnInvalid decides what happens to an event that breaks one of the service's limits: repair or reject.
	OnInvalid mapping.OnInvalid `mapstructure:"on_invalid"`

	// Mappings define how records become events. The first rule that takes a record maps it. If no rule takes a record, the
	// preset that fits it does.
	Mappings []mapping.Rule `mapstructure:"mappings"`

	// Redact defines which secrets the exporter keeps out of events.
	Redact mapping.Redact `mapstructure:"redact"`

	// Retention is how long the event data store keeps events, counted from eventTime: its RetentionPeriod. An event that is older
	// when it is observed is sent and marked, since CloudTrail acknowledges it and then removes it. Default: not known, no check.
	Retention Retention `mapstructure:"retention"`
}

// AssumeRole names an IAM role, as sigv4auth's assume_role does.
type AssumeRole struct {
	// ARN is the ARN of the role.
	ARN string `mapstructure:"arn"`

	// ExternalID is the external ID that the role's trust policy requires. It is not the channel's.
	ExternalID configopaque.String `mapstructure:"external_id"`

	// SessionName is the session's name in CloudTrail's records of the role's use. Default: the SDK's.
	SessionName string `mapstructure:"session_name"`

	// STSRegion is the Region of the STS that the exporter calls. Default: the channel's Region.
	STSRegion string `mapstructure:"sts_region"`
}

// defaultQueueSize is in bytes: 32 MiB of OTLP limit the queue's memory for records of any size.
const defaultQueueSize = 32 << 20

// minQueueBytes is the smallest size of a queue that counts bytes. The queue takes a payload whole, and never one that is larger than
// the queue: its sender fails at each attempt, or waits forever where the queue is on disk. file_log hands over 100 lines at a time,
// which are 1 MiB at 10 kB a line. Other exporters count payloads, so a size below this was most likely written for one of them.
const minQueueBytes = 1 << 20

func createDefaultConfig() component.Config {
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.Sizer = exporterhelper.RequestSizerTypeBytes
	queue.QueueSize = defaultQueueSize
	queue.BlockOnOverflow = true // An audit record waits. The queue does not refuse it.
	queue.Batch = configoptional.Some(exporterhelper.BatchConfig{
		// A request holds up to 100 events, and CloudTrail's quota counts requests.
		Sizer:        exporterhelper.RequestSizerTypeItems,
		MinSize:      100,
		MaxSize:      100,
		FlushTimeout: 5 * time.Second,
	})

	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval = 100 * time.Millisecond // A throttled event occupies a consumer of the queue until then.
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

// Validate finds what cannot work, before the collector starts. Each error names its key and says what to write instead.
func (cfg *Config) Validate() error {
	_, channelErr := cfg.channel()
	return errors.Join(
		channelErr,
		cfg.validateAccess(),
		cfg.validateEndpoint(),
		cfg.validateProxy(),
		cfg.validateDelivery(),
		cfg.validateRetention(),
		mapping.ValidateRules(cfg.Mappings, cfg.Redact),
	)
}
