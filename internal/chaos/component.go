// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/extension"

	awscloudtraillakeexporter "github.com/cloudtrail-lake/awscloudtraillakeexporter"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/awscloudtraillakeconnector"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// logs is what exporter and connector have in common.
type logs interface {
	component.Component
	consumer.Logs
}

// newComponent makes the exporter or the connector of a cell, as the collector makes it. What leaves the connector goes to
// next. dir is where a queue on disk is.
func newComponent(ctx context.Context, c cell, endpoint, dir string, set component.TelemetrySettings, next consumer.Logs) (logs, component.Host, error) {
	host := host{}
	if c.connector {
		factory := awscloudtraillakeconnector.NewFactory()
		cfg := factory.CreateDefaultConfig().(*awscloudtraillakeconnector.Config)
		cfg.Emit = []awscloudtraillakeconnector.Outcome{awscloudtraillakeconnector.Rejected, awscloudtraillakeconnector.Ingested}
		if err := configure(ctx, &cfg.Config, c, endpoint, dir, host); err != nil {
			return nil, nil, err
		}
		made, err := factory.CreateLogsToLogs(ctx, connector.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: set}, cfg, next)
		return made, host, err
	}
	factory := awscloudtraillakeexporter.NewFactory()
	cfg := factory.CreateDefaultConfig().(*awscloudtraillakeexporter.Config)
	if err := configure(ctx, cfg, c, endpoint, dir, host); err != nil {
		return nil, nil, err
	}
	made, err := factory.CreateLogs(ctx, exporter.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: set}, cfg)
	return made, host, err
}

// configure changes what would make a cell wait, and where the queue is.
func configure(ctx context.Context, cfg *awscloudtraillakeexporter.Config, c cell, endpoint, dir string, host host) error {
	cfg.ChannelARN = emulator.ExampleChannelARN
	cfg.Endpoint = endpoint
	cfg.RequestsPerSecond = 0
	cfg.RetryConfig.InitialInterval = 5 * time.Millisecond
	cfg.RetryConfig.MaxInterval = 50 * time.Millisecond
	if c.class.timeout > 0 {
		cfg.Timeout = c.class.timeout
	}
	queue := cfg.QueueConfig.Get()
	queue.Batch.Get().FlushTimeout = 20 * time.Millisecond
	if c.durable {
		id, storage, err := newStorage(ctx, dir)
		if err != nil {
			return err
		}
		queue.StorageID, host[id] = &id, storage
	}
	return cfg.Validate()
}

func newStorage(ctx context.Context, dir string) (component.ID, component.Component, error) {
	factory := filestorage.NewFactory()
	id := component.NewID(factory.Type())
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = dir
	storage, err := factory.Create(ctx, extension.Settings{ID: id, TelemetrySettings: componenttest.NewNopTelemetrySettings()}, cfg)
	return id, storage, err
}

// host is a collector that has these extensions.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }
