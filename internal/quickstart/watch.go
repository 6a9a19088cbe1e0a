// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// patience is how long the samples may take before the quickstart says what has become of them so far.
const patience = 45 * time.Second

// tally is what became of the events.
type tally struct {
	ingested, repaired, refused int
}

func (t tally) String() string {
	return fmt.Sprintf("%d events ingested (%d of them repaired), %d refused", t.ingested, t.repaired, t.refused)
}

// watch shows how far the samples are, sums up when all are settled, and goes on until ctx ends.
func watch(ctx context.Context, lake *emulator.Emulator, repairs *repairCounter, collector *otelcol.Process, total int) error {
	fmt.Printf("Sending %d sample records of %s through the collector.\n", total, samples)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	late := time.After(patience)
	var shown tally
	summed := false
	for {
		select {
		case <-ctx.Done():
			fmt.Println("\nStopping.")
			return nil
		case <-collector.Done():
			return errors.Join(errors.New("the collector has ended"), collector.Err())
		case <-late:
			if !summed {
				summed = true
				summary(shown, total)
			}
		case <-tick.C:
			now, err := count(ctx, lake, repairs)
			if err != nil || now == shown {
				continue // The metrics page may be a moment late; the next tick asks again.
			}
			shown = now
			fmt.Printf("  %s  %s\n", time.Now().Format(time.TimeOnly), shown)
			if !summed && shown.ingested+shown.refused >= total {
				summed = true
				summary(shown, total)
			}
		}
	}
}

func summary(t tally, total int) {
	fmt.Printf(`
Of %d sample records: %s.
See them:    http://%s
Send more:   OTLP on %s (gRPC) and http://%s/v1/logs
Metrics:     http://%s/metrics
Stop:        Ctrl-C
`, total, t, service, otlpGRPC, otlpHTTP, metrics)
}

// count asks the service what it has, and the collector what it has given up: together they are every event.
func count(ctx context.Context, lake *emulator.Emulator, repairs *repairCounter) (tally, error) {
	page, err := otelcol.Scrape(ctx, "http://"+metrics+"/metrics")
	if err != nil {
		return tally{}, err
	}
	return tally{
		ingested: lake.Counts().Ingested,
		repaired: int(repairs.events.Load()),
		refused:  int(page.Sum("otelcol_exporter_aws_cloudtrail_lake_events_failed", `retryable="false"`)),
	}, nil
}

// repairCounter counts the events that the exporter had to change, which say so. It is the service's store, and keeps nothing.
type repairCounter struct{ events atomic.Int64 }

// Write takes events, each a line of JSON.
func (c *repairCounter) Write(lines []byte) (int, error) {
	for line := range bytes.Lines(lines) {
		var stored struct {
			EventData struct {
				AdditionalEventData map[string]json.RawMessage
			}
		}
		if err := json.Unmarshal(line, &stored); err != nil {
			return 0, err
		}
		if stored.EventData.AdditionalEventData["exporter.repaired"] != nil {
			c.events.Add(1)
		}
	}
	return len(lines), nil
}

// countRecords counts the lines of the sample logs: each is one record.
func countRecords(pattern string) (int, error) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return 0, err
	}
	if len(files) == 0 {
		return 0, fmt.Errorf("no %s here: run it in the repository's folder", pattern)
	}
	total := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		total += bytes.Count(text, []byte{'\n'})
	}
	return total, nil
}
