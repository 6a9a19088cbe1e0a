// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/chart"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/machine"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/stats"
)

// writeGrowth prints the tables, and writes them and the chart into the folder.
func writeGrowth(dir string, sweeps []*sweep, rounds int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Medians of %d rounds, CPU µs a record (least–most).\n", machine.Describe(), rounds)
	for _, s := range sweeps {
		fmt.Fprintf(&b, "\n%s:\n\n| %s | CPU µs a record |\n|--:|--:|\n", s.title, s.input)
		for i, at := range s.at {
			cpu := stats.Of(s.cpu[i])
			fmt.Fprintf(&b, "| %d | %.1f (%.1f–%.1f) |\n", at, cpu.Median, cpu.Min, cpu.Max)
		}
	}
	fmt.Print(b.String())
	if err := os.WriteFile(filepath.Join(dir, "grow.md"), []byte(b.String()), 0o644); err != nil {
		return err
	}
	return chart.Lines(filepath.Join(dir, "grow.svg"), "How the CPU of a record grows", panels(sweeps),
		fmt.Sprintf("Medians of %d rounds. Dashed: growth in proportion to the input. Orange: the queue in memory.", rounds), machine.Describe())
}

func panels(sweeps []*sweep) []chart.Panel {
	var panels []chart.Panel
	for _, s := range sweeps {
		p := chart.Panel{Title: s.title, XName: s.input, YName: "CPU µs a record", Series: []chart.Series{{Points: s.points()}}}
		for _, other := range sweeps {
			if other.title == s.beside {
				p.Series = append(p.Series, chart.Series{Points: other.points()})
			}
		}
		if s.perInput {
			from, to := p.Series[0].Points[0], float64(s.at[len(s.at)-1])
			p.Limit = []chart.Point{from, {X: to, Y: from.Y * to / from.X}}
		}
		panels = append(panels, p)
	}
	return panels
}

func (s *sweep) points() []chart.Point {
	points := make([]chart.Point, len(s.at))
	for i, at := range s.at {
		points[i] = chart.Point{X: float64(at), Y: s.median(i)}
	}
	return points
}
