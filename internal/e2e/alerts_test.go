// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// watched is an exporter with a receiver and a service of its own, something that goes wrong, and the alerts that have
// to fire for it: those, and no other.
type watched struct {
	name   string
	faults emulator.Faults
	config string        // of the exporter, besides what all have
	age    time.Duration // of the records
	alerts []string

	address string // of the receiver
	lake    *emulator.Emulator
	sent    int // records that the receiver took
}

func watchedExporters() []*watched {
	return []*watched{
		{name: "healthy"},
		{name: "denied", faults: emulator.Faults{Deny: true}, alerts: []string{
			"CloudTrailLakePermissionLost", "CloudTrailLakeNothingIngested", "CloudTrailLakeRetriesRising",
		}},
		// One event is rejected, and the rule fits no record.
		{
			name: "rejecting", faults: emulator.Faults{Events: []emulator.EventFault{{Match: emulator.Match{UID: "rejecting-0"}, Code: "InvalidData"}}},
			config: `mappings: [{name: misfit, fields: {errorCode: 'ParseJSON(log.attributes["app.note"])'}}]`,
			alerts: []string{"CloudTrailLakeEventsRejected"},
		},
		{
			name: "throttled", faults: emulator.Faults{Seed: 1, Events: []emulator.EventFault{{Code: "Throttling", Rate: 0.3}}},
			alerts: []string{"CloudTrailLakeRetriesRising"},
		},
		{name: "late", age: time.Hour, alerts: []string{"CloudTrailLakeEventsLate"}},
		{
			name: "expired", age: 8 * 24 * time.Hour, config: "retention: 7d",
			alerts: []string{"CloudTrailLakeEventsExpired", "CloudTrailLakeEventsLate"},
		},
		{name: "ahead", age: -48 * time.Hour, alerts: []string{"CloudTrailLakeEventTimesOutOfRange"}},
		{
			name: "full", faults: emulator.Faults{Outage: true}, config: `sending_queue: {sizer: requests, queue_size: 30, block_on_overflow: false}`,
			alerts: []string{
				"CloudTrailLakeQueueFilling", "CloudTrailLakeQueueFull", "CloudTrailLakeRecordsRefused",
				"CloudTrailLakeNothingIngested", "CloudTrailLakeRetriesRising",
			},
		},
	}
}

// Each fault makes its alerts fire, with the id of its exporter, and no others; none fires for an exporter in health.
// What the dashboard asks for is there. When all is mended, the accounts come out even, and the alerts end.
func TestAlerts(t *testing.T) {
	binary := prometheusBinary(t)
	exporters := watchedExporters()
	collector := startWatched(t, exporters, "")
	idle := []*watched{{name: "idle", alerts: []string{"CloudTrailLakeNothingReachesExporter"}}}
	filtered := startWatched(t, idle, `filter: {logs: {log_record: ["true"]}}`)
	prom := startPrometheus(t, binary, collector.metrics, filtered.metrics)

	all := append(idle, exporters...)
	want := map[string]bool{}
	for _, e := range all {
		for _, alert := range e.alerts {
			want[alert+" aws_cloudtrail_lake/"+e.name] = true
		}
	}
	send := func() {
		for _, e := range all {
			e.send()
		}
	}
	until(t, send, func() bool { return includes(prom.fired(t), want) }, func() string {
		return fmt.Sprintf("fired: %v\nof:    %v", prom.fired(t), want)
	})
	assert.Equal(t, want, prom.fired(t))
	prom.checkTexts(t)
	t.Run("dashboard", func(t *testing.T) { checkDashboard(t, prom) })

	filtered.stop(t)
	for _, e := range exporters {
		require.NoError(t, e.lake.SetFaults(emulator.Faults{}))
	}
	want["CloudTrailLakeCollectorDown "] = true
	until(t, func() {}, func() bool {
		firing := prom.query(t, `ALERTS{alertstate="firing"}`)
		return len(firing) == 1 && firing[0].labels["alertname"] == "CloudTrailLakeCollectorDown" &&
			firing[0].labels["instance"] == filtered.metrics
	}, func() string { return fmt.Sprint(prom.query(t, `ALERTS{alertstate="firing"}`)) })
	assert.Equal(t, want, prom.fired(t))

	for _, s := range prom.query(t, "aws_cloudtrail_lake:events_unsettled") {
		assert.Zero(t, s.value, s.labels)
	}
	for _, e := range exporters {
		total := prom.query(t, `sum(otelcol_exporter_aws_cloudtrail_lake_events_mapped{exporter="aws_cloudtrail_lake/`+e.name+`"})`)
		require.Len(t, total, 1)
		assert.EqualValues(t, e.sent, total[0].value, e.name)
	}
}

// until does something again and again until a condition holds.
func until(t *testing.T, do func(), holds func() bool, state func() string) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(90 * time.Second)
	for !holds() {
		do()
		select {
		case <-tick.C:
		case <-deadline:
			require.FailNow(t, "it did not come about", state())
		}
	}
}

// fired returns the alerts that have ever fired, each with its exporter.
func (p prometheus) fired(t *testing.T) map[string]bool {
	fired := map[string]bool{}
	for _, s := range p.query(t, `max_over_time(ALERTS{alertstate="firing"}[1h])`) {
		fired[s.labels["alertname"]+" "+s.labels["exporter"]] = true
	}
	return fired
}

func includes(all, some map[string]bool) bool {
	for key := range some {
		if !all[key] {
			return false
		}
	}
	return true
}

// checkTexts finds texts of alerts that Prometheus could not fill in.
func (p prometheus) checkTexts(t *testing.T) {
	var data struct {
		Alerts []struct{ Labels, Annotations map[string]string }
	}
	p.get(t, "alerts", nil, &data)
	require.NotEmpty(t, data.Alerts)
	for _, alert := range data.Alerts {
		assert.Contains(t, alert.Annotations["summary"], alert.Labels["instance"])
		assert.Contains(t, alert.Annotations["summary"], alert.Labels["exporter"])
		for _, text := range alert.Annotations {
			assert.NotContains(t, text, "<no value>")
			assert.NotContains(t, text, "error expanding template")
		}
	}
}

// watchedCollector is a collector with exporters that are watched.
type watchedCollector struct {
	process *otelcol.Process
	metrics string // host:port
}

// startWatched runs a collector with a pipeline for each of the exporters, and a processor, if any, in all of them.
func startWatched(t *testing.T, exporters []*watched, processor string) watchedCollector {
	binary := collectorBinary(t)
	ports := freePorts(t, len(exporters)+2)
	metrics, health := ports[len(exporters)], ports[len(exporters)+1]
	_, metricsPort, err := net.SplitHostPort(metrics)
	require.NoError(t, err)
	name, _, _ := strings.Cut(processor, ":")

	var receivers, sending, pipelines strings.Builder
	for i, e := range exporters {
		e.lake, err = emulator.New(emulator.Config{ChannelARN: channelARN, Faults: e.faults})
		require.NoError(t, err)
		service := httptest.NewServer(e.lake)
		t.Cleanup(service.Close)
		e.address = ports[i]
		fmt.Fprintf(&receivers, "  otlp/%s: {protocols: {http: {endpoint: %q}}}\n", e.name, e.address)
		fmt.Fprintf(&sending, "  aws_cloudtrail_lake/%s: {channel_arn: %q, endpoint: %q, timeout: 2s, retry_on_failure: {max_interval: %s}",
			e.name, channelARN, service.URL, 30*time.Second/faster)
		if e.config != "" {
			fmt.Fprintf(&sending, ", %s", e.config)
		}
		sending.WriteString("}\n")
		fmt.Fprintf(&pipelines, "    logs/%s: {receivers: [otlp/%s], processors: [%s], exporters: [aws_cloudtrail_lake/%s]}\n", e.name, e.name, name, e.name)
	}
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
receivers:
%sprocessors: {%s}
exporters:
%sextensions:
  health_check: {endpoint: %q}
service:
  extensions: [health_check]
  telemetry:
    logs: {level: error, disable_stacktrace: true}
    metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]}
  pipelines:
%s`, &receivers, processor, &sending, health, metricsPort, &pipelines), 0o600))

	var log bytes.Buffer
	env := otelcol.Credentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
	process, err := otelcol.Start(binary, repository, &log, env, "--config", config)
	require.NoError(t, err)
	c := watchedCollector{process: process, metrics: metrics}
	t.Cleanup(func() {
		c.stop(t)
		if t.Failed() {
			t.Logf("the collector's log:\n%s", log.Bytes()[:min(log.Len(), 5000)])
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, process.WaitReady(ctx, "http://"+health))
	return c
}

func (c watchedCollector) stop(t *testing.T) { assert.NoError(t, c.process.Stop(time.Minute)) }

// send sends one record, and counts it if the collector takes it.
func (e *watched) send() {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "billing")
	record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-e.age)))
	record.SetEventName("invoice.approve")
	record.Attributes().PutStr("log.record.uid", fmt.Sprintf("%s-%d", e.name, e.sent))
	record.Attributes().PutStr("app.note", strings.Repeat("x", 500))
	if post(e.address, logs) == nil {
		e.sent++
	}
}
