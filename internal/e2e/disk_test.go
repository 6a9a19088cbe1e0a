// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// During an outage the queue fills its disk. The collector is killed, and started where there is no room: it may say so and
// end. When there is room it starts, and when the service is back every line arrives.
func TestDiskFilledByQueue(t *testing.T) {
	d := onSmallDisk(t, emulator.Faults{Seed: seedOf(t), Outage: true}, "8m")
	d.launch(t)
	stop := d.src.load(t, 4000)
	require.Eventually(t, func() bool { return isFull(t, d.state) }, time.Minute, 50*time.Millisecond, "the disk does not fill")
	time.Sleep(2 * time.Second) // what is refused is offered again, in vain
	d.kill()
	explained := unsettled + d.src.after(savedPosition(t, d.state))

	d.spawn(t)
	select {
	case <-d.collector.Done():
		assert.Contains(t, d.log.String(), "make room on its disk and start again, nothing is lost")
		t.Log("it did not start")
	case <-time.After(2 * time.Second):
	}
	stop()
	d.kill()
	explained += unsettled + d.src.after(savedPosition(t, d.state))

	mount(t, d.state, "-o", "remount,size=64m")
	d.launch(t)
	require.NoError(t, d.lake.SetFaults(emulator.Faults{Events: []emulator.EventFault{refusePlanted}}))
	d.finish(t, d.src.input, explained)
}

// Others fill the disk, while the service takes events, and then give it back. Nobody restarts the collector.
func TestDiskFilledByOthers(t *testing.T) {
	faults := trouble(seedOf(t))
	d := onSmallDisk(t, faults, "16m")
	d.launch(t)
	stop := d.src.load(t, 1500)
	require.Eventually(t, func() bool { return ingested(d.scrape(t)) > 1000 }, time.Minute, 50*time.Millisecond)
	ballast := filepath.Join(d.state, "ballast")
	fill(t, ballast)
	time.Sleep(5 * time.Second)
	require.NoError(t, os.Remove(ballast))
	stop()
	d.finish(t, d.src.input, 0)
}

// The disk of the file behind the connector is full for a while. CloudTrail is not asked again for what it has, nothing is
// counted before the file has it, and in the end every rejected record is there.
func TestDeadLetterDiskFull(t *testing.T) {
	disk := t.TempDir()
	smallDisk(t, disk, "1m")
	set := connectorExample("dead-letter", t.TempDir())
	set.override = tooLong + fmt.Sprintf("exporters: {file/dead_letter: {path: %q}}\n", filepath.Join(disk, "dead-letter.json"))
	s := start(t, set)
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	const n = 400
	logs, long := approvals(n)
	sendGRPC(t, s.grpc, logs)
	require.Eventually(t, func() bool { return s.lake.Counts().Ingested == n-long }, time.Minute, 50*time.Millisecond)
	time.Sleep(3 * time.Second)
	assert.Zero(t, failed(s.scrape(t)))
	require.NoError(t, os.Remove(ballast))
	assert.EqualValues(t, long, failed(s.settled(t, n)))
	assert.Equal(t, n-long, s.lake.Counts().Ingested, "an event was sent again")
	s.stop(t)
	_, byOutcome := outcomes(t, filepath.Join(disk, "dead-letter.json"))
	assert.Equal(t, map[string]int{"rejected": long}, byOutcome)
}

// onSmallDisk is a durable whose storage has a disk of its own.
func onSmallDisk(t *testing.T, faults emulator.Faults, size string) *durable {
	d := newDurable(t, durableSetup{faults: faults, component: "retry_on_failure: {max_interval: 2s}, " + fewConsumers})
	require.NoError(t, os.Mkdir(d.state, 0o700))
	smallDisk(t, d.state, size)
	t.Cleanup(d.kill) // where the test has failed
	return d
}

// smallDisk gives a folder a disk of its own.
func smallDisk(t *testing.T, dir, size string) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a small disk")
	}
	if output, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "none", dir).CombinedOutput(); err != nil {
		t.Skipf("mount: %v: %s", err, output)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
}

func mount(t *testing.T, dir string, args ...string) {
	output, err := exec.Command("mount", append(args, dir)...).CombinedOutput()
	require.NoError(t, err, string(output))
}

// isFull says whether a disk has less room than a payload takes.
func isFull(t *testing.T, dir string) bool {
	var disk syscall.Statfs_t
	require.NoError(t, syscall.Statfs(dir, &disk))
	return disk.Bavail*uint64(disk.Bsize) < 16<<10
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = file.Write(block)
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
}
