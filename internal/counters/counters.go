// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package counters reads the exporter's counters out of a component's telemetry, for tests and for `make chaos`.
package counters

import (
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// Sum adds up the values of a counter that have the attributes; nothing counted is 0. name is the metric's, without
// otelcol_exporter_aws_cloudtrail_lake_.
func Sum(t *componenttest.Telemetry, name string, attributes ...attribute.KeyValue) (total int64) {
	m, err := t.GetMetric("otelcol_exporter_aws_cloudtrail_lake_" + name)
	if err != nil {
		return 0
	}
points:
	for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
		for _, a := range attributes {
			if value, ok := point.Attributes.Value(a.Key); !ok || value != a.Value {
				continue points
			}
		}
		total += point.Value
	}
	return total
}
