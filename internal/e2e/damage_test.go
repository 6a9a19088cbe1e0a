// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// page is the size of a page of the storage's file. The first two say where the others are.
const page = 4096

// A queue whose file or index is damaged, or whose file another process holds, does not start, and so never starts from empty.
// The error says which of these it is. file_storage v0.161.0 panics where pages are lost.
func TestDamagedQueue(t *testing.T) {
	d := newDurable(t, durableSetup{faults: emulator.Faults{Seed: seedOf(t), Outage: true}, component: fewConsumers})
	d.src.write(t, 2000)
	d.launch(t)
	require.Eventually(t, func() bool { return d.queued(t) > 1900*300 }, time.Minute, 50*time.Millisecond)
	d.kill()
	readAgain := d.src.after(savedPosition(t, d.state))
	const name = "exporter_aws_cloudtrail_lake__logs"
	file := filepath.Join(d.state, name)
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	flipIndex := func(content []byte) []byte {
		dir := copyOf(t, name, content)
		client := openStorage(t, dir, component.KindExporter, "aws_cloudtrail_lake", "logs")
		index, err := client.Get(t.Context(), "qmv0")
		require.NoError(t, err)
		index[0] ^= 7
		require.NoError(t, client.Set(t.Context(), "qmv0", index))
		require.NoError(t, client.Close(t.Context()))
		content, err = os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return content
	}

	for _, tt := range []struct {
		name   string
		damage func(file []byte) []byte
		says   string
	}{
		{"no header", func(file []byte) []byte { clear(file[:2*page]); return file }, "It is damaged. Nothing is lost yet"},
		{"not its file", func([]byte) []byte { return []byte("position=17\n") }, "It is damaged. Nothing is lost yet"},
		{"index", flipIndex, "in the file " + name + " in the directory of file_storage is damaged"},
		{"pages lost", func(file []byte) []byte { clear(file[2*page:]); return file }, "panic: assertion failed: Page expected to be"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(file, tt.damage(append([]byte(nil), whole...)), 0o600))
			assert.Contains(t, refusal(t, d), tt.says)
		})
	}

	require.NoError(t, os.WriteFile(file, whole, 0o600))
	other := openStorage(t, d.state, component.KindExporter, "aws_cloudtrail_lake", "logs")
	assert.Contains(t, refusal(t, d), "Another process has it open")
	require.NoError(t, other.Close(t.Context()))
	require.NoError(t, d.lake.SetFaults(emulator.Faults{Events: []emulator.EventFault{refusePlanted}}))
	d.launch(t)
	d.finish(t, d.src.input, readAgain)
}

// refusal starts a collector that must end by itself, and returns what it logs.
func refusal(t *testing.T, d *durable) string {
	before := d.log.Len()
	d.spawn(t)
	select {
	case <-d.collector.Done():
	case <-time.After(time.Minute):
		t.Fatal("the collector runs")
	}
	require.Error(t, d.collector.Err())
	d.collector = nil
	return string(d.log.Bytes()[before:])
}

// A file that is read again gives the same events: by another machine, from another folder, with nothing known of the first
// time. What counts is what the records hold: file_log gives them the file's name, but not its folder.
func TestReadAgain(t *testing.T) {
	first := newDurable(t, durableSetup{component: fewConsumers})
	first.src.write(t, 500)
	text, err := os.ReadFile(first.src.path)
	require.NoError(t, err)
	ids := idsOf(t, first)

	again := newDurable(t, durableSetup{component: fewConsumers})
	again.src.lines = first.src.lines
	require.NoError(t, os.WriteFile(again.src.path, text, 0o600))
	assert.Equal(t, ids, idsOf(t, again))

	renamed := newDurable(t, durableSetup{component: fewConsumers, log: "audit.log.1"})
	renamed.src.lines = first.src.lines
	require.NoError(t, os.WriteFile(renamed.src.path, text, 0o600))
	for line, id := range idsOf(t, renamed) {
		assert.NotEqual(t, ids[line], id, "the name of the file is a part of the record")
	}
}

// idsOf runs the collector until it has sent the whole file, and returns the identity of each line's event.
func idsOf(t *testing.T, d *durable) map[int64]identity {
	d.launch(t)
	d.settled(t, len(d.src.lines))
	d.stop(t)
	ids := map[int64]identity{}
	for _, e := range d.lake.Events() {
		line, uid := lineOf(t, e.EventData)
		ids[line] = identityOf(e.ID, uid)
	}
	require.Len(t, ids, len(d.src.lines))
	return ids
}
