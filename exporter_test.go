// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/counters"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadatatest"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// bench is an exporter made by its factory, as the collector makes it, and an emulator that it writes to.
type bench struct {
	t         *testing.T
	lake      *emulator.Emulator
	cfg       *Config
	telemetry *componenttest.Telemetry
	host      *testHost
	exporter  exporter.Logs
}

func newBench(t *testing.T, change ...func(*bench)) *bench {
	lake, err := emulator.New(emulator.Config{ChannelARN: testARN})
	require.NoError(t, err)
	server := httptest.NewServer(lake)
	t.Cleanup(server.Close)

	b := &bench{t: t, lake: lake, telemetry: componenttest.NewTelemetry(), host: &testHost{}}
	t.Cleanup(func() { require.NoError(t, b.telemetry.Shutdown(context.Background())) })
	b.cfg = NewFactory().CreateDefaultConfig().(*Config)
	b.cfg.ChannelARN = testARN
	b.cfg.Endpoint = server.URL
	b.cfg.QueueConfig.Get().Batch.Get().FlushTimeout = 10 * time.Millisecond
	b.cfg.RequestsPerSecond = 0
	for _, c := range change {
		c(b)
	}
	b.start()
	return b
}

func (b *bench) start() {
	require.NoError(b.t, b.cfg.Validate())
	set := metadatatest.NewSettings(b.telemetry)
	var err error
	b.exporter, err = NewFactory().CreateLogs(context.Background(), set, b.cfg)
	require.NoError(b.t, err)
	require.NoError(b.t, b.exporter.Start(context.Background(), b.host))
}

func (b *bench) stop() { require.NoError(b.t, b.exporter.Shutdown(context.Background())) }

// send consumes n records, in as many requests as there are sizes.
func (b *bench) send(sizes ...int) {
	next := 0
	for _, n := range sizes {
		require.NoError(b.t, b.exporter.ConsumeLogs(context.Background(), auditLogs(next, n)))
		next += n
	}
}

// ingested waits until the emulator has stored so many events, and asserts that it has none of them twice.
func (b *bench) ingested(n int) {
	b.t.Helper()
	require.Eventually(b.t, func() bool { return b.lake.Counts().Ingested >= n }, time.Minute, 10*time.Millisecond)
	seen := map[string]bool{}
	for _, e := range b.lake.Events() {
		require.False(b.t, seen[e.ID], "%s twice", e.ID)
		seen[e.ID] = true
	}
	require.Len(b.t, seen, n)
	require.Zero(b.t, b.lake.Counts().Violations)
}

func (b *bench) sum(name string, attributes ...attribute.KeyValue) int64 {
	return counters.Sum(b.telemetry, name, attributes...)
}

// auditLogs returns records with the ids first, first+1, ….
func auditLogs(first, n int) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "billing")
	lrs := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		lr := lrs.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		lr.SetEventName(fmt.Sprint("event", (first+i)%10))
		lr.Body().SetStr("something happened")
		lr.Attributes().PutStr("user.id", "u1")
		lr.Attributes().PutStr("log.record.uid", strconv.Itoa(first+i))
	}
	return logs
}

type testHost struct {
	extensions map[component.ID]component.Component
	statuses   chan componentstatus.Status
}

func (h *testHost) GetExtensions() map[component.ID]component.Component { return h.extensions }

// Report implements componentstatus.Reporter.
func (h *testHost) Report(e *componentstatus.Event) {
	if h.statuses != nil {
		h.statuses <- e.Status()
	}
}

// storage gives the host a file storage, and the exporter a queue that lives there.
func storage(t *testing.T) func(*bench) {
	return func(b *bench) {
		factory := filestorage.NewFactory()
		cfg := factory.CreateDefaultConfig().(*filestorage.Config)
		cfg.Directory = filepath.Join(t.TempDir(), "queue")
		cfg.CreateDirectory = true
		id := component.NewID(factory.Type())
		ext, err := factory.Create(context.Background(), extension.Settings{ID: id, TelemetrySettings: componenttest.NewNopTelemetrySettings()}, cfg)
		require.NoError(t, err)
		require.NoError(t, ext.Start(context.Background(), b.host))
		t.Cleanup(func() { require.NoError(t, ext.Shutdown(context.Background())) })
		b.host.extensions = map[component.ID]component.Component{id: ext}
		b.cfg.QueueConfig.Get().StorageID = &id
	}
}

func TestRequestsAreFull(t *testing.T) {
	b := newBench(t, func(b *bench) { b.cfg.QueueConfig.Get().Batch.Get().FlushTimeout = time.Minute })
	b.send(37, 1, 262, 99, 1, 600)
	b.ingested(1000)
	require.Len(t, b.lake.Requests(), 10)
	b.stop()
}

func TestEventFaults(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.lake.SetFaults(emulator.Faults{Seed: 1, Events: []emulator.EventFault{
		{Code: "Throttling", Rate: 0.2}, {Code: "InternalFailure", Rate: 0.1}, {Code: "NotListed", Rate: 0.05},
	}}))
	b.send(2000)
	b.ingested(2000)
	b.stop()
	require.EqualValues(t, 2000, b.sum("events_mapped"))
	require.EqualValues(t, 2000, b.sum("events_ingested"))
	require.Zero(t, b.sum("events_failed", attribute.Bool("retryable", false)))
	require.Positive(t, b.sum("events_failed", attribute.String("error_code", "NotListed")))
}

func TestRequestFaults(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.lake.SetFaults(emulator.Faults{Seed: 1, Requests: []emulator.RequestFault{
		{Code: "ServiceUnavailable", Status: 503, Rate: 0.1}, {Code: "ThrottlingException", Rate: 0.1}, {Cut: emulator.CutBefore, Rate: 0.1},
	}}))
	b.send(5000)
	b.ingested(5000)
	b.stop()
	require.EqualValues(t, 5000, b.sum("events_ingested"))
}

func TestOperatorMendsAccess(t *testing.T) {
	b := newBench(t, func(b *bench) { b.host.statuses = make(chan componentstatus.Status, 10) })
	require.NoError(t, b.lake.SetFaults(emulator.Faults{Requests: []emulator.RequestFault{{Code: "AccessDeniedException", First: 20}}}))
	b.send(2500)
	b.ingested(2500)
	require.Equal(t, componentstatus.StatusRecoverableError, <-b.host.statuses)
	require.Equal(t, componentstatus.StatusOK, <-b.host.statuses)
	b.stop()
	require.EqualValues(t, 20, b.sum("requests", attribute.String("error_code", "AccessDeniedException")))
	require.Zero(t, b.sum("events_failed"))
}

func TestWrongAccountIsMended(t *testing.T) {
	const wrong = "444455556666"
	b := newBench(t, storage(t), func(b *bench) {
		b.host.statuses = make(chan componentstatus.Status, 10)
		b.cfg.ChannelARN = "arn:aws:cloudtrail:us-east-1:" + wrong + ":channel/" + testChannelID
	})
	b.send(300)
	require.Equal(t, componentstatus.StatusRecoverableError, <-b.host.statuses, "the channel does not exist")
	b.stop()
	require.Zero(t, b.sum("events_failed", attribute.Bool("retryable", false)), "the queue keeps what it has")

	b.cfg.ChannelARN = testARN
	b.start()
	b.ingested(300)
	b.stop()
	require.Zero(t, b.sum("events_failed", attribute.Bool("retryable", false)))
	for _, e := range b.lake.Events() {
		var data struct{ RecipientAccountID string }
		require.NoError(t, json.Unmarshal(e.EventData, &data))
		require.Equal(t, "111122223333", data.RecipientAccountID, "records are mapped when they are sent")
	}
}

func TestPermanentCodesAreCounted(t *testing.T) {
	b := newBench(t)
	codes := []string{"FieldTooLong", "FieldNotFound", "InvalidChecksum", "InvalidData", "InvalidRecipient", "InvalidEventSource"}
	faults := emulator.Faults{}
	for i, code := range codes {
		faults.Events = append(faults.Events, emulator.EventFault{Code: code, Match: emulator.Match{EventName: fmt.Sprint("event", i)}})
	}
	require.NoError(t, b.lake.SetFaults(faults))
	b.send(1000)
	b.ingested(400)
	b.stop()
	for _, code := range codes {
		require.EqualValues(t, 100, b.sum("events_failed", attribute.String("error_code", code), attribute.Bool("retryable", false)), code)
	}
	require.EqualValues(t, 1000, b.sum("events_mapped"))
}

func TestMetrics(t *testing.T) {
	b := newBench(t, func(b *bench) {
		b.cfg.QueueConfig.Get().Batch.Get().FlushTimeout = time.Minute
		b.cfg.Mappings = []mapping.Rule{{Name: "broken", Fields: map[string]any{"errorMessage": `ParseJSON("{")`}}}
	})
	require.NoError(t, b.lake.SetFaults(emulator.Faults{
		Requests: []emulator.RequestFault{{Code: "ThrottlingException", First: 1}},
		Events:   []emulator.EventFault{{Code: "InvalidData", Match: emulator.Match{EventName: "event3"}}},
	}))
	logs := auditLogs(0, 100)
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Remove("user.id")
	require.NoError(t, b.exporter.ConsumeLogs(context.Background(), logs))
	b.ingested(90)
	b.stop()

	name := attribute.String("exporter", metadata.Type.String())
	point := func(n int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(append(attributes, name)...)}
	}
	code := func(c string) attribute.KeyValue { return attribute.String("error_code", c) }
	semconv := attribute.String("preset", "semconv")
	ignore := []metricdatatest.Option{metricdatatest.IgnoreTimestamp()}
	metadatatest.AssertEqualExporterAwsCloudtrailLakeEventsMapped(t, b.telemetry, []metricdata.DataPoint[int64]{point(100, semconv)}, ignore...)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeEventsIngested(t, b.telemetry, []metricdata.DataPoint[int64]{point(90, semconv)}, ignore...)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeEventsFailed(t, b.telemetry, []metricdata.DataPoint[int64]{
		point(10, code("InvalidData"), attribute.Bool("retryable", false)),
	}, ignore...)
	repaired := func(field, action string) metricdata.DataPoint[int64] {
		return point(1, attribute.String("field", field), attribute.String("action", action))
	}
	metadatatest.AssertEqualExporterAwsCloudtrailLakeEventsRepaired(t, b.telemetry, []metricdata.DataPoint[int64]{
		repaired("userIdentity.type", "filled"), repaired("userIdentity.principalId", "filled"),
	}, ignore...)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeRequests(t, b.telemetry, []metricdata.DataPoint[int64]{
		point(1, code("ThrottlingException")), point(1, code("OK")),
	}, ignore...)

	metadatatest.AssertEqualExporterAwsCloudtrailLakeMappingErrors(t, b.telemetry, []metricdata.DataPoint[int64]{
		point(100, attribute.String("rule", "broken"), attribute.String("field", "errorMessage")),
	}, ignore...)

	own := attribute.NewSet(name)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeEventAge(t, b.telemetry, []metricdata.HistogramDataPoint[float64]{{Attributes: own, Count: 90}}, append(ignore, metricdatatest.IgnoreValue())...)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeRequestDuration(t, b.telemetry, []metricdata.HistogramDataPoint[float64]{{Attributes: own, Count: 2}}, append(ignore, metricdatatest.IgnoreValue())...)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeRequestSize(t, b.telemetry, []metricdata.HistogramDataPoint[int64]{{Attributes: own, Count: 2}}, append(ignore, metricdatatest.IgnoreValue())...)
	metadatatest.AssertEqualExporterAwsCloudtrailLakeRequestEvents(t, b.telemetry, []metricdata.HistogramDataPoint[int64]{{Attributes: own, Count: 2}}, append(ignore, metricdatatest.IgnoreValue())...)
	m, err := b.telemetry.GetMetric("otelcol_exporter_aws_cloudtrail_lake_request_events")
	require.NoError(t, err)
	require.EqualValues(t, 200, m.Data.(metricdata.Histogram[int64]).DataPoints[0].Sum)
}
