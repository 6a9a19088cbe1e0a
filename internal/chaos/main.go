// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Chaos plays every failure of the service against the exporter and the connector, with the queue in memory and on disk, and
// with records of one event and of a hundred, and says what became of each event: `make chaos`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	events := flags.Int("events", 3000, "how many `events` each cell sends")
	seed := flags.Uint64("seed", rand.Uint64(), "`number` that the luck is drawn from, to play a run again; random by default")
	only := flags.String("only", "", "play only the cells whose printed name holds this `text`")
	parallel := flags.Int("parallel", 4, "how many `cells` are played at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	otelcol.UseCredentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
	fmt.Fprintf(out, "to play this again: -seed %d -events %d\n", *seed, *events)
	var chosen []cell
	for _, c := range cells() {
		if strings.Contains(c.String(), *only) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("-only: no cell's name holds %q", *only)
	}
	results, err := play(ctx, chosen, *events, *seed, *parallel, out)
	fmt.Fprintf(out, "\n%s", table(results))
	return err
}

// cellKey names a cell.
type cellKey struct{ class, cell string }

// play runs the cells, some at a time, and prints each. The error says which went wrong, and how.
func play(ctx context.Context, chosen []cell, events int, seed uint64, parallel int, out io.Writer) (map[cellKey]result, error) {
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		errs    []error
		results = map[cellKey]result{}
		turn    = make(chan struct{}, parallel)
	)
	for _, c := range chosen {
		turn <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-turn }()
			start := time.Now()
			r, err := c.run(ctx, events, seed)
			mu.Lock()
			defer mu.Unlock()
			results[cellKey{c.class.name, c.String()}] = r
			verdict := "ok"
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", c, err))
				verdict = "WRONG: " + err.Error()
			}
			fmt.Fprintf(out, "%3d/%d  %-85s  sent %d  ingested %d  rejected %d  twins %d  lost %d  %.1fs  %s\n", len(results), len(chosen),
				c, r.sent, r.ingested, r.rejected, r.twins, r.lost, time.Since(start).Seconds(), verdict)
		})
	}
	wg.Wait()
	return results, errors.Join(append(errs, ctx.Err())...)
}
