// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package backpressure

import (
	"context"
	"strings"

	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// offerKind says which of the offers of the same records this is.
type offerKind int

const (
	onlyOffer  offerKind = iota // its refusal is final, and nothing was offered before
	firstOffer                  // more may follow
	laterOffer
	lastOffer
)

type offerKey struct{}

func withOffer(ctx context.Context, kind offerKind) context.Context {
	return context.WithValue(ctx, offerKey{}, kind)
}

// Quiet returns settings for the queue behind a gate. With them the queue counts each payload once and each refusal once,
// however often the gate offers the payload. It leaves it to the gate to log that it is full, and to the flow to log what is lost.
func Quiet(set exporter.Settings) exporter.Settings {
	set.MeterProvider = meterProvider{set.MeterProvider}
	set.Logger = set.Logger.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core { return lineFilter{core} }))
	return set
}

type meterProvider struct{ metric.MeterProvider }

func (p meterProvider) Meter(name string, options ...metric.MeterOption) metric.Meter {
	return meter{p.MeterProvider.Meter(name, options...)}
}

type meter struct{ metric.Meter }

// The instruments that the queue moves at each offer, by their names in exporterhelper's metadata.yaml.
const (
	enqueueFailed = "otelcol_exporter_enqueue_failed_log_records"
	enqueueSize   = "otelcol_exporter_enqueue_size" // and _bytes
)

func (m meter) Int64Counter(name string, options ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	counter, err := m.Meter.Int64Counter(name, options...)
	if name == enqueueFailed {
		counter = failureCounter{counter}
	}
	return counter, err
}

func (m meter) Int64Histogram(name string, options ...metric.Int64HistogramOption) (metric.Int64Histogram, error) {
	histogram, err := m.Meter.Int64Histogram(name, options...)
	if strings.HasPrefix(name, enqueueSize) {
		histogram = sizeHistogram{histogram}
	}
	return histogram, err
}

// failureCounter counts the refusals that are final.
type failureCounter struct{ metric.Int64Counter }

func (c failureCounter) Add(ctx context.Context, n int64, options ...metric.AddOption) {
	if kind, _ := ctx.Value(offerKey{}).(offerKind); kind == firstOffer || kind == laterOffer {
		return
	}
	c.Int64Counter.Add(ctx, n, options...)
}

// sizeHistogram records each payload at its first offer.
type sizeHistogram struct{ metric.Int64Histogram }

func (h sizeHistogram) Record(ctx context.Context, n int64, options ...metric.RecordOption) {
	if kind, _ := ctx.Value(offerKey{}).(offerKind); kind == laterOffer || kind == lastOffer {
		return
	}
	h.Int64Histogram.Record(ctx, n, options...)
}

// lineFilter drops lines of exporterhelper that would mislead.
type lineFilter struct{ zapcore.Core }

const (
	// refusal begins the line of exporterhelper, internal/base_exporter.go, about records that the queue does not take. While the
	// queue is full there is one for each offer.
	refusal = "Exporting failed. Rejecting data."
	// dropping begins the line of internal/queue_sender.go about a batch of which not all is delivered when the queue stops. It
	// says that the data is dropped, also of a queue on disk, which keeps it. The flow names and counts what is lost.
	dropping = "Exporting failed. Dropping data."
)

func (f lineFilter) With(fields []zapcore.Field) zapcore.Core { return lineFilter{f.Core.With(fields)} }

func (f lineFilter) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	switch {
	case strings.HasPrefix(entry.Message, dropping):
		return checked
	case strings.HasPrefix(entry.Message, refusal) && f.Enabled(entry.Level):
		return checked.AddCore(entry, f) // Write looks at the error
	default:
		return f.Core.Check(entry, checked)
	}
}

// Write drops a line about a queue that is full, or too small.
func (f lineFilter) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	for _, field := range fields {
		if err, ok := field.Interface.(error); ok && (isFull(err) || err.Error() == sizeTooLarge) {
			return nil
		}
	}
	if checked := f.Core.Check(entry, nil); checked != nil {
		checked.Write(fields...)
	}
	return nil
}

// sizeTooLarge is the error of a queue in memory for a payload that is larger than the queue; exporterhelper does not export it.
const sizeTooLarge = "element size too large"
