// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/stats"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// sweep changes one thing of what is sent and leaves the rest.
type sweep struct {
	title, input string
	at           []int
	spec         func(at int) trial.Spec
	// perInput says that a record grows with the input, so that its cost may too. Where it does not, the cost of a record must
	// not grow at all.
	perInput bool
	// copied says that records are copied for each request, which is measured too, and subtracted.
	copied bool
	// beside is the title of the same sweep with a queue in memory.
	beside string

	cpu [][]float64 // by place in at, of each round
}

// sweepBytes is about how much is sent for one measurement of large records.
const sweepBytes = 100 << 20

// many returns how many records of a size to send: a multiple of a hundred.
func many(size int) int { return max(1000, min(100_000, sweepBytes/size)/perRequest*perRequest) }

func sized(size int, stored bool) trial.Spec {
	return trial.Spec{Records: many(size), PerRequest: perRequest, Shape: records.Shape{Kind: records.Sized, Size: size}, Stored: stored}
}

// perBatch divides by every number of records in a request below.
const perBatch = 8 * 8192

func batched(n int, stored bool) trial.Spec {
	spec := trial.Spec{Records: perBatch, PerRequest: n, Shape: records.Shape{Kind: records.Semconv}, Stored: stored, Fresh: true}
	if stored && n < 16 {
		spec.Records /= 8 // each request is a transaction of its own
	}
	return spec
}

var (
	sizes   = []int{200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000}
	batches = []int{1, 4, 16, 64, 256, 1024, 8192}
)

func newSweeps() []*sweep {
	return []*sweep{
		{
			title: "Size of a record", input: "bytes of protobuf", at: sizes, perInput: true,
			spec: func(at int) trial.Spec { return sized(at, false) },
		},
		{
			title: "Attributes of a record", input: "attributes", at: []int{5, 10, 20, 50, 100, 200, 500}, perInput: true,
			spec: func(at int) trial.Spec {
				return trial.Spec{Records: many(50 * at), PerRequest: perRequest, Shape: records.Shape{Kind: records.Sized, Attributes: at}}
			},
		},
		{
			title: "Records that arrive together", input: "records", at: batches, copied: true,
			spec: func(at int) trial.Spec { return batched(at, false) },
		},
		{
			title: "Records in a batch of the queue", input: "batch.min_size and max_size", at: batches, copied: true,
			spec: func(at int) trial.Spec {
				spec := batched(1024, false)
				if spec.Batch = at; at < 16 {
					spec.Records /= 8 // each batch is a request of its own
				}
				return spec
			},
		},
		{
			title: "Consumers of the queue", input: "num_consumers", at: []int{1, 2, 5, 10, 20, 50},
			spec: func(at int) trial.Spec {
				return trial.Spec{Records: 100_000, PerRequest: perRequest, Shape: records.Shape{Kind: records.Semconv}, Consumers: at}
			},
		},
		{
			title: "Queue in file_storage, by size", beside: "Size of a record", input: "bytes of protobuf", at: sizes, perInput: true,
			spec: func(at int) trial.Spec { return sized(at, true) },
		},
		{
			title: "Queue in file_storage, by arrival", beside: "Records that arrive together", input: "records that arrive together", at: batches, copied: true,
			spec: func(at int) trial.Spec { return batched(at, true) },
		},
	}
}

// grow measures how the cost of a record grows with what is sent, and fails where it grows faster.
func grow(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("grow", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "how often everything is measured")
	dir := flags.String("out", "results", "the folder for table and chart")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return err
	}
	sweeps := newSweeps()
	for round := range *rounds {
		for _, s := range sweeps {
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, *rounds, s.title)
			if err := s.measure(ctx); err != nil {
				return err
			}
		}
	}
	if err := writeGrowth(*dir, sweeps, *rounds); err != nil {
		return err
	}
	var faults []error
	for _, s := range sweeps {
		faults = append(faults, s.check())
	}
	return errors.Join(faults...)
}

func (s *sweep) measure(ctx context.Context) error {
	if s.cpu == nil {
		s.cpu = make([][]float64, len(s.at))
	}
	for i, at := range s.at {
		spec := s.spec(at)
		spec.Contender = contender.Lake
		result, err := measure(ctx, spec)
		if err != nil {
			return fmt.Errorf("%s, %d: %w", s.title, at, err)
		}
		cpu := micros(result, spec.Records)
		if s.copied {
			spec.Contender, spec.Stored = contender.Copies, false
			if result, err = measure(ctx, spec); err != nil {
				return err
			}
			cpu -= micros(result, spec.Records)
		}
		s.cpu[i] = append(s.cpu[i], cpu)
	}
	return nil
}

// median is the cost of a record at a place of the sweep.
func (s *sweep) median(i int) float64 { return stats.Of(s.cpu[i]).Median }

// tolerance is for the machine's noise.
const tolerance = 1.25

// check compares each place of the sweep with all before it.
func (s *sweep) check() error {
	for j := range s.at {
		for i := range j {
			growth, allowed := s.median(j)/s.median(i), 1.0
			if s.perInput {
				allowed = float64(s.at[j]) / float64(s.at[i])
			}
			if growth > allowed*tolerance {
				return fmt.Errorf("%s: from %d to %d the cost of a record grows to the %.2f-fold, its input to the %.2f-fold",
					s.title, s.at[i], s.at[j], growth, allowed)
			}
		}
	}
	return nil
}
