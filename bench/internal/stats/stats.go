// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package stats sums up what was measured several times.
package stats

import "slices"

// Summary is a median with its spread.
type Summary struct {
	Median, Min, Max float64
}

// Of sums up values, of which there has to be at least one.
func Of(values []float64) Summary {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Summary{Median: (sorted[(n-1)/2] + sorted[n/2]) / 2, Min: sorted[0], Max: sorted[n-1]}
}

// Ratio sums up a over b: the median is that of the medians, the spread that of the pairs, each of which was measured in
// one round, so that a disturbance of the machine is in both.
func Ratio(a, b []float64) Summary {
	pairs := make([]float64, len(a))
	for i := range a {
		pairs[i] = a[i] / b[i]
	}
	s := Of(pairs)
	s.Median = Of(a).Median / Of(b).Median
	return s
}
