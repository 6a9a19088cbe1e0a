// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"net/url"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/backpressure"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/queuestore"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// logsExporter is the Collector's queue, batches and retries, with the flow behind them and the gate in front. It prepares the
// records that come in, and tells the gate and the flow of a shutdown before the queue is emptied.
type logsExporter struct {
	exporter.Logs
	gate         *backpressure.Gate // nil without a queue
	flow         *flow.Flow
	storage      *component.ID // of the queue; nil = it is in memory
	acceptReplay bool
	logger       *zap.Logger
}

// Outlet says of which outcomes records leave through a connector, and into which pipelines. An exporter has none.
type Outlet = flow.Outlet

// NewLogs returns what both the exporter and the connector are: the flow to CloudTrail, behind a queue. outlet is the
// connector's, and nil for an exporter; its ChannelARN is filled in.
func NewLogs(ctx context.Context, set exporter.Settings, cfg *Config, outlet *Outlet) (exporter.Logs, error) {
	if warning := cfg.warning(); warning != "" {
		set.Logger.Warn(warning)
	}
	f, err := newFlow(set, cfg, outlet)
	if err != nil {
		return nil, err
	}
	e := &logsExporter{flow: f, acceptReplay: cfg.AcceptReplay, logger: set.Logger}
	push := f.Push
	queue := cfg.QueueConfig
	if queue.HasValue() {
		e.storage = queue.Get().StorageID
		gate := backpressure.Config{Queue: *queue.Get(), Logger: set.Logger}
		e.gate = backpressure.New(gate, func(ctx context.Context, logs plog.Logs) error { return e.Logs.ConsumeLogs(ctx, logs) })
		queue = configoptional.Some(gate.Inner())
		push = func(ctx context.Context, logs plog.Logs) error {
			defer e.gate.Freed()
			return f.Push(ctx, logs)
		}
		set = backpressure.Quiet(set)
	}
	retry := cfg.RetryConfig
	retry.MaxElapsedTime = 0 // the flow gives up itself: it can say on which events
	e.Logs, err = exporterhelper.NewLogs(ctx, set, cfg, push,
		exporterhelper.WithStart(f.Start),
		exporterhelper.WithShutdown(f.Shutdown),
		// The queue is given records that Admit has changed.
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: true}),
		// The helper's timeout is of a whole push, waits included; the client bounds each request.
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 0}),
		exporterhelper.WithRetry(retry),
		exporterhelper.WithQueue(queue),
	)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Start starts the flow and the queue.
func (e *logsExporter) Start(ctx context.Context, host component.Host) error {
	if e.storage == nil {
		return e.Logs.Start(ctx, host)
	}
	return queuestore.Start(ctx, host, *e.storage, e.logger, e.Logs)
}

// ConsumeLogs puts records into the queue.
func (e *logsExporter) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	flow.Admit(logs, time.Now(), e.acceptReplay)
	if e.gate == nil {
		return e.Logs.ConsumeLogs(ctx, logs)
	}
	return e.gate.ConsumeLogs(ctx, logs)
}

// Shutdown empties the queue and stops.
func (e *logsExporter) Shutdown(ctx context.Context) error {
	if e.gate != nil {
		e.gate.Close()
	}
	e.flow.Closing()
	return e.Logs.Shutdown(ctx)
}

func newFlow(set exporter.Settings, cfg *Config, outlet *Outlet) (*flow.Flow, error) {
	ch, err := cfg.channel()
	if err != nil {
		return nil, err
	}
	mapper, err := cfg.NewMapper()
	if err != nil {
		return nil, err
	}
	if outlet != nil {
		outlet.ChannelARN = ch.ARN
	}
	return flow.New(flow.Options{
		ID:                set.ID,
		Telemetry:         set.TelemetrySettings,
		Mapper:            mapper,
		Connect:           func(ctx context.Context) (flow.Client, error) { return connect(ctx, set, cfg, ch) },
		RequestsPerSecond: cfg.RequestsPerSecond,
		Grace:             cfg.Timeout,
		ResendAfter:       resendAfter(cfg),
		Retries:           cfg.RetryConfig.Enabled,
		GiveUpAfter:       cfg.RetryConfig.MaxElapsedTime,
		Retention:         time.Duration(cfg.Retention),
		Durable:           cfg.durable(),
		Outlet:            outlet,
	})
}

// NewMapper makes what the exporter maps records with, so that a tool can show what would be sent.
func (cfg *Config) NewMapper() (*mapping.Mapper, error) {
	ch, err := cfg.channel()
	if err != nil {
		return nil, err
	}
	return mapping.New(mapping.Config{
		RecipientAccountID: ch.Account, OnInvalid: cfg.OnInvalid, Version: version,
		Rules: cfg.Mappings, Redact: cfg.Redact, Retention: time.Duration(cfg.Retention),
	})
}

// durable says whether records that are not settled outlive the process: in the queue's storage, or with a sender that waits for
// the result and so learns that they were not settled.
func (cfg *Config) durable() bool {
	queue := cfg.QueueConfig.Get()
	return queue == nil || queue.WaitForResult || queue.StorageID != nil
}

// resendAfter is the first wait before single events are sent again: that of the retries, if there are any.
func resendAfter(cfg *Config) time.Duration {
	if !cfg.RetryConfig.Enabled {
		return 0
	}
	return cfg.RetryConfig.InitialInterval
}

// connect makes the client as the configuration says, and logs the endpoints. It needs no network.
func connect(ctx context.Context, set exporter.Settings, cfg *Config, ch channel) (flow.Client, error) {
	tlsConfig, err := cfg.TLS.LoadTLSConfig(ctx)
	if err != nil {
		return nil, err
	}
	var proxy *url.URL
	if cfg.ProxyURL != "" {
		if proxy, err = url.Parse(cfg.ProxyURL); err != nil {
			return nil, err
		}
	}
	client, err := lake.New(ctx, lake.Config{
		ChannelARN: ch.ARN,
		ExternalID: string(cfg.ExternalID),
		Region:     ch.Region,
		Endpoint:   cfg.Endpoint,
		Insecure:   cfg.TLS.Insecure,
		Profile:    cfg.Profile,
		AssumeRole: lake.AssumeRole{
			ARN:         cfg.AssumeRole.ARN,
			ExternalID:  string(cfg.AssumeRole.ExternalID),
			SessionName: cfg.AssumeRole.SessionName,
			STSRegion:   cfg.AssumeRole.STSRegion,
		},
		TLS:      tlsConfig,
		ProxyURL: proxy,
		Timeout:  cfg.Timeout,
		AppID:    set.BuildInfo.Command + "-" + set.BuildInfo.Version,
	})
	if err != nil {
		return nil, err
	}
	logEndpoint(set.Logger, "Sending to CloudTrail.", client.Endpoint())
	if endpoint, ok := client.STSEndpoint(); ok {
		logEndpoint(set.Logger, "Getting credentials from STS.", endpoint)
	}
	return client, nil
}

// logEndpoint logs an endpoint and its source: a variable that was meant for another program would go unnoticed otherwise.
func logEndpoint(logger *zap.Logger, message string, endpoint lake.Endpoint) {
	logger.Info(message, zap.String("endpoint", endpoint.URL), zap.String("source", endpoint.Source))
	if len(endpoint.Ignored) > 0 {
		logger.Info("FIPS and dual stack are off for this endpoint, since it is configured. Write the URL of a FIPS or dual-stack endpoint if you need one.",
			zap.String("endpoint", endpoint.URL), zap.Strings("ignored", endpoint.Ignored))
	}
}
