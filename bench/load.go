// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/load"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/machine"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// loadFlags are of the three commands that run a collector.
type loadFlags struct {
	*flag.FlagSet
	scenario load.Scenario
	binary   string
	out      string
}

func newLoadFlags(name, out string) *loadFlags {
	f := &loadFlags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError)}
	f.StringVar(&f.binary, "collector", otelcol.Binary, "the collector that make collector has built")
	f.StringVar(&f.out, "out", out, "the file for the table; none where it is empty")
	f.DurationVar(&f.scenario.Duration, "duration", 5*time.Minute, "how long to send in each scenario")
	f.DurationVar(&f.scenario.Latency, "latency", 50*time.Millisecond, "how long the service takes to answer")
	return f
}

// run runs scenarios and shows, and writes, what was seen.
func (f *loadFlags) run(ctx context.Context, title string, scenarios []load.Scenario) error {
	var results []load.Result
	for i, s := range scenarios {
		r, err := load.Run(ctx, f.binary, s, func(text string) {
			fmt.Fprintf(os.Stderr, "%d of %d, %s: %s\n", i+1, len(scenarios), describe(s), text)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", describe(s), err)
		}
		results = append(results, r)
		fmt.Fprintln(os.Stderr, line(r, results[0]))
	}
	text := table(title, results)
	fmt.Print(text)
	if f.out == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(f.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(f.out, []byte(text), 0o644)
}

// loadOne runs one scenario, whatever it is.
func loadOne(ctx context.Context, args []string) error {
	f := newLoadFlags("load", "")
	s := &f.scenario
	f.BoolVar(&s.Debug, "debug", false, "put the debug exporter in this exporter's place")
	f.BoolVar(&s.Stored, "stored", false, "keep the queue in file_storage")
	f.IntVar(&s.Rate, "rate", 10_000, "records a second")
	f.IntVar(&s.Size, "size", 1000, "bytes of a record, as protobuf")
	f.Func("service", "up, down (nobody listens) or mute (it never answers); default up", func(text string) error {
		s.Service = load.Service(text)
		return nil
	})
	if err := f.Parse(args); err != nil {
		return err
	}
	if s.Service == "" {
		s.Service = load.Up
	}
	return f.run(ctx, "One scenario.", []load.Scenario{*s})
}

// ceiling runs the collector at the most that the service takes from an account.
func ceiling(ctx context.Context, args []string) error {
	f := newLoadFlags("ceiling", "results/ceiling.md")
	if err := f.Parse(args); err != nil {
		return err
	}
	base := f.scenario
	base.Rate, base.Size, base.Service = 10_000, 1000, load.Up
	debug, stored := base, base
	debug.Debug = true
	stored.Stored = true
	return f.run(ctx, fmt.Sprintf("10,000 records a second for %s, %s of latency.", base.Duration, base.Latency), []load.Scenario{debug, base, stored})
}

// memory runs the collector with the default configuration and records of three sizes, while the service answers and while
// nobody listens; then with one that never answers, to see how long the shutdown takes with a full queue.
func memory(ctx context.Context, args []string) error {
	f := newLoadFlags("memory", "results/memory.md")
	if err := f.Parse(args); err != nil {
		return err
	}
	var scenarios []load.Scenario
	for _, service := range []load.Service{load.Up, load.Down} {
		for _, size := range []int{1000, 20_000, 200_000} {
			s := f.scenario
			s.Service, s.Size, s.Rate = service, size, min(10_000, memoryRate/size)
			scenarios = append(scenarios, s)
		}
	}
	for _, stored := range []bool{false, true} {
		s := f.scenario
		s.Service, s.Size, s.Rate, s.Stored, s.Duration = load.Mute, 1000, 10_000, stored, min(s.Duration, time.Minute)
		scenarios = append(scenarios, s)
	}
	return f.run(ctx, fmt.Sprintf("The default configuration for %s each; records of more than 1 kB at 20 MB a second.", f.scenario.Duration), scenarios)
}

// memoryRate is in bytes a second: two cores shared with sender and service do not take more.
const memoryRate = 20_000_000

func describe(s load.Scenario) string {
	name := "queue in memory"
	switch {
	case s.Debug:
		name = "debug exporter"
	case s.Stored:
		name = "queue in file_storage"
	}
	return fmt.Sprintf("%s, %d records/s of %g kB, service %s", name, s.Rate, float64(s.Size)/1000, s.Service)
}

func table(title string, results []load.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s. CPU is of one core; in parentheses what is beyond the debug exporter.\n\n", title, machine.Describe())
	b.WriteString("| scenario | accepted | refused or held back | ingested | full requests | CPU | peak RSS | age p50 / p99 / max | shutdown | CPU of sender and service |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		b.WriteString(line(r, results[0]) + "\n")
	}
	return b.String()
}

// line is one row. Where the first scenario is with the debug exporter, the others say how much more they take than it.
func line(r, first load.Result) string {
	full, age, more := "", "", ""
	if first.Scenario.Debug && !r.Scenario.Debug {
		more = fmt.Sprintf(" (%+.1f)", 100*(r.Cores-first.Cores))
	}
	if a := r.Arrived; a.Requests > 0 {
		full = fmt.Sprintf("%.1f %%", 100*float64(a.Full)/float64(a.Requests))
		age = fmt.Sprintf("%.2f / %.2f / %.2f s", a.AgeP50.Seconds(), a.AgeP99.Seconds(), a.AgeMax.Seconds())
	}
	return fmt.Sprintf("| %s | %d | %d | %d | %s | %.1f %%%s | %d MB | %s | %.1f s | %.0f %% |", describe(r.Scenario), r.Sent.Accepted,
		r.Sent.Refused+r.Sent.Held, r.Arrived.Events, full, 100*r.Cores, more, r.PeakRSS/1e6, age, r.Shutdown.Seconds(), 100*r.Others)
}
