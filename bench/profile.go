// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/machine"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/shares"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// profiled are the exporters of which profile says where the CPU of a record goes: this one with the two kinds of records that it
// is held to, and the one that it is compared with.
var profiled = []struct {
	heading   string
	contender string
	kind      records.Kind
}{
	{"an instrumented service's record", contender.Lake, records.Semconv},
	{"Kubernetes' JSON text", contender.Lake, records.KubernetesText},
	{"an instrumented service's record, otlp_http, JSON", contender.OTLPJSON, records.Semconv},
}

// profile says whose the CPU and the allocations are that a record takes on its way through a whole exporter.
func profile(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("profile", flag.ContinueOnError)
	n := flags.Int("n", 1<<20, "how many records to send")
	dir := flags.String("out", "results", "the folder for the table; the profiles themselves go to the folder for temporary files")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var cpu, allocations breakdown
	for i, p := range profiled {
		fmt.Fprintf(os.Stderr, "%d of %d: %s, %s\n", i+1, len(profiled), p.contender, p.kind)
		spec := trial.Spec{Contender: p.contender, Shape: records.Shape{Kind: p.kind}, Records: *n / perRequest * perRequest, PerRequest: perRequest}
		spec.Profile = filepath.Join(os.TempDir(), fmt.Sprintf("bench-cpu-%d.pprof", i+1))
		result, err := measure(ctx, spec)
		if err != nil {
			return err
		}
		if err := cpu.add(spec.Profile, "", "cpu", micros(result, spec.Records)); err != nil {
			return err
		}
		// By itself: to sample so many allocations takes time.
		spec.AllocProfile, spec.Profile = filepath.Join(os.TempDir(), fmt.Sprintf("bench-allocs-%d.pprof", i+1)), ""
		if result, err = measure(ctx, spec); err != nil {
			return err
		}
		if err := allocations.add(spec.AllocProfile, spec.AllocProfile+trial.Before, "alloc_objects", float64(result.Allocations)/float64(spec.Records)); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("%s. %d records each, by the profiler's samples.\n\n%s\n%s", machine.Describe(), *n,
		cpu.table("whose, in µs of CPU a record", 0.02), allocations.table("whose, in allocations a record", 0.02))
	fmt.Print(text)
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*dir, "profile.md"), []byte(text), 0o644)
}

// breakdown says of some measurements whose what part of each is.
type breakdown []map[string]float64

func (b *breakdown) add(file, base, sampleType string, whole float64) error {
	whose, err := shares.Of(file, base, sampleType)
	if err != nil {
		return err
	}
	parts := map[string]float64{}
	for _, share := range whose {
		parts[share.Owner] = whole * share.Part
	}
	*b = append(*b, parts)
	return nil
}

// table has a row for each owner of whom one of the measurements has more than least, and one for the sum.
func (b breakdown) table(heading string, least float64) string {
	sums, owners := make([]float64, len(b)), map[string]float64{}
	for i, parts := range b {
		for owner, part := range parts {
			sums[i] += part
			owners[owner] = max(owners[owner], part)
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "| %s |", heading)
	for _, p := range profiled {
		fmt.Fprintf(&text, " %s |", p.heading)
	}
	text.WriteString("\n|---|" + strings.Repeat("--:|", len(b)) + "\n")
	order := slices.SortedFunc(maps.Keys(owners), func(x, y string) int {
		return cmp.Or(cmp.Compare(b[0][y], b[0][x]), cmp.Compare(owners[y], owners[x]), cmp.Compare(x, y))
	})
	for _, owner := range order {
		if owners[owner] < least {
			continue
		}
		fmt.Fprintf(&text, "| %s |", owner)
		for i, parts := range b {
			fmt.Fprintf(&text, " %.2f (%.0f %%) |", parts[owner], 100*parts[owner]/sums[i])
		}
		text.WriteString("\n")
	}
	text.WriteString("| all |")
	for _, sum := range sums {
		fmt.Fprintf(&text, " %.2f |", sum)
	}
	text.WriteString("\n")
	return text.String()
}
