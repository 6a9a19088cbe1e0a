// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/counters"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// result is what became of a cell's events, as the service's store and what the component gave up say, and what the
// component's metrics say of the same.
type result struct {
	sent     int
	ingested int // events that the store has
	rejected int // events that the component gave up
	twins    int // how many times more than once the store has events
	lost     int // events that are neither ingested nor rejected

	wrong    int // events that met the other end than was planted, and outcomes of events that nobody sent
	cut      int // events that were stored by requests whose answer was lost: each may have a twin
	receipts int // of the connector, by event; those of the exporter count as complete
	breaches int // requests that no correct client makes

	mapped, countedIngested, countedFailed int64
}

// observe draws up the result. impatient says that the time-out is short.
func observe(in *input, lake *emulator.Emulator, telemetry *componenttest.Telemetry, log []byte, sink *consumertest.LogsSink, connector, impatient bool) (result, error) {
	stored := map[string]int{}
	for _, e := range lake.Events() {
		stored[e.ID]++
	}
	gaveUp, receipts := loggedAsRejected(log), maps.Clone(stored)
	if connector {
		gaveUp, receipts = emitted(sink, "rejected"), emitted(sink, "ingested")
	}
	r := result{
		sent: len(in.ingest) + len(in.reject), ingested: len(stored), rejected: len(gaveUp), receipts: len(receipts),
		breaches: lake.Counts().Violations,
		mapped:   counters.Sum(telemetry, "events_mapped"), countedIngested: ingested(telemetry), countedFailed: failed(telemetry),
	}
	for _, times := range stored {
		r.twins += times - 1
	}
	for _, request := range lake.Requests() {
		if request.Status == 0 {
			r.cut += request.Ingested
		}
	}
	for _, fate := range []struct {
		those        map[string]bool
		right, other map[string]int
	}{{in.ingest, stored, gaveUp}, {in.reject, gaveUp, stored}} {
		for id := range fate.those {
			switch {
			case fate.right[id] == 0 && fate.other[id] == 0:
				r.lost++
			case fate.other[id] > 0:
				r.wrong++
			}
		}
		for id := range fate.right {
			if !in.ingest[id] && !in.reject[id] {
				r.wrong++
			}
		}
	}
	if impatient {
		r.cut += r.twins // a busy machine is late with other answers as well
	}
	return r, r.check(len(in.reject))
}

// check returns what is wrong with a result where so many events were planted to be rejected.
func (r result) check(planted int) error {
	var errs []error
	demand := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	demand(r.lost == 0, "%d events are lost", r.lost)
	demand(r.wrong == 0, "%d events met a wrong end", r.wrong)
	demand(r.rejected == planted, "%d events are rejected; %d were planted", r.rejected, planted)
	demand(r.ingested == r.sent-planted, "%d events of %d are ingested; %d were planted to be rejected", r.ingested, r.sent, planted)
	demand(r.twins <= r.cut, "%d twins; lost answers explain %d", r.twins, r.cut)
	demand(r.receipts == r.ingested, "%d of %d ingested events have a receipt", r.receipts, r.ingested)
	demand(r.breaches == 0, "%d requests broke the model", r.breaches)
	demand(r.mapped == r.countedIngested+r.countedFailed, "by the metrics, %d mapped is not %d ingested + %d failed for good",
		r.mapped, r.countedIngested, r.countedFailed)
	demand(r.mapped == int64(r.sent) && r.countedFailed == int64(r.rejected), "the metrics count %d events mapped and %d failed for good; %d were sent and %d rejected",
		r.mapped, r.countedFailed, r.sent, r.rejected)
	return errors.Join(errs...)
}

// loggedAsRejected returns the ids that the exporter named as rejected, each with how often.
func loggedAsRejected(log []byte) map[string]int {
	ids := map[string]int{}
	for line := range bytes.Lines(log) {
		var entry struct{ Msg, ID string }
		if json.Unmarshal(line, &entry) == nil && entry.Msg == "Event rejected." {
			ids[entry.ID]++
		}
	}
	return ids
}

// emitted returns the ids of the records that left the connector with an outcome, each with how often.
func emitted(sink *consumertest.LogsSink, outcome string) map[string]int {
	ids := map[string]int{}
	for _, logs := range sink.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					if value, _ := lr.Attributes().Get(attr.Outcome); value.AsString() == outcome {
						id, _ := lr.Attributes().Get("aws.cloudtrail_lake.id")
						ids[id.AsString()]++
					}
				}
			}
		}
	}
	return ids
}

func ingested(t *componenttest.Telemetry) int64 { return counters.Sum(t, "events_ingested") }

// failed counts the events that failed for good.
func failed(t *componenttest.Telemetry) int64 {
	return counters.Sum(t, "events_failed", attribute.Bool("retryable", false))
}
