// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// meters counts. Each count carries the id of the component.
type meters struct {
	builder  *metadata.TelemetryBuilder
	exporter attribute.KeyValue
	// own is the option for what has no attribute but the component's id, made once.
	own []metric.RecordOption

	mu    sync.Mutex
	codes map[string]bool
}

func newMeters(id component.ID, set component.TelemetrySettings) (*meters, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	exporter := attribute.String("exporter", id.String())
	return &meters{
		builder:  builder,
		exporter: exporter,
		codes:    map[string]bool{},
		own:      []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(exporter))},
	}, nil
}

func (m *meters) with(attributes ...attribute.KeyValue) metric.AddOption {
	return metric.WithAttributeSet(attribute.NewSet(append(attributes, m.exporter)...))
}

func (m *meters) mapped(preset string, n int64) {
	m.builder.ExporterAwsCloudtrailLakeEventsMapped.Add(context.Background(), n, m.with(attribute.String("preset", preset)))
}

func (m *meters) ingested(preset string, n int64) {
	m.builder.ExporterAwsCloudtrailLakeEventsIngested.Add(context.Background(), n, m.with(attribute.String("preset", preset)))
}

// maxCodes is how many error codes are told apart. The service chooses them, and each makes a time series.
const maxCodes = 100

// otherCode stands for codes beyond those.
const otherCode = "Other"

// code returns what stands for an error code in the metrics.
func (m *meters) code(code string) attribute.KeyValue {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.codes[code] {
		if len(m.codes) >= maxCodes {
			code = otherCode
		}
		m.codes[code] = true
	}
	return attribute.String("error_code", code)
}

func (m *meters) failed(code string, retryable bool, n int64) {
	m.builder.ExporterAwsCloudtrailLakeEventsFailed.Add(context.Background(), n,
		m.with(m.code(code), attribute.Bool("retryable", retryable)))
}

func (m *meters) repaired(r *mapping.Repairs) {
	if !r.Any() {
		return
	}
	for field, action := range r.All() {
		m.builder.ExporterAwsCloudtrailLakeEventsRepaired.Add(context.Background(), 1,
			m.with(attribute.String("field", field.String()), attribute.String("action", action.String())))
	}
}

func (m *meters) mappingErrors(errors []mapping.MappingError) {
	for _, e := range errors {
		m.builder.ExporterAwsCloudtrailLakeMappingErrors.Add(context.Background(), 1,
			m.with(attribute.String("rule", e.Rule), attribute.String("field", e.Field)))
	}
}

// itemsLeftOut counts the items of a list that a replayed record does not mean.
func (m *meters) itemsLeftOut(n int) {
	if n > 0 {
		m.builder.ExporterAwsCloudtrailLakeReplayItemsLeftOut.Add(context.Background(), int64(n), metric.WithAttributeSet(attribute.NewSet(m.exporter)))
	}
}

// age records how long an event took from its own time to its ingestion. A clock ahead of ours gives no negative age.
func (m *meters) age(now, event time.Time) {
	m.builder.ExporterAwsCloudtrailLakeEventAge.Record(context.Background(), max(0, now.Sub(event).Seconds()), m.own...)
}

// request records one request. code is OK for HTTP 200.
func (m *meters) request(code string, took time.Duration, events, size int) {
	ctx := context.Background()
	m.builder.ExporterAwsCloudtrailLakeRequests.Add(ctx, 1, m.with(m.code(code)))
	m.builder.ExporterAwsCloudtrailLakeRequestDuration.Record(ctx, took.Seconds(), m.own...)
	m.builder.ExporterAwsCloudtrailLakeRequestEvents.Record(ctx, int64(events), m.own...)
	m.builder.ExporterAwsCloudtrailLakeRequestSize.Record(ctx, int64(size), m.own...)
}
