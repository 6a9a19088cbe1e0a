// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package load runs a built collector under a given load, and says what it used and how old the events were that it sent.
package load

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/machine"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/sink"
)

// Service says how CloudTrail's stand-in behaves.
type Service string

const (
	// Up answers, after a latency.
	Up Service = "up"
	// Down has nobody who listens.
	Down Service = "down"
	// Mute takes requests and never answers.
	Mute Service = "mute"
)

// Scenario says what to run.
type Scenario struct {
	// Debug puts the debug exporter in this exporter's place.
	Debug bool
	// Stored keeps the queue in file_storage.
	Stored bool
	// Rate is in records a second, Size in bytes of protobuf a record.
	Rate, Size int
	Duration   time.Duration
	Service    Service
	Latency    time.Duration
}

// Result is what was seen.
type Result struct {
	Scenario Scenario
	Sent     Sent
	Arrived  sink.Stats
	// Cores is the collector's CPU as a share of one core, while records were sent; that of sender and service is Others.
	Cores, Others float64
	// PeakRSS is the collector's, in bytes, RSS what it had at the end.
	PeakRSS, RSS int64
	// Shutdown is how long the collector took to end.
	Shutdown time.Duration
}

// Run runs a scenario with the collector of the binary, and reports its progress.
func Run(ctx context.Context, binary string, s Scenario, progress func(string)) (r Result, err error) {
	r.Scenario = s
	dir, err := os.MkdirTemp("", "bench-load-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	service, err := sink.Start(sink.Options{Latency: s.Latency, Mute: s.Service == Mute})
	if err != nil {
		return r, err
	}
	defer service.Stop()
	endpoint := service.URL
	if s.Service == Down {
		address, err := freeAddress()
		if err != nil {
			return r, err
		}
		endpoint = "http://" + address
	}
	c, err := start(ctx, &s, binary, dir, endpoint)
	if err != nil {
		return r, err
	}
	defer func() { _ = c.cmd.Process.Kill() }()

	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	go watch(watching, c, service.URL, progress)
	if err := r.drive(ctx, c, service.PID); err != nil {
		return r, err
	}
	if s.Service == Up && !s.Debug {
		if err := drained(ctx, service.URL, r.Sent.Accepted); err != nil {
			return r, err
		}
	}
	if r.PeakRSS, r.RSS, err = machine.RSS(c.pid); err != nil {
		return r, err
	}
	if r.Arrived, err = sink.Ask(ctx, service.URL); err != nil {
		return r, err
	}
	progress("shutting down")
	r.Shutdown, err = c.stop()
	return r, err
}

// drive sends, and measures what that takes of the processor.
func (r *Result) drive(ctx context.Context, c *collector, service string) error {
	before, err := used(c.pid, service, "self")
	if err != nil {
		return err
	}
	began := time.Now()
	sending, cancel := context.WithTimeout(ctx, r.Scenario.Duration)
	defer cancel()
	if r.Sent, err = send(sending, c.target, r.Scenario.Rate, r.Scenario.Size); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	after, err := used(c.pid, service, "self")
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	r.Cores = (after[0] - before[0]).Seconds() / took
	r.Others = (after[1] - before[1] + after[2] - before[2]).Seconds() / took
	return nil
}

func used(pids ...string) ([]time.Duration, error) {
	var times []time.Duration
	for _, pid := range pids {
		t, err := machine.CPU(pid)
		if err != nil {
			return nil, err
		}
		times = append(times, t)
	}
	return times, nil
}

// drained waits until the service has as many events as the collector has accepted.
func drained(ctx context.Context, url string, accepted int64) error {
	const patience = 30 * time.Second
	for began := time.Now(); time.Since(began) < patience; time.Sleep(100 * time.Millisecond) {
		arrived, err := sink.Ask(ctx, url)
		if err != nil || arrived.Events >= accepted {
			return err
		}
	}
	return nil // what is missing is seen in the result
}

// watch says now and then how far it has come.
func watch(ctx context.Context, c *collector, url string, progress func(string)) {
	tick := time.NewTicker(15 * time.Second)
	defer tick.Stop()
	for began := time.Now(); ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		arrived, _ := sink.Ask(ctx, url)
		_, rss, _ := machine.RSS(c.pid)
		progress(strconv.Itoa(int(time.Since(began).Seconds())) + " s: " +
			fmt.Sprintf("%d events arrived, RSS %d MB, p99 of their age %s", arrived.Events, rss/1e6, arrived.AgeP99))
	}
}
