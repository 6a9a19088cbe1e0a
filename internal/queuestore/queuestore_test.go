// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"
	"go.uber.org/zap"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	storageID = component.MustNewID("disk")
	errFull   = errors.New("no space left on device")
	errDown   = errors.New("connection refused")
)

// disk is a storage that can be full. It outlives the queues that use it.
type disk struct {
	component.StartFunc
	component.ShutdownFunc

	mu     sync.Mutex
	values map[string][]byte
	full   bool
	down   bool // nothing can be read or written
	walks  bool // its clients are storage.Walkers
	// before is called before a batch is done.
	before func(values map[string][]byte, ops []*storage.Operation)
}

func (d *disk) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	if d.walks {
		return &walkingClient{diskClient{disk: d}}, nil
	}
	return &diskClient{disk: d}, nil
}

func (d *disk) setDown(down bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = down
}

func (d *disk) setFull(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

type diskClient struct {
	storage.Client // not there: what is not below is not called
	disk           *disk
}

func (c *diskClient) Batch(_ context.Context, ops ...*storage.Operation) error {
	d := c.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return errDown
	}
	if d.before != nil {
		d.before(d.values, ops)
	}
	for _, op := range ops {
		if d.full && op.Type != storage.Get {
			return errFull
		}
	}
	for _, op := range ops {
		switch op.Type {
		case storage.Get:
			op.Value = d.values[op.Key]
		case storage.Set:
			d.values[op.Key] = op.Value
		case storage.Delete:
			delete(d.values, op.Key)
		}
	}
	return nil
}

type walkingClient struct{ diskClient }

func (c *walkingClient) Walk(_ context.Context, fn storage.WalkFunc) error {
	c.disk.mu.Lock()
	defer c.disk.mu.Unlock()
	for key, value := range c.disk.values {
		if _, err := fn(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (c *diskClient) Close(context.Context) error { return nil }

// sent is what a queue handed to its exporter.
type sent struct {
	mu     sync.Mutex
	ids    map[string]int
	refuse bool
	tried  map[string]bool // those that were refused
}

func newSent(refuse bool) *sent {
	return &sent{ids: map[string]int{}, tried: map[string]bool{}, refuse: refuse}
}

func (s *sent) push(_ context.Context, logs plog.Logs) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if logs.LogRecordCount() == 0 {
		return nil // what the queue makes of a place where it could put nothing
	}
	id := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()
	if s.refuse {
		s.tried[id] = true
		return errors.New("not now")
	}
	s.ids[id]++
	return nil
}

func (s *sent) accept(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = !yes
}

// has waits until all of these, and nothing else, have been sent.
func (s *sent) has(t *testing.T, ids ...string) {
	t.Helper()
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, id := range ids {
			assert.Positive(t, s.ids[id], id)
		}
		assert.Len(t, s.ids, len(ids))
	}, time.Minute, 5*time.Millisecond)
}

const consumers = 2

// newQueue makes an exporter with a queue on the disk.
func newQueue(t *testing.T, s *sent) exporter.Logs {
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.StorageID = &storageID
	queue.NumConsumers = consumers
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval, retry.MaxInterval, retry.MaxElapsedTime = time.Millisecond, time.Millisecond, 0
	e, err := exporterhelper.NewLogs(t.Context(), exportertest.NewNopSettings(exportertest.NopType), struct{}{}, s.push,
		exporterhelper.WithQueue(configoptional.Some(queue)), exporterhelper.WithRetry(retry))
	require.NoError(t, err)
	return e
}

func start(d *disk, e component.Component) error { return startLogged(d, e, zap.NewNop()) }

func startLogged(d *disk, e component.Component, logger *zap.Logger) error {
	return Start(context.Background(), &host{d: d}, storageID, logger, e)
}

type host struct {
	d        *disk
	mu       sync.Mutex
	statuses []componentstatus.Status
}

func (h *host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.d}
}

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.statuses = append(h.statuses, event.Status())
}

func (h *host) reported() []componentstatus.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.statuses
}

func record(id string) plog.Logs {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(id)
	return logs
}

// A disk that becomes full takes nothing new; what is on it is sent, and when there is room again, deleted.
func TestDiskBecomesFull(t *testing.T) {
	d, s := &disk{values: map[string][]byte{}}, newSent(true)
	e := newQueue(t, s)
	require.NoError(t, start(d, e))
	var ids []string
	for i := range 10 {
		ids = append(ids, fmt.Sprint("r", i))
		require.NoError(t, e.ConsumeLogs(t.Context(), record(ids[i])))
	}
	d.setFull(true)
	require.ErrorIs(t, e.ConsumeLogs(t.Context(), record("refused")), errFull)
	s.accept(true)
	s.has(t, ids...)

	d.setFull(false)
	require.NoError(t, e.ConsumeLogs(t.Context(), record("last")))
	s.has(t, append(ids, "last")...)
	require.NoError(t, e.Shutdown(t.Context()))
	assert.Len(t, d.values, 1, "the queue's notes, and nothing else")
	for id, times := range s.ids {
		assert.Equal(t, 1, times, id)
	}
}

// What cannot be read is not forgotten: the queue ends, and has it all after the next start.
func TestDiskCannotBeRead(t *testing.T) {
	d, s := &disk{values: map[string][]byte{}}, newSent(true)
	h, e := &host{d: d}, newQueue(t, s)
	require.NoError(t, Start(t.Context(), h, storageID, zap.NewNop(), e))
	for _, id := range []string{"a", "b", "c", "d"} {
		require.NoError(t, e.ConsumeLogs(t.Context(), record(id)))
	}
	d.setDown(true)
	s.accept(true)
	require.Eventually(t, func() bool { return e.ConsumeLogs(t.Context(), record("refused")) != nil && len(h.reported()) > 0 },
		10*time.Second, time.Millisecond)
	require.Equal(t, []componentstatus.Status{componentstatus.StatusPermanentError}, h.reported())
	d.setDown(false)
	require.ErrorContains(t, e.ConsumeLogs(t.Context(), record("refused")), "start again, nothing is lost")
	require.NoError(t, e.Shutdown(t.Context()))

	again := newSent(false)
	e = newQueue(t, again)
	require.NoError(t, start(d, e))
	again.has(t, "a", "b", "c", "d")
	require.NoError(t, e.Shutdown(t.Context()))
}

// A crash while the disk is full brings back what could not be deleted, and loses nothing.
func TestCrashWhileFull(t *testing.T) {
	d, s := &disk{values: map[string][]byte{}}, newSent(true)
	e := newQueue(t, s)
	require.NoError(t, start(d, e))
	for _, id := range []string{"a", "b", "c", "d"} {
		require.NoError(t, e.ConsumeLogs(t.Context(), record(id)))
	}
	d.setFull(true)
	crashed := &disk{values: maps.Clone(d.values)}
	s.accept(true)
	s.has(t, "a", "b", "c", "d")
	require.Error(t, e.Shutdown(t.Context()), "what is owed could not be written")
	assert.Equal(t, crashed.values, d.values)

	again := newSent(false)
	e = newQueue(t, again)
	require.NoError(t, start(crashed, e))
	again.has(t, "a", "b", "c", "d")
	require.NoError(t, e.Shutdown(t.Context()))
}

// underWay is a disk as a crash leaves it: with payloads that consumers had taken.
func underWay(t *testing.T) map[string][]byte {
	d, s := &disk{values: map[string][]byte{}}, newSent(true)
	e := newQueue(t, s)
	require.NoError(t, start(d, e))
	for _, id := range []string{"a", "b", "c"} {
		require.NoError(t, e.ConsumeLogs(t.Context(), record(id)))
	}
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.tried) == consumers
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, e.Shutdown(t.Context()))
	return d.values
}

// A queue that cannot put back what was under way does not start; where there is room it starts, and has it all.
func TestStartOnFullDisk(t *testing.T) {
	d := &disk{values: underWay(t), full: true}
	before := maps.Clone(d.values)
	s := newSent(false)
	e := newQueue(t, s)
	require.ErrorContains(t, start(d, e), "make room on its disk and start again, nothing is lost")
	require.NoError(t, e.Shutdown(t.Context()))
	assert.Equal(t, before, d.values)
	assert.Empty(t, s.ids)

	d.setFull(false)
	e = newQueue(t, s)
	require.NoError(t, start(d, e))
	s.has(t, "a", "b", "c")
	require.NoError(t, e.Shutdown(t.Context()))
	assert.Len(t, d.values, 1)
}

// A crash at any moment of the start loses nothing.
func TestCrashInStart(t *testing.T) {
	var moments []map[string][]byte
	d := &disk{values: underWay(t), before: func(values map[string][]byte, _ []*storage.Operation) {
		moments = append(moments, maps.Clone(values))
	}}
	s := newSent(true)
	e := newQueue(t, s)
	require.NoError(t, start(d, e))
	require.NoError(t, e.Shutdown(t.Context()))
	d.mu.Lock()
	moments = append(moments, maps.Clone(d.values))
	d.mu.Unlock()
	require.Greater(t, len(moments), 4)
	for _, values := range moments {
		s := newSent(false)
		e := newQueue(t, s)
		require.NoError(t, start(&disk{values: values}, e))
		s.has(t, "a", "b", "c")
		require.NoError(t, e.Shutdown(t.Context()))
	}
}

// What the host can do, the component still can.
func TestHost(t *testing.T) {
	h := &host{d: &disk{values: map[string][]byte{}}}
	c := component.StartFunc(func(_ context.Context, h component.Host) error {
		componentstatus.ReportStatus(h, componentstatus.NewEvent(componentstatus.StatusOK))
		assert.Contains(t, h.GetExtensions(), storageID)
		return nil
	})
	require.NoError(t, Start(t.Context(), h, storageID, zap.NewNop(), struct {
		component.StartFunc
		component.ShutdownFunc
	}{StartFunc: c}))
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusOK}, h.statuses)

	s := newSent(false)
	e := newQueue(t, s)
	require.ErrorContains(t, Start(t.Context(), componenttest.NewNopHost(), storageID, zap.NewNop(), e), "storage")
	require.NoError(t, e.Shutdown(t.Context()))
}
