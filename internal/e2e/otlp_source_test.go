// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// perPayload is how many records an OTLP client sends at a time.
const perPayload = 37

// sendForEver sends payloads over OTLP, each until it is acknowledged, until the function that it returns is called. A record
// says where in a file it would begin, as those of file_log do.
func sendForEver(t *testing.T, url string, in *input) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			body, err := plogotlp.NewExportRequestFromLogs(payload(in)).MarshalProto()
			require.NoError(t, err)
			for !post(url, body) {
				time.Sleep(20 * time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() { cancel(); <-done }
}

// post sends a payload and says whether it was acknowledged.
func post(url string, body []byte) bool {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
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
