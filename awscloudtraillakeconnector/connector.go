// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeconnector

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pipeline"

	awscloudtraillakeexporter "github.com/cloudtrail-lake/awscloudtraillakeexporter"
)

// newLogs returns the exporter's flow, with the pipelines that follow the connector as its outlet.
func newLogs(ctx context.Context, set connector.Settings, cfg *Config, next consumer.Logs) (connector.Logs, error) {
	pipelines, err := pipelinesOf(next)
	if err != nil {
		return nil, err
	}
	return awscloudtraillakeexporter.NewLogs(ctx,
		exporter.Settings{ID: set.ID, TelemetrySettings: set.TelemetrySettings, BuildInfo: set.BuildInfo},
		&cfg.Config,
		&awscloudtraillakeexporter.Outlet{
			Pipelines: pipelines,
			Rejected:  slices.Contains(cfg.Emit, Rejected),
			Trimmed:   slices.Contains(cfg.Emit, Trimmed),
			Ingested:  slices.Contains(cfg.Emit, Ingested),
		})
}

// pipelinesOf takes apart what the Collector gives a connector as the next consumer: with several pipelines behind it,
// one that fails must not make another receive the same records again.
func pipelinesOf(next consumer.Logs) ([]consumer.Logs, error) {
	router, ok := next.(connector.LogsRouterAndConsumer)
	if !ok {
		return []consumer.Logs{next}, nil
	}
	ids := router.PipelineIDs()
	slices.SortFunc(ids, func(a, b pipeline.ID) int { return strings.Compare(a.String(), b.String()) })
	pipelines := make([]consumer.Logs, len(ids))
	for i, id := range ids {
		consumer, err := router.Consumer(id)
		if err != nil {
			return nil, fmt.Errorf("pipeline %s behind the connector: %w", id, err)
		}
		pipelines[i] = consumer
	}
	return pipelines, nil
}
