// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

const (
	smallQueue     = 1 << 20 // bytes, the smallest that is allowed; lines have some 400 each as OTLP
	withSmallQueue = "retry_on_failure: {max_interval: 2s}, sending_queue: {queue_size: 1048576, batch: {flush_timeout: 200ms}}"
)

// The service is out for longer than the queue lasts. The reader of the file waits; nothing is dropped, memory is bounded, a
// crash in the middle changes nothing, and when the service is back it gets every line.
func TestOutage(t *testing.T) {
	both(t, func(t *testing.T, connector bool) {
		d := newDurable(t, durableSetup{
			faults: emulator.Faults{Seed: seedOf(t), Outage: true}, component: withSmallQueue, connector: connector,
		})
		d.launch(t)
		stop := d.src.load(t, 2000)
		full := func() bool { return d.queued(t) > smallQueue-perBatch*600 }
		require.Eventually(t, full, time.Minute, 50*time.Millisecond, "the queue does not fill")
		peak := 0
		for end := time.Now().Add(outage); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			require.Less(t, d.queued(t), float64(smallQueue)+1)
			peak = max(peak, d.rss(t))
			require.Zero(t, failed(d.scrape(t)))
		}
		t.Logf("the collector used %d MiB at most", peak>>20)
		assert.Less(t, peak, 200<<20)
		d.kill()
		waiting := d.src.after(savedPosition(t, d.state))
		require.Greater(t, waiting, d.src.after(0)/2, "the reader did not wait")
		d.launch(t)
		require.Eventually(t, full, time.Minute, 50*time.Millisecond, "the queue is not what it was")
		stop()
		require.NoError(t, d.lake.SetFaults(emulator.Faults{Events: []emulator.EventFault{refusePlanted}}))
		d.finish(t, d.src.input, waiting)
	})
}

// outage is how long the service is out.
var outage = func() time.Duration {
	if full() {
		return 5 * time.Minute
	}
	return 5 * time.Second
}()

// full says whether tests may take long.
func full() bool { return os.Getenv("CHAOS") == "full" }

// What file_log loses, at v0.161.0: when it is stopped while the queue is full, it takes the lines that it could not hand over
// for read. docs/delivery.md says so; it is to be told otherwise when this fails.
func TestStoppedWhileFull(t *testing.T) {
	d := newDurable(t, durableSetup{faults: emulator.Faults{Seed: seedOf(t), Outage: true}, component: withSmallQueue})
	d.src.write(t, 6000)
	d.launch(t)
	require.Eventually(t, func() bool { return d.queued(t) > smallQueue-perBatch*600 }, time.Minute, 50*time.Millisecond)
	d.stop(t)
	require.NoError(t, d.lake.SetFaults(emulator.Faults{}))
	d.launch(t)
	require.Eventually(t, func() bool {
		return d.lake.Counts().Ingested >= len(d.src.lines)-perBatch && d.queued(t) == 0
	}, time.Minute, 100*time.Millisecond)
	d.stop(t)
	lines := map[int64]bool{}
	for _, e := range d.lake.Events() {
		line, _ := lineOf(t, e.EventData)
		lines[line] = true
	}
	assert.Len(t, lines, len(d.src.lines)-perBatch)
}

var residentSize = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// rss is the memory that the collector has in use, in bytes.
func (d *durable) rss(t *testing.T) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.collector.ID()))
	if err != nil {
		t.Skip("the system does not say how much memory a process has in use")
	}
	match := residentSize.FindSubmatch(status)
	require.NotNil(t, match)
	kB, err := strconv.Atoi(string(match[1]))
	require.NoError(t, err)
	return kB << 10
}
