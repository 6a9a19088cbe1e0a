// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package e2e tests the collector that users build: made by the builder, run as a process, with logs sent to it over the
// network and a CloudTrail Data service at its other end.
package e2e

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

const (
	repository = "../.."
	channelARN = emulator.ExampleChannelARN
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// build builds the collector once for all tests.
var build = sync.OnceValues(func() (string, error) {
	var output bytes.Buffer
	binary, err := otelcol.Build(context.Background(), repository, &output)
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, output.Bytes())
	}
	return filepath.Abs(binary)
})

func collectorBinary(t *testing.T) string {
	if testing.Short() {
		t.Skip("building a collector takes minutes")
	}
	binary, err := build()
	require.NoError(t, err)
	return binary
}

// stack is a collector with a service at its other end.
type stack struct {
	lake      *emulator.Emulator
	collector *otelcol.Process
	grpc      string // host:port of OTLP over gRPC
	http      string // host:port of OTLP over HTTP
	metrics   string // URL
	health    string // URL

	binary string
	args   []string
	env    []string
	// rejected is the file of what the connector emits; empty where it is the exporter.
	rejected string
	log      bytes.Buffer // of every life of the collector; to be read when it has ended
}

// setup is what a stack is started with.
type setup struct {
	faults          emulator.Faults
	config          string   // file
	override        string   // configuration on top of it, as YAML
	extensions      string   // those of the configuration, besides the health check: "a, b, "
	gates           []string // feature gates
	env             []string // of the collector
	kind            string   // exporters, which it is by default, or connectors
	rejected        string   // file of what the connector emits
	componentHealth bool     // whether the health check tells what the exporter reports
}

// start runs the collector of prepare. When the test ends the collector is stopped, if it still runs.
func start(t *testing.T, set setup) *stack {
	s := prepare(t, set)
	s.launch(t)
	return s
}

// prepare makes a service, and the configuration of a collector: one from a file, with configuration on top that gives it
// ports of its own and the address of the service.
func prepare(t *testing.T, set setup) *stack {
	binary := collectorBinary(t)
	lake, err := emulator.New(emulator.Config{ChannelARN: channelARN, Faults: set.faults, Keep: keep, KeepBytes: 1 << 30})
	require.NoError(t, err)
	service := httptest.NewServer(lake)
	t.Cleanup(service.Close)

	ports := freePorts(t, 4)
	s := &stack{
		lake: lake, binary: binary, rejected: set.rejected,
		grpc: ports[0], http: ports[1], metrics: "http://" + ports[2] + "/metrics", health: "http://" + ports[3],
		env: append(otelcol.Credentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey), set.env...),
	}
	healthCheck := fmt.Sprintf("{endpoint: %q}", ports[3])
	if set.componentHealth {
		s.health += "/status"
		set.gates = append(set.gates, "extension.healthcheck.useComponentStatus")
		healthCheck = fmt.Sprintf("{http: {endpoint: %q}, component_health: {include_recoverable_errors: true, recovery_duration: 0s}}", ports[3])
	}
	for _, gate := range set.gates {
		s.args = append(s.args, "--feature-gates="+gate)
	}
	_, metricsPort, err := net.SplitHostPort(ports[2])
	require.NoError(t, err)
	dir := t.TempDir()
	ours, theirs := filepath.Join(dir, "stack.yaml"), filepath.Join(dir, "override.yaml")
	require.NoError(t, os.WriteFile(ours, fmt.Appendf(nil, `
receivers:
  otlp: {protocols: {grpc: {endpoint: %q}, http: {endpoint: %q}}}
%s:
  aws_cloudtrail_lake: {channel_arn: %q, endpoint: %q}
extensions:
  health_check: %s
service:
  extensions: [%shealth_check]
  telemetry:
    logs: {sampling: {enabled: false}, disable_stacktrace: true}
    metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]}
`, s.grpc, s.http, cmp.Or(set.kind, "exporters"), channelARN, service.URL, healthCheck, set.extensions, metricsPort), 0o600))
	require.NoError(t, os.WriteFile(theirs, []byte(set.override), 0o600))
	for _, config := range []string{set.config, ours, theirs} {
		path, err := filepath.Abs(config)
		require.NoError(t, err)
		s.args = append(s.args, "--config", path)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the collector's log:\n%s", tail(s.log.Bytes()))
		}
	})
	return s
}

// keep is how many events and requests the service remembers: all, whatever a test sends.
const keep = 10_000_000

// launch starts the collector, or starts it again, and waits until it is ready.
func (s *stack) launch(t *testing.T) {
	s.spawn(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.collector.WaitReady(ctx, s.health))
}

// spawn starts the collector.
func (s *stack) spawn(t *testing.T) {
	collector, err := otelcol.Start(s.binary, repository, &s.log, s.env, s.args...)
	require.NoError(t, err)
	s.collector = collector
	t.Cleanup(func() {
		if s.collector == collector {
			assert.NoError(t, collector.Stop(time.Minute))
		}
	})
}

// stop ends the collector as an operator does.
func (s *stack) stop(t *testing.T) {
	require.NoError(t, s.collector.Stop(time.Minute))
	s.collector = nil
}

// kill ends the collector as a crash does, if it runs.
func (s *stack) kill() {
	if s.collector != nil {
		s.collector.Kill()
		s.collector = nil
	}
}

// tail is the end of a log that may be long.
func tail(log []byte) []byte { return log[max(0, len(log)-20_000):] }

// scrape reads the collector's metrics page.
func (s *stack) scrape(t *testing.T) otelcol.Metrics {
	metrics, err := otelcol.Scrape(t.Context(), s.metrics)
	require.NoError(t, err)
	return metrics
}

// settled waits until as many events have met their end as were sent, and returns the metrics of that moment.
func (s *stack) settled(t *testing.T, events int) otelcol.Metrics {
	var metrics otelcol.Metrics
	require.Eventually(t, func() bool {
		metrics = s.scrape(t)
		return ingested(metrics)+failed(metrics) >= float64(events)
	}, 2*time.Minute, 100*time.Millisecond, "not every event was settled")
	return metrics
}

func ingested(m otelcol.Metrics) float64 {
	return m.Sum("otelcol_exporter_aws_cloudtrail_lake_events_ingested")
}

func failed(m otelcol.Metrics) float64 {
	return m.Sum("otelcol_exporter_aws_cloudtrail_lake_events_failed", `retryable="false"`)
}

// freePorts finds ports that nothing listens on, so that tests run beside a collector that somebody uses.
func freePorts(t *testing.T, n int) []string {
	var addresses []string
	for tries := 0; len(addresses) < n; tries++ {
		require.Less(t, tries, 1000, "no free ports")
		// Below those that systems give to connections, one of which would else take the port until the collector does.
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		if err != nil {
			continue
		}
		defer listener.Close() // Only after all are found, so that they differ.
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses
}
