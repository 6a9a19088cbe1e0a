// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/shares"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/sink"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// profile says whose the CPU is that a record takes on its way through the whole exporter.
func profile(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("profile", flag.ContinueOnError)
	name := flags.String("contender", contender.Lake, "the exporter")
	kind := flags.String("records", string(records.Semconv), "the kind of its records")
	n := flags.Int("n", 1_000_000, "how many records to send")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := sink.Start(sink.Options{})
	if err != nil {
		return err
	}
	defer s.Stop()
	file := filepath.Join(os.TempDir(), "bench-cpu.pprof")
	result, err := trial.Run(ctx, trial.Spec{
		Contender: *name, Shape: records.Shape{Kind: records.Kind(*kind)}, Records: *n, PerRequest: perRequest, Sink: s.URL, Profile: file,
	})
	if err != nil {
		return err
	}
	whose, err := shares.Of(file, "cpu")
	if err != nil {
		return err
	}
	perRecord := result.CPU.Seconds() * 1e6 / float64(*n)
	fmt.Printf("%s, %s records: %.2f µs of CPU a record; %s\n\n| whose | µs a record | share |\n|---|--:|--:|\n", *name, *kind, perRecord, file)
	for _, share := range whose {
		fmt.Printf("| %s | %.2f | %.0f %% |\n", share.Owner, perRecord*share.Part, 100*share.Part)
	}
	return nil
}
