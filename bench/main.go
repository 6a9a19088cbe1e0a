// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Bench measures what the exporter costs: beside other exporters, as its input grows, and in a collector under load.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/sink"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// commands are what a person calls; sink and trial are what the program calls itself for.
var commands = map[string]func(ctx context.Context, args []string) error{
	"compare":     compare,
	"grow":        grow,
	"load":        loadOne,
	"ceiling":     ceiling,
	"memory":      memory,
	"profile":     profile,
	sink.Command:  func(_ context.Context, args []string) error { return sink.Main(args) },
	trial.Command: func(_ context.Context, args []string) error { return trial.Main(args) },
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintf(os.Stderr, "usage: bench COMMAND [flags], where COMMAND is one of %q\n", slices.Sorted(maps.Keys(commands)))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := commands[os.Args[1]](ctx, os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
