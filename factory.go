// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
)

// NewFactory returns the factory of the aws_cloudtrail_lake exporter, which takes logs.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		metadata.Type,
		createDefaultConfig,
		exporter.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createLogs(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	return NewLogs(ctx, set, cfg.(*Config), nil)
}
