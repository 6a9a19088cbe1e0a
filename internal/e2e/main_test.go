// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package e2e tests the collector that users build: made by the builder, run as a process, with logs sent to it over the
// network and a CloudTrail Data service at its other end.
package e2e

import (
	"bytes"
	"context"
	"fmt"
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
	channelARN = "arn:aws:cloudtrail:us-east-1:111122223333:channel/11111111-2222-3333-4444-555555555555"
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
}

// setup is what a stack is started with.
type setup struct {
	faults          emulator.Faults
	config          string // file
	componentHealth bool   // whether the health check tells what the exporter reports
}

// start runs the collector with a configuration, and with configuration on top that gives it ports of its own and the
// address of the service.
func start(t *testing.T, set setup) *stack {
	binary := collectorBinary(t)
	lake, err := emulator.New(emulator.Config{ChannelARN: channelARN, Faults: set.faults})
	require.NoError(t, err)
	service := httptest.NewServer(lake)
	t.Cleanup(service.Close)

	ports := freePorts(t, 4)
	s := &stack{lake: lake, grpc: ports[0], http: ports[1], metrics: "http://" + ports[2] + "/metrics", health: "http://" + ports[3]}
	healthCheck := fmt.Sprintf("{endpoint: %q}", ports[3])
	var args []string
	if set.componentHealth {
		s.health += "/status"
		args = append(args, "--feature-gates=extension.healthcheck.useComponentStatus")
		healthCheck = fmt.Sprintf("{http: {endpoint: %q}, component_health: {include_recoverable_errors: true, recovery_duration: 0s}}", ports[3])
	}
	_, metricsPort, err := net.SplitHostPort(ports[2])
	require.NoError(t, err)
	overrides := filepath.Join(t.TempDir(), "overrides.yaml")
	require.NoError(t, os.WriteFile(overrides, fmt.Appendf(nil, `
receivers:
  otlp: {protocols: {grpc: {endpoint: %q}, http: {endpoint: %q}}}
exporters:
  aws_cloudtrail_lake: {endpoint: %q}
extensions:
  health_check: %s
service:
  extensions: [health_check]
  telemetry:
    metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]}
`, s.grpc, s.http, service.URL, healthCheck, metricsPort), 0o600))

	for _, config := range []string{set.config, overrides} {
		path, err := filepath.Abs(config)
		require.NoError(t, err)
		args = append(args, "--config", path)
	}
	var log bytes.Buffer
	env := otelcol.Credentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
	s.collector, err = otelcol.Start(binary, repository, &log, env, args...)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, s.collector.Stop(time.Minute))
		if t.Failed() {
			t.Logf("the collector's log:\n%s", log.Bytes())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.collector.WaitReady(ctx, s.health))
	return s
}

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
	addresses := make([]string, n)
	for i := range addresses {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close() // Only after all are found, so that they differ.
		addresses[i] = listener.Addr().String()
	}
	return addresses
}
