// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package otelcol

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Metrics are the samples of a collector's metrics page.
type Metrics []Sample

// Sample is one value of one metric.
type Sample struct {
	Name   string
	Labels string // as on the page: `code="OK",retryable="false"`
	Value  float64
}

// Scrape reads the page at url, which is in Prometheus' text format:
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
func Scrape(ctx context.Context, url string) (Metrics, error) {
	resp, err := get(ctx, url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	return parse(resp.Body)
}

func parse(r io.Reader) (Metrics, error) {
	var metrics Metrics
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		// No timestamps: the collector's page has none. The value follows the last blank.
		blank := strings.LastIndexByte(line, ' ')
		if blank < 0 {
			return nil, fmt.Errorf("no value in %q", line)
		}
		value, err := strconv.ParseFloat(line[blank+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("no value in %q: %w", line, err)
		}
		name, labels, _ := strings.Cut(line[:blank], "{")
		metrics = append(metrics, Sample{name, strings.TrimSuffix(labels, "}"), value})
	}
	return metrics, lines.Err()
}

// Sum adds up the values of a metric, of those samples that have all the labels, each written as `name="value"`.
func (m Metrics) Sum(name string, labels ...string) float64 {
	var sum float64
samples:
	for _, s := range m {
		if s.Name != name {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(","+s.Labels+",", ","+label+",") {
				continue samples
			}
		}
		sum += s.Value
	}
	return sum
}
