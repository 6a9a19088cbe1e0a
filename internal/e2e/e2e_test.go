// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

const config = `
receivers:
  otlp: {protocols: {grpc: {}, http: {}}}
exporters:
  aws_cloudtrail_lake:
    channel_arn: ` + channelARN + `
    sending_queue: {batch: {flush_timeout: 200ms}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [aws_cloudtrail_lake]}
`

// Records go in over OTLP, by gRPC and by HTTP; each comes out at the service once, or is counted under the code for
// which the service refused it, whatever passing trouble there is.
func TestOTLP(t *testing.T) {
	s := start(t, setup{config: configFile(t), faults: emulator.Faults{
		Seed: 1,
		Events: []emulator.EventFault{
			{Match: emulator.Match{EventName: "wrong"}, Code: "InvalidData"},
			{Code: "Throttling", Rate: 0.1},
			{Code: emulator.CodeNotListed, Rate: 0.05},
		},
		Requests: []emulator.RequestFault{{Code: "ServiceUnavailable", Status: http.StatusServiceUnavailable, First: 1}},
	}})

	const batches, perBatch, wrong = 10, 60, 7
	want := map[string]int{} // how often each UID is to arrive
	for batch := range batches {
		logs := plog.NewLogs()
		resource := logs.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", "billing")
		records := resource.ScopeLogs().AppendEmpty().LogRecords()
		for i := range perBatch {
			uid := fmt.Sprintf("request-%d-%d", batch, i)
			record := records.AppendEmpty()
			record.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 5, 4, 7, 0, i, 0, time.UTC)))
			record.SetEventName("invoice.approve")
			record.Attributes().PutStr("log.record.uid", uid)
			record.Attributes().PutStr("user.id", "u-1001")
			record.Attributes().PutStr("client.address", "203.0.113.9")
			record.Attributes().PutStr("app.note", "grüße \u2028 \x00 </script>")
			if batch == 3 && i < wrong {
				record.SetEventName("wrong")
				continue
			}
			want[uid] = 1
		}
		if batch%2 == 0 {
			sendGRPC(t, s.grpc, logs)
		} else {
			sendHTTP(t, s.http, logs)
		}
	}

	metrics := s.settled(t, batches*perBatch)
	got := map[string]int{}
	for _, event := range s.lake.Events() {
		var data struct{ UID string }
		require.NoError(t, json.Unmarshal(event.EventData, &data))
		got[data.UID]++
	}
	assert.Equal(t, want, got)

	assert.EqualValues(t, batches*perBatch, metrics.Sum("otelcol_exporter_aws_cloudtrail_lake_events_mapped"))
	assert.EqualValues(t, batches*perBatch-wrong, ingested(metrics))
	assert.EqualValues(t, wrong, failed(metrics))
	assert.EqualValues(t, wrong, metrics.Sum("otelcol_exporter_aws_cloudtrail_lake_events_failed",
		`error_code="InvalidData"`, `retryable="false"`, `exporter="aws_cloudtrail_lake"`))
	for code, refused := range s.lake.Counts().Refused {
		if code != "InvalidData" {
			assert.EqualValues(t, refused, metrics.Sum("otelcol_exporter_aws_cloudtrail_lake_events_failed",
				`error_code="`+code+`"`, `retryable="true"`), code)
		}
	}
	for code, requests := range s.lake.Counts().Requests {
		assert.EqualValues(t, requests, metrics.Sum("otelcol_exporter_aws_cloudtrail_lake_requests", `error_code="`+code+`"`), code)
	}
	assert.Zero(t, s.lake.Counts().Violations)
	for _, histogram := range []string{"request_duration", "request_events", "request_size", "event_age"} {
		assert.NotZero(t, metrics.Sum("otelcol_exporter_aws_cloudtrail_lake_"+histogram+"_count", `exporter="aws_cloudtrail_lake"`), histogram)
	}
}

// One record, and the whole event that it makes.
func TestEvent(t *testing.T) {
	s := start(t, setup{config: configFile(t)})
	sendGRPC(t, s.grpc, oneRecord())
	s.settled(t, 1)

	require.Len(t, s.lake.Events(), 1)
	var event map[string]any
	require.NoError(t, json.Unmarshal(s.lake.Events()[0].EventData, &event))
	additional, _ := event["additionalEventData"].(map[string]any)
	delete(event, "additionalEventData")
	assert.Equal(t, map[string]any{
		"version":            "1.0",
		"userIdentity":       map[string]any{"type": "User", "principalId": "u-1001"},
		"userAgent":          "curl/8.5.0",
		"eventSource":        "billing",
		"eventName":          "invoice.approve",
		"eventTime":          "2026-05-04T07:00:01Z",
		"UID":                "request-1",
		"requestParameters":  map[string]any{"url.path": "/v1/invoices/1/approve"},
		"sourceIPAddress":    "203.0.113.9",
		"recipientAccountId": "111122223333",
	}, event)
	assert.Equal(t, "semconv", additional["exporter.preset"])
	assert.Equal(t, s.lake.Events()[0].ID, additional["exporter.id"])
	assert.NotContains(t, additional, "exporter.repaired")
}

// While CloudTrail takes nothing, the health check says so, and the record waits. When it is mended, both are well.
func TestDenied(t *testing.T) {
	s := start(t, setup{config: configFile(t), componentHealth: true, faults: emulator.Faults{Deny: true}})
	healthy := func() bool { return otelcol.Healthy(t.Context(), s.health) }
	require.True(t, healthy())

	sendGRPC(t, s.grpc, oneRecord())
	require.Eventually(t, func() bool { return !healthy() }, time.Minute, 50*time.Millisecond, "the health check is well, though nothing arrives")
	assert.Zero(t, ingested(s.scrape(t)))
	assert.Zero(t, failed(s.scrape(t)))

	require.NoError(t, s.lake.SetFaults(emulator.Faults{}))
	assert.EqualValues(t, 1, ingested(s.settled(t, 1)))
	require.Eventually(t, healthy, time.Minute, 50*time.Millisecond, "the health check is bad, though all has arrived")
}

// The quickstart's sample logs all arrive, and as few of them as are meant to need repair.
func TestQuickstart(t *testing.T) {
	s := start(t, setup{config: repository + "/examples/quickstart.yaml"})
	metrics := s.settled(t, 380)
	assert.EqualValues(t, 380, ingested(metrics))
	assert.Zero(t, failed(metrics))
	assert.Equal(t, metrics.Sum("otelcol_exporter_aws_cloudtrail_lake_events_mapped"), ingested(metrics))

	var repaired []string
	for _, event := range s.lake.Events() {
		var data struct {
			EventName           string
			AdditionalEventData map[string]any
		}
		require.NoError(t, json.Unmarshal(event.EventData, &data))
		if fields, ok := data.AdditionalEventData["exporter.repaired"]; ok {
			repaired = append(repaired, fmt.Sprint(data.EventName, " ", fields))
		}
	}
	assert.Len(t, repaired, 5, strings.Join(repaired, "\n"))
}

// Every example is a configuration that a collector takes as it is.
func TestExamples(t *testing.T) {
	binary := collectorBinary(t)
	files, err := filepath.Glob(repository + "/examples/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			output, err := exec.Command(binary, "validate", "--config", file).CombinedOutput()
			assert.NoError(t, err, string(output))
		})
	}
}

func configFile(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	return file
}

// oneRecord is what TestEvent has the event of.
func oneRecord() plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "billing")
	record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 5, 4, 7, 0, 1, 500_000_000, time.UTC)))
	record.SetEventName("invoice.approve")
	for key, value := range map[string]string{
		"log.record.uid": "request-1", "user.id": "u-1001", "client.address": "203.0.113.9",
		"user_agent.original": "curl/8.5.0", "url.path": "/v1/invoices/1/approve",
	} {
		record.Attributes().PutStr(key, value)
	}
	return logs
}

func sendGRPC(t *testing.T, address string, logs plog.Logs) {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer conn.Close()
	answer, err := plogotlp.NewGRPCClient(conn).Export(t.Context(), plogotlp.NewExportRequestFromLogs(logs))
	require.NoError(t, err)
	require.Zero(t, answer.PartialSuccess().RejectedLogRecords())
}

func sendHTTP(t *testing.T, address string, logs plog.Logs) { require.NoError(t, post(address, logs)) }

// post sends records by OTLP over HTTP. An error means that they were not acknowledged.
func post(address string, logs plog.Logs) error {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+address+"/v1/logs", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Close = true // leave no connection behind
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}
