// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package sink

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
)

// serve runs a service until the end of the test.
func serve(t *testing.T, opts Options) (url string) {
	ctx, cancel := context.WithCancel(context.Background())
	ready, done := make(chan string), make(chan error, 1)
	go func() { done <- Serve(ctx, opts, func(url string) { ready <- url }) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		require.NoError(t, <-done)
	})
	return <-ready
}

// Every exporter takes the service for the one that it is made for: it delivers, and nothing comes twice.
func TestExportersDeliver(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
	for _, tt := range []struct {
		name             string
		requests, events int64
	}{
		{contender.Lake, 3, 300},
		{contender.LakeRules, 3, 300},
		{contender.OTLPProto, 3, 0},
		{contender.OTLPGzip, 3, 0},
		{contender.OTLPJSON, 3, 0},
		{contender.Kinesis, 3 + 1, 0}, // it asks for the stream first
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, Options{})
			e, err := contender.New(t.Context(), tt.name, url, contender.Queue{}, contender.Telemetry())
			require.NoError(t, err)
			require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
			for i := range 3 {
				require.NoError(t, e.ConsumeLogs(t.Context(), records.Shape{Kind: records.Semconv}.Request(100*i, 100)))
			}
			require.NoError(t, e.Shutdown(t.Context()))
			arrived, err := Ask(t.Context(), url)
			require.NoError(t, err)
			assert.Equal(t, tt.requests, arrived.Requests)
			assert.Equal(t, tt.events, arrived.Events)
			assert.Equal(t, tt.events/100, arrived.Full)
		})
	}
}

func TestAge(t *testing.T) {
	url := serve(t, Options{Latency: 10 * time.Millisecond})
	at := time.Now().Add(-5 * time.Second).UTC().Format(time.RFC3339Nano)
	body := `{"auditEvents":[{"eventData":"{\"additionalEventData\":{\"exporter.time\":\"` + at + `\"}}","eventDataChecksum":"","id":"a"}]}`
	resp, err := http.Post(url+"/PutAuditEvents", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	arrived, err := Ask(t.Context(), url)
	require.NoError(t, err)
	assert.Greater(t, arrived.AgeMax, 5*time.Second+9*time.Millisecond)
	assert.Less(t, arrived.AgeMax, time.Minute)
	assert.Equal(t, arrived.AgeP50, arrived.AgeP99)
	assert.InDelta(t, arrived.AgeMax.Seconds(), arrived.AgeP99.Seconds(), 0.001)
}

func TestQuantile(t *testing.T) {
	var a ages
	for i := range 100 {
		a.add(time.Duration(i) * time.Millisecond)
	}
	assert.Equal(t, 51*time.Millisecond, a.quantile(0.5))
	assert.Equal(t, 100*time.Millisecond, a.quantile(0.99))
	assert.Equal(t, 99*time.Millisecond, a.max)
	a.add(-time.Second)
	a.add(time.Hour)
	assert.Equal(t, time.Hour, a.max)
}
