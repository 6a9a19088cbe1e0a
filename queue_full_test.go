// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// queues are the kinds of queue at whose door senders can wait.
func queues(t *testing.T) map[string]func(*bench) {
	return map[string]func(*bench){
		"memory": func(*bench) {},
		"disk":   storage(t),
		"result": func(b *bench) { b.cfg.QueueConfig.Get().WaitForResult = true },
	}
}

// TestSendersThatGiveUpTogether has many senders stop waiting at a full queue at the same moment, again and again. After that
// the exporter takes records, tells its size, and stops.
func TestSendersThatGiveUpTogether(t *testing.T) {
	const patience = 50 * time.Millisecond
	for name, queue := range queues(t) {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, queue, func(b *bench) {
				b.cfg.QueueConfig.Get().Sizer = exporterhelper.RequestSizerTypeRequests
				b.cfg.QueueConfig.Get().QueueSize = 30
			})
			require.NoError(t, b.lake.SetFaults(emulator.Faults{Latency: emulator.Duration(patience)}))
			// The senders' patience ends when requests do, and each request makes room for several payloads.
			next := atomic.Int64{}
			for range 40 {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				var senders sync.WaitGroup
				for range 60 {
					senders.Go(func() {
						for ctx.Err() == nil {
							_ = b.exporter.ConsumeLogs(ctx, auditLogs(int(next.Add(5)), 5))
						}
					})
				}
				within(t, "senders that stopped waiting get their answer", func() error { senders.Wait(); return nil })
				cancel()
			}
			require.NoError(t, b.lake.SetFaults(emulator.Faults{}))
			within(t, "the exporter takes records", func() error {
				return b.exporter.ConsumeLogs(context.Background(), auditLogs(1_000_000, 5))
			})
			within(t, "the exporter stops", func() error { return b.exporter.Shutdown(context.Background()) })
		})
	}
}

// within runs something that must not hang.
func within(t *testing.T, what string, run func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- run() }()
	select {
	case err := <-done:
		require.NoError(t, err, what)
	case <-time.After(30 * time.Second):
		t.Fatal("hangs: ", what)
	}
}
