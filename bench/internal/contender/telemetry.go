// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package contender

import (
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/sdk/metric"
)

// instrumentations are the meters that a collector drops at its default level of telemetry, normal.
// https://github.com/open-telemetry/opentelemetry-collector/blob/v0.161.0/service/internal/metricviews/views.go
var instrumentations = []string{
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc",
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp",
}

// dropped are the metrics of the queue that it drops at that level.
var dropped = []string{
	"otelcol_exporter_queue_batch_send_size_bytes",
	"otelcol_exporter_queue_batch_send_size",
	"otelcol_exporter_enqueue_size_bytes",
	"otelcol_exporter_enqueue_size",
}

// Telemetry is what a collector gives its components by default: metrics that are kept, no traces. Logs go nowhere: there is
// nothing to log where nothing fails.
func Telemetry() component.TelemetrySettings {
	set := componenttest.NewNopTelemetrySettings()
	drop := metric.Stream{Aggregation: metric.AggregationDrop{}}
	set.MeterProvider = metric.NewMeterProvider(
		metric.WithReader(metric.NewManualReader()),
		metric.WithView(func(i metric.Instrument) (metric.Stream, bool) {
			return drop, slices.Contains(instrumentations, i.Scope.Name) || slices.Contains(dropped, i.Name)
		}),
	)
	return set
}
