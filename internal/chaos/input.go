// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// listSize is how many items a list holds.
const listSize = 100

// input is what a cell sends, and what is to become of it.
type input struct {
	payloads []plog.Logs
	ingest   map[string]bool // by id: those that are to be ingested
	reject   map[string]bool // by id: those that are to be rejected
}

// newInput makes so many events, as records of their own or as items of lists. Where it is to plant, it names one in fifty
// as those that the service refuses.
func newInput(events int, lists, plant bool, random *rand.Rand) *input {
	in := &input{ingest: map[string]bool{}, reject: map[string]bool{}}
	for n := 0; n < events; {
		logs := plog.NewLogs()
		resource := logs.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", "billing")
		records := resource.ScopeLogs().AppendEmpty().LogRecords()
		size := min(events-n, 1+random.IntN(2*listSize)) // not that of a request
		if lists {
			size = min(events-n, listSize)
			record := records.AppendEmpty()
			items := record.Body().SetEmptyMap().PutEmptySlice("records")
			for range size {
				in.event(items.AppendEmpty().SetEmptyMap(), n, plant && random.IntN(50) == 0)
				n++
			}
		} else {
			for range size {
				record := records.AppendEmpty()
				record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
				in.event(record.Attributes(), n, plant && random.IntN(50) == 0)
				n++
			}
		}
		in.payloads = append(in.payloads, logs)
	}
	return in
}

func (in *input) event(m pcommon.Map, n int, plant bool) {
	id, name, fate := fmt.Sprintf("event-%d", n), "invoice.approve", in.ingest
	if plant {
		name, fate = refused, in.reject
	}
	fate[id] = true
	m.PutStr("log.record.uid", id)
	m.PutStr("event.name", name)
	m.PutStr("@timestamp", time.Now().UTC().Format(time.RFC3339Nano))
	m.PutStr("user.id", "u-1001")
}
