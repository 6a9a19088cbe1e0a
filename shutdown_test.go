// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// TestShutdownNamesWhatWaits stops an exporter whose records wait for another attempt: more of them than one request
// holds, so that most were never part of one.
func TestShutdownNamesWhatWaits(t *testing.T) {
	const sent = 250
	b := newBench(t, func(b *bench) {
		b.cfg.Endpoint = "http://127.0.0.1:1"
		b.cfg.RetryConfig.InitialInterval = time.Hour
		b.cfg.RetryConfig.MaxInterval = time.Hour
		b.cfg.QueueConfig.Get().Batch = configoptional.None[exporterhelper.BatchConfig]()
	})
	b.send(sent)
	require.Eventually(t, func() bool { return b.sum("requests") > 0 }, time.Minute, time.Millisecond)
	b.stop()
	require.EqualValues(t, sent, b.sum("events_mapped"))
	require.EqualValues(t, sent, b.sum("events_failed", attribute.String("error_code", "Shutdown"), attribute.Bool("retryable", false)))
}

// TestWhoWaitsForTheResultKeepsTheRecords has a sender give up and send again: what it was told had failed is not lost.
func TestWhoWaitsForTheResultKeepsTheRecords(t *testing.T) {
	b := newBench(t, func(b *bench) {
		b.cfg.RetryConfig.InitialInterval = time.Hour
		b.cfg.RetryConfig.MaxInterval = time.Hour
		b.cfg.QueueConfig.Get().WaitForResult = true
		b.cfg.QueueConfig.Get().Batch = configoptional.None[exporterhelper.BatchConfig]()
	})
	require.NoError(t, b.lake.SetFaults(emulator.Faults{Outage: true}))
	ctx, cancel := context.WithCancel(context.Background())
	answer := make(chan error)
	go func() { answer <- b.exporter.ConsumeLogs(ctx, auditLogs(0, 10)) }()
	require.Eventually(t, func() bool { return b.sum("requests") > 0 }, time.Minute, time.Millisecond)
	cancel()
	require.Error(t, <-answer)

	require.NoError(t, b.lake.SetFaults(emulator.Faults{}))
	require.NoError(t, b.exporter.ConsumeLogs(context.Background(), auditLogs(0, 10)))
	b.ingested(10)
	b.stop()
	require.EqualValues(t, 10, b.sum("events_ingested"))
	require.Zero(t, b.sum("events_failed", attribute.Bool("retryable", false)), "the sender has sent them again")
}
