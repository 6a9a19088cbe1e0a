// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/sink"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// perRequest is how many records are sent at a time.
const perRequest = 100

// row is one exporter with one kind of records, measured in each round.
type row struct {
	contender string
	kind      records.Kind
	results   []trial.Result
}

func newRows() []*row {
	var rows []*row
	for _, name := range []string{
		contender.Lake, contender.LakeRules, contender.OTLPProto, contender.OTLPJSON, contender.OTLPGzip, contender.Kinesis, contender.Floor,
	} {
		rows = append(rows, &row{contender: name, kind: records.Semconv})
	}
	for _, kind := range []records.Kind{records.KubernetesMap, records.KubernetesText} {
		for _, name := range []string{contender.Lake, contender.OTLPJSON} {
			rows = append(rows, &row{contender: name, kind: kind})
		}
	}
	return append(rows, &row{contender: contender.Floor, kind: records.KubernetesText})
}

// compare measures all exporters in turn, round by round, so that what disturbs the machine disturbs all of them.
func compare(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	rounds := flags.Int("rounds", 9, "how often each exporter is measured")
	n := flags.Int("n", 200_000, "how many records it sends each time")
	dir := flags.String("out", "results", "the folder for table and chart")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		return err
	}
	rows := newRows()
	for round := range *rounds {
		for i := range rows {
			r := rows[(round+i)%len(rows)] // none always follows the same one
			result, err := r.measure(ctx, *n)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s, %s: %.2f µs\n", round+1, *rounds, r.contender, r.kind, micros(result, *n))
			r.results = append(r.results, result)
		}
	}
	c := &comparison{rows: rows, n: *n, rounds: *rounds}
	return c.write(*dir)
}

func micros(result trial.Result, n int) float64 { return result.CPU.Seconds() * 1e6 / float64(n) }

// measure runs the exporter once, and makes sure that the service got everything.
func (r *row) measure(ctx context.Context, n int) (trial.Result, error) {
	return measure(ctx, trial.Spec{Contender: r.contender, Shape: records.Shape{Kind: r.kind}, Records: n, PerRequest: perRequest})
}

func measure(ctx context.Context, spec trial.Spec) (result trial.Result, err error) {
	s, err := sink.Start(sink.Options{})
	if err != nil {
		return result, err
	}
	defer s.Stop()
	spec.Sink = s.URL
	if result, err = trial.Run(ctx, spec); err != nil {
		return result, err
	}
	arrived, err := sink.Ask(ctx, s.URL)
	if err != nil {
		return result, err
	}
	switch spec.Contender {
	case contender.Floor, contender.Copies:
		return result, nil
	case contender.Lake, contender.LakeRules:
		if arrived.Events != int64(spec.Records) {
			return result, fmt.Errorf("%s: %d of %d events arrived", spec.Contender, arrived.Events, spec.Records)
		}
	default:
		if want := int64(spec.Records / perRequest); arrived.Requests < want {
			return result, fmt.Errorf("%s: %d of %d requests arrived", spec.Contender, arrived.Requests, want)
		}
	}
	return result, nil
}
