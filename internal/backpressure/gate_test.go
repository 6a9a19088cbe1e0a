// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package backpressure

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage is a gate in front of exporterhelper's queue, whose pushes end when the test lets them.
type stage struct {
	t         *testing.T
	gate      *Gate
	exporter  exporter.Logs
	telemetry *componenttest.Telemetry
	logs      *observer.ObservedLogs
	release   chan struct{} // each value ends one push; closed, it ends them all

	mu     sync.Mutex
	pushed []string
}

func newStage(t *testing.T, change func(*exporterhelper.QueueBatchConfig)) *stage {
	s := &stage{t: t, telemetry: componenttest.NewTelemetry(), release: make(chan struct{})}
	t.Cleanup(func() { require.NoError(t, s.telemetry.Shutdown(context.Background())) })
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.QueueSize, queue.NumConsumers, queue.BlockOnOverflow = 3, 1, true
	if change != nil {
		change(&queue)
	}
	set := exportertest.NewNopSettings(exportertest.NopType)
	set.TelemetrySettings = s.telemetry.NewTelemetrySettings()
	var core zapcore.Core
	core, s.logs = observer.New(zap.DebugLevel)
	set.Logger = zap.New(core)
	cfg := Config{Queue: queue, Logger: set.Logger}
	s.gate = New(cfg, func(ctx context.Context, logs plog.Logs) error { return s.exporter.ConsumeLogs(ctx, logs) })
	var err error
	s.exporter, err = exporterhelper.NewLogs(t.Context(), Quiet(set), struct{}{}, func(ctx context.Context, logs plog.Logs) error {
		defer s.gate.Freed()
		select {
		case <-s.release:
		case <-ctx.Done():
			return ctx.Err()
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pushed = append(s.pushed, name(logs))
		return nil
	}, exporterhelper.WithQueue(configoptional.Some(cfg.Inner())), exporterhelper.WithRetry(configretry.BackOffConfig{}),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{}))
	require.NoError(t, err)
	require.NoError(t, s.exporter.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() {
		s.gate.Close()
		close(s.release)
		require.NoError(t, s.exporter.Shutdown(context.Background()))
	})
	return s
}

func payload(name string) plog.Logs {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(name)
	return logs
}

func name(logs plog.Logs) string {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()
}

func (s *stage) has() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.pushed...)
}

// fill fills the queue.
func (s *stage) fill() {
	for i := range 3 {
		require.NoError(s.t, s.gate.ConsumeLogs(s.t.Context(), payload(fmt.Sprint("full", i))))
	}
}

func (s *stage) counted(metric string) (n int64) {
	got, err := s.telemetry.GetMetric(metric)
	if err != nil {
		return 0
	}
	switch data := got.Data.(type) {
	case metricdata.Sum[int64]:
		for _, p := range data.DataPoints {
			n += p.Value
		}
	case metricdata.Histogram[int64]:
		for _, p := range data.DataPoints {
			n += int64(p.Count)
		}
	}
	return n
}

// waits waits until so many senders wait.
func (s *stage) waits(n int64) {
	s.t.Helper()
	require.Eventually(s.t, func() bool { return s.gate.waiting.Load() == n }, 10*time.Second, time.Millisecond)
}

// Senders wait at a full queue, and go in as they came, each counted once.
func TestSendersWaitInOrder(t *testing.T) {
	s := newStage(t, nil)
	s.fill()
	var senders sync.WaitGroup
	for i := range 5 {
		senders.Go(func() { assert.NoError(t, s.gate.ConsumeLogs(t.Context(), payload(fmt.Sprint("late", i)))) })
		s.waits(int64(i) + 1)
	}
	time.Sleep(3 * longestPause) // the first of them has offered its payload many times
	for range 8 {
		s.release <- struct{}{}
	}
	senders.Wait()
	require.Eventually(t, func() bool { return len(s.has()) == 8 }, 10*time.Second, time.Millisecond)
	require.Equal(t, []string{"full0", "full1", "full2", "late0", "late1", "late2", "late3", "late4"}, s.has())
	require.Zero(t, s.counted("otelcol_exporter_enqueue_failed_log_records"))
	require.EqualValues(t, 8, s.counted("otelcol_exporter_enqueue_size"))
	require.Empty(t, s.logs.FilterLevelExact(zap.ErrorLevel).All())
}

// A sender that gives up is counted once and logged once, keeps its records, and holds nobody up.
func TestSenderGivesUp(t *testing.T) {
	s := newStage(t, nil)
	s.fill()
	ctx, cancel := context.WithTimeout(t.Context(), 3*longestPause)
	defer cancel()
	var senders sync.WaitGroup
	for range 10 {
		senders.Go(func() {
			err := s.gate.ConsumeLogs(ctx, payload("impatient"))
			assert.ErrorIs(t, err, exporterhelper.ErrQueueIsFull)
			assert.ErrorContains(t, err, "stopped waiting")
		})
	}
	senders.Wait()
	require.EqualValues(t, 10, s.counted("otelcol_exporter_enqueue_failed_log_records"))
	require.Equal(t, 1, s.logs.FilterLevelExact(zap.ErrorLevel).Len(), "one line in %s", logInterval)

	done := make(chan error)
	go func() { done <- s.gate.ConsumeLogs(t.Context(), payload("patient")) }()
	s.waits(1)
	s.release <- struct{}{}
	require.NoError(t, <-done)
	require.NotContains(t, s.has(), "impatient")
}

// With wait_for_result the gate lets as many senders in as the queue has room for, and each gets its own result.
func TestWaitForResult(t *testing.T) {
	s := newStage(t, func(queue *exporterhelper.QueueBatchConfig) { queue.WaitForResult, queue.NumConsumers = true, 3 })
	var senders sync.WaitGroup
	for i := range 20 {
		senders.Go(func() { assert.NoError(t, s.gate.ConsumeLogs(t.Context(), payload(strconv.Itoa(i)))) })
	}
	for range 20 {
		s.release <- struct{}{}
	}
	senders.Wait()
	require.Len(t, s.has(), 20)
	require.Zero(t, s.counted("otelcol_exporter_enqueue_failed_log_records"))
	s.waits(0)
}

// At shutdown nobody waits any longer, and nobody's records get lost in a queue that nobody empties.
func TestCloseEndsTheWait(t *testing.T) {
	s := newStage(t, nil)
	s.fill()
	errs := make(chan error)
	for range 3 {
		go func() { errs <- s.gate.ConsumeLogs(t.Context(), payload("waits")) }()
	}
	s.waits(3)
	s.gate.Close()
	for range 3 {
		require.ErrorIs(t, <-errs, ErrShutdown)
	}
	require.ErrorIs(t, s.gate.ConsumeLogs(t.Context(), payload("late")), ErrShutdown)
}

// With block_on_overflow: false nobody waits.
func TestBlockOnOverflowIsOff(t *testing.T) {
	s := newStage(t, func(queue *exporterhelper.QueueBatchConfig) { queue.BlockOnOverflow = false })
	s.fill()
	require.ErrorIs(t, s.gate.ConsumeLogs(t.Context(), payload("late")), exporterhelper.ErrQueueIsFull)
	require.EqualValues(t, 1, s.counted("otelcol_exporter_enqueue_failed_log_records"))
}

// A payload that can never fit gets an error that says what to do, and the payloads behind it go in.
func TestPayloadLargerThanTheQueue(t *testing.T) {
	for name, block := range map[string]bool{"blocking": true, "refusing": false} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(queue *exporterhelper.QueueBatchConfig) {
				queue.Sizer, queue.QueueSize, queue.BlockOnOverflow = exporterhelper.RequestSizerTypeBytes, 1000, block
			})
			large := payload(strings.Repeat("x", 1000))
			size := (&plog.ProtoMarshaler{}).LogsSize(large)
			for range 5 {
				err := s.gate.ConsumeLogs(t.Context(), large)
				require.EqualError(t, err, fmt.Sprintf("sending_queue.queue_size: a payload of %d bytes is larger than the whole queue of 1000: "+
					"raise queue_size above the largest payload, or let the sender send smaller ones", size))
			}
			require.NoError(t, s.gate.ConsumeLogs(t.Context(), payload("small")))
			require.EqualValues(t, 5, s.counted("otelcol_exporter_enqueue_failed_log_records"))
			lines := s.logs.FilterLevelExact(zap.ErrorLevel).All()
			require.Len(t, lines, 1)
			require.Contains(t, lines[0].ContextMap()["error"], "queue_size")
		})
	}
}

// Lines of exporterhelper about other errors stay.
func TestOtherErrorsAreLogged(t *testing.T) {
	core, logs := observer.New(zap.DebugLevel)
	set := exportertest.NewNopSettings(exportertest.NopType)
	set.Logger = zap.New(core)
	logger := Quiet(set).Logger.With(zap.String("component", "x"))
	logger.Error(refusal, zap.Error(errors.New("no space left on device")))
	logger.Error(refusal+" Try enabling retry_on_failure.", zap.Error(fmt.Errorf("wrapped: %w", exporterhelper.ErrQueueIsFull)))
	logger.Error("Another line.", zap.Error(exporterhelper.ErrQueueIsFull))
	logger.Error(dropping+" Try enabling retry_on_failure.", zap.Error(errors.New("ServiceUnavailable")))
	require.Len(t, logs.All(), 2)
	require.Equal(t, "x", logs.All()[0].ContextMap()["component"])
}
