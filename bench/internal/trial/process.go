// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/machine"
)

// Main is the process of a trial. It prints its result.
func Main(args []string) error {
	var spec Spec
	if err := json.Unmarshal([]byte(args[0]), &spec); err != nil {
		return err
	}
	if spec.AllocProfile != "" {
		runtime.MemProfileRate = 512 // bytes between samples, before the first allocation that counts
	}
	run, err := prepare(context.Background(), spec)
	if err != nil {
		return err
	}
	finish, err := startProfiles(spec)
	if err != nil {
		return err
	}
	result, err := measure(run)
	if err != nil {
		return err
	}
	if err := finish(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// measure says what it costs to run.
func measure(run func() error) (result Result, err error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := usedCPU(), time.Now()
	if err := run(); err != nil {
		return result, err
	}
	result.CPU, result.Wall = usedCPU()-cpu, time.Since(start)
	runtime.ReadMemStats(&after)
	result.Allocations = after.Mallocs - before.Mallocs
	result.AllocatedBytes = after.TotalAlloc - before.TotalAlloc
	result.PeakRSS, _, err = machine.RSS("self")
	return result, err
}

// usedCPU is what the process has used, in its own code and in the kernel.
func usedCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // it cannot fail with these arguments
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// poolBytes is about how much protobuf the requests have together that are sent again and again: enough for the heap to be
// that of a collector at work, and more than the processor's caches hold.
const poolBytes = 16 << 20

// prepare makes everything but what is measured.
func prepare(ctx context.Context, spec Spec) (func() error, error) {
	if spec.Records%spec.PerRequest != 0 {
		return nil, fmt.Errorf("%d records cannot be sent %d at a time", spec.Records, spec.PerRequest)
	}
	pool := makePool(spec)
	switch spec.Contender {
	case contender.Floor:
		return floor(spec, pool)
	case contender.Copies:
		return func() error { return send(spec, pool, func(plog.Logs) error { return nil }) }, nil
	}
	h, err := newHost(ctx, spec.Stored)
	if err != nil {
		return nil, err
	}
	queue := contender.Queue{Consumers: spec.Consumers, Batch: spec.Batch, Storage: h.storage}
	e, err := contender.New(ctx, spec.Contender, spec.Sink, queue, contender.Telemetry())
	if err != nil {
		return nil, err
	}
	if err := e.Start(ctx, h); err != nil {
		return nil, err
	}
	return func() error {
		defer h.close(ctx)
		return deliver(ctx, spec, pool, e)
	}, nil
}

// makePool makes the requests.
func makePool(spec Spec) []plog.Logs {
	var pool []plog.Logs
	for size, n := 0, 0; size < poolBytes && n < spec.Records; n += spec.PerRequest {
		logs := spec.Shape.Request(n, spec.PerRequest)
		size += (&plog.ProtoMarshaler{}).LogsSize(logs)
		pool = append(pool, logs)
	}
	return pool
}

// deliver sends all records and shuts the exporter down. A queue in memory is empty then; one in storage is waited for.
func deliver(ctx context.Context, spec Spec, pool []plog.Logs, e exporter.Logs) error {
	if err := send(spec, pool, func(logs plog.Logs) error { return e.ConsumeLogs(ctx, logs) }); err != nil {
		return err
	}
	if spec.Stored {
		if err := arrived(ctx, spec); err != nil {
			return err
		}
	}
	return e.Shutdown(ctx)
}

func send(spec Spec, pool []plog.Logs, consume func(plog.Logs) error) error {
	for i := range spec.Records / spec.PerRequest {
		logs := pool[i%len(pool)]
		if spec.Fresh {
			fresh := plog.NewLogs()
			logs.CopyTo(fresh)
			logs = fresh
		}
		if err := consume(logs); err != nil {
			return err
		}
	}
	return nil
}
