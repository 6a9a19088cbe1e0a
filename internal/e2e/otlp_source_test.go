// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// perPayload is how many records an OTLP client sends at a time.
const perPayload = 37

// sendForEver sends payloads over OTLP, each until it is acknowledged, until the function that it returns is called. A record
// says where in a file it would begin, as those of file_log do.
func sendForEver(t *testing.T, address string, in *input) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			logs := payload(in)
			for post(address, logs) != nil {
				time.Sleep(20 * time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() { cancel(); <-done }
}

func payload(in *input) plog.Logs {
	in.mu.Lock()
	defer in.mu.Unlock()
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "billing")
	records := resource.ScopeLogs().AppendEmpty().LogRecords()
	for range perPayload {
		at, name := int64(len(in.lines)), in.name()
		in.add(at, name == refusedName)
		record := records.AppendEmpty()
		record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		record.SetEventName(name)
		record.Attributes().PutStr("user.id", "u-1001")
		record.Attributes().PutInt("log.file.record_offset", at)
	}
	return logs
}
