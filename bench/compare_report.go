// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/chart"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/contender"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/machine"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/stats"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/trial"
)

// comparison is what compare has measured.
type comparison struct {
	rows      []*row
	n, rounds int
}

// goals are the ratios that the exporter is held to, in CPU of a record.
var goals = []struct {
	of, to string
	kind   records.Kind
	most   float64
}{
	{contender.Lake, contender.OTLPJSON, records.Semconv, 1},
	{contender.Lake, contender.Kinesis, records.Semconv, 0.5},
	{contender.Lake, contender.Floor, records.Semconv, 5},
	{contender.Lake, contender.OTLPJSON, records.KubernetesText, 2},
}

var headings = map[records.Kind]string{
	records.Semconv:        "records of an instrumented service, as attributes",
	records.KubernetesMap:  "events of a Kubernetes API server, as a map in the body",
	records.KubernetesText: "events of a Kubernetes API server, as JSON text in the body",
}

func (c *comparison) find(name string, kind records.Kind) *row {
	for _, r := range c.rows {
		if r.contender == name && r.kind == kind {
			return r
		}
	}
	panic("not measured: " + name)
}

// each is one figure of all rounds.
func (r *row) each(figure func(trial.Result) float64) []float64 {
	values := make([]float64, len(r.results))
	for i, result := range r.results {
		values[i] = figure(result)
	}
	return values
}

func (c *comparison) cpu(r *row) []float64 {
	return r.each(func(result trial.Result) float64 { return micros(result, c.n) })
}

// write prints the tables, and writes them and the chart into the folder.
func (c *comparison) write(dir string) error {
	text := c.tables()
	fmt.Print(text)
	if err := os.WriteFile(filepath.Join(dir, "compare.md"), []byte(text), 0o644); err != nil {
		return err
	}
	return chart.Bars(filepath.Join(dir, "compare.svg"), "CPU for one record", "µs", c.groups(),
		fmt.Sprintf("Medians of %d rounds, with least and most. The whole exporter; the service, on loopback, is not counted.", c.rounds),
		machine.Describe())
}

func (c *comparison) tables() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. %d rounds of %d records each.\n", machine.Describe(), c.rounds, c.n)
	for _, kind := range []records.Kind{records.Semconv, records.KubernetesMap, records.KubernetesText} {
		fmt.Fprintf(&b, "\n%s:\n\n", strings.ToUpper(headings[kind][:1])+headings[kind][1:])
		b.WriteString("| exporter | CPU µs a record (least–most) | allocations a record | bytes a record | peak RSS MB | records/s |\n|---|--:|--:|--:|--:|--:|\n")
		for _, r := range c.rows {
			if r.kind == kind {
				c.line(&b, r)
			}
		}
	}
	b.WriteString("\n| CPU of a record | ratio of medians (least–most) | goal |\n|---|--:|--:|\n")
	for _, g := range goals {
		s := stats.Ratio(c.cpu(c.find(g.of, g.kind)), c.cpu(c.find(g.to, g.kind)))
		fmt.Fprintf(&b, "| %s / %s, %s | %.2f (%.2f–%.2f) | %g |\n", g.of, g.to, g.kind, s.Median, s.Min, s.Max, g.most)
	}
	return b.String()
}

func (c *comparison) line(b *strings.Builder, r *row) {
	n := float64(c.n)
	median := func(figure func(trial.Result) float64) float64 { return stats.Of(r.each(figure)).Median }
	cpu := stats.Of(c.cpu(r))
	fmt.Fprintf(b, "| %s | %.2f (%.2f–%.2f) | %.2f | %.0f | %.0f | %.0f |\n", r.contender, cpu.Median, cpu.Min, cpu.Max,
		median(func(t trial.Result) float64 { return float64(t.Allocations) / n }),
		median(func(t trial.Result) float64 { return float64(t.AllocatedBytes) / n }),
		median(func(t trial.Result) float64 { return float64(t.PeakRSS) / 1e6 }),
		median(func(t trial.Result) float64 { return n / t.Wall.Seconds() }))
}

func (c *comparison) groups() []chart.Group {
	var groups []chart.Group
	for _, kind := range []records.Kind{records.Semconv, records.KubernetesMap, records.KubernetesText} {
		g := chart.Group{Heading: headings[kind]}
		for _, r := range c.rows {
			if r.kind == kind {
				cpu := stats.Of(c.cpu(r))
				g.Bars = append(g.Bars, chart.Bar{Label: r.contender, Value: cpu.Median, Low: cpu.Min, High: cpu.Max, Class: class(r.contender)})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

func class(name string) string {
	switch name {
	case contender.Lake, contender.LakeRules:
		return "ours"
	case contender.Floor:
		return "floor"
	}
	return "theirs"
}
