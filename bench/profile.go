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
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// profile says whose the CPU and the allocations are that a record takes on its way through the whole exporter.
func profile(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("profile", flag.ContinueOnError)
	name := flags.String("contender", contender.Lake, "the exporter")
	kind := flags.String("records", string(records.Semconv), "the kind of its records")
	n := flags.Int("n", 1<<20, "how many records to send")
	together := flags.Int("together", perRequest, "how many of them arrive together; other than 100, they are copied first, which is in the profile")
	if err := flags.Parse(args); err != nil {
		return err
	}
	spec := trial.Spec{Contender: *name, Shape: records.Shape{Kind: records.Kind(*kind)}, Records: *n / *together * *together, PerRequest: *together, Fresh: *together != perRequest}
	spec.Profile = filepath.Join(os.TempDir(), "bench-cpu.pprof")
	result, err := measure(ctx, spec)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %s records.\n", *name, *kind)
	if err := printShares(spec.Profile, "", "cpu", "µs of CPU a record", micros(result, spec.Records)); err != nil {
		return err
	}
	// By itself: to sample so many allocations takes time.
	spec.AllocProfile, spec.Profile = filepath.Join(os.TempDir(), "bench-allocs.pprof"), ""
	if result, err = measure(ctx, spec); err != nil {
		return err
	}
	return printShares(spec.AllocProfile, spec.AllocProfile+trial.Before, "alloc_objects", "allocations a record", float64(result.Allocations)/float64(spec.Records))
}

func printShares(file, base, sampleType, unit string, whole float64) error {
	whose, err := shares.Of(file, base, sampleType)
	if err != nil {
		return err
	}
	fmt.Printf("\n%.2f %s, in %s:\n\n| whose | %[2]s | share |\n|---|--:|--:|\n", whole, unit, file)
	for _, share := range whose {
		if share.Part < 0.005 {
			continue
		}
		fmt.Printf("| %s | %.2f | %.0f %% |\n", share.Owner, whole*share.Part, 100*share.Part)
	}
	return nil
}
