// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// cell is one experiment: a class of failure, met by one make of the component, with one kind of records.
type cell struct {
	class     class
	connector bool
	durable   bool // whether the queue is on disk
	lists     bool // whether the records hold lists
}

func (c cell) String() string {
	pick := func(yes bool, a, b string) string {
		if yes {
			return a
		}
		return b
	}
	return fmt.Sprintf("%-9s  %-6s  %-7s  %s", pick(c.connector, "connector", "exporter"), pick(c.durable, "disk", "memory"),
		pick(c.lists, "lists", "records"), c.class.name)
}

// combinations is how many there are of component, queue and records.
const combinations = 8

// cells are all combinations with each class.
func cells() (all []cell) {
	for _, class := range classes() {
		for combination := range combinations {
			all = append(all, cell{class, combination&4 > 0, combination&2 > 0, combination&1 > 0})
		}
	}
	return all
}

// some are, of each class, one combination that the seed draws, and every one of those classes that mix failures.
func some(seed uint64) (chosen []cell) {
	random := rand.New(rand.NewPCG(seed, 0))
	all := cells()
	for ; len(all) > 0; all = all[combinations:] {
		if strings.HasPrefix(all[0].class.name, "mixed") {
			chosen = append(chosen, all[:combinations]...)
			continue
		}
		chosen = append(chosen, all[random.IntN(combinations)])
	}
	return chosen
}

// patience is how long a cell may take to settle all that it sent.
const patience = 2 * time.Minute

// run plays the cell with so many events. The same seed gives the same input and the same luck.
func (c cell) run(ctx context.Context, events int, seed uint64) (_ result, err error) {
	hash := fnv.New64a()
	hash.Write([]byte(c.String()))
	random := rand.New(rand.NewPCG(seed, hash.Sum64()))
	in := newInput(events, c.lists, c.class.planted, random)

	faults := c.class.faults
	faults.Seed = random.Uint64()
	lake, err := emulator.New(emulator.Config{ChannelARN: emulator.ExampleChannelARN, Faults: faults, Keep: 100 * events})
	if err != nil {
		return result{}, err
	}
	service := httptest.NewServer(lake)
	defer service.Close()
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return result{}, err
	}
	defer os.RemoveAll(dir)

	telemetry := componenttest.NewTelemetry()
	defer func() { err = errors.Join(err, telemetry.Shutdown(ctx)) }()
	set := telemetry.NewTelemetrySettings()
	var log bytes.Buffer
	set.Logger = zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.Lock(zapcore.AddSync(&log)), zap.ErrorLevel))
	sink := new(consumertest.LogsSink)
	component, host, err := newComponent(ctx, c, service.URL, dir, set, sink)
	if err != nil {
		return result{}, err
	}
	if err := component.Start(ctx, host); err != nil {
		return result{}, err
	}
	sent := make(chan error, 1)
	go func() {
		for _, payload := range in.payloads {
			if err := component.ConsumeLogs(ctx, payload); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	settleErr := c.settle(ctx, lake, telemetry, events)
	if err := errors.Join(settleErr, component.Shutdown(ctx), <-sent); err != nil {
		return result{}, err
	}
	return observe(in, lake, telemetry, log.Bytes(), sink, c.connector, c.class.timeout > 0)
}

// settle waits until the component has counted an outcome of every event, and mends what is wrong when its time has come.
func (c cell) settle(ctx context.Context, lake *emulator.Emulator, telemetry *componenttest.Telemetry, events int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	mend := c.class.mend
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if mend != nil && mend(lake.Counts()) {
			if err := lake.SetFaults(emulator.Faults{}); err != nil {
				return err
			}
			mend = nil
		}
		if ingested(telemetry)+failed(telemetry) >= int64(events) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("after %s, %d of %d events are ingested and %d rejected: %w", patience, ingested(telemetry), events, failed(telemetry), ctx.Err())
		}
	}
}
