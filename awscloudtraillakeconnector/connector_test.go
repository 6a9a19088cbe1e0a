// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeconnector

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/awscloudtraillakeconnector/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// stage is a connector made by its factory, as the collector makes it, between an emulator and two pipelines.
type stage struct {
	connector.Logs
	lake  *emulator.Emulator
	first *consumertest.LogsSink
	// second fails as often as refusals says.
	second   *consumertest.LogsSink
	refusals atomic.Int32
}

type pipe struct {
	*consumertest.LogsSink
	refusals *atomic.Int32
}

func (p pipe) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if p.refusals.Add(-1) >= 0 {
		return errors.New("full")
	}
	return p.LogsSink.ConsumeLogs(ctx, logs)
}

func newStage(t *testing.T, faults emulator.Faults, change func(*Config)) *stage {
	lake, err := emulator.New(emulator.Config{ChannelARN: testARN, Faults: faults})
	require.NoError(t, err)
	server := httptest.NewServer(lake)
	t.Cleanup(server.Close)

	cfg := createDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	cfg.Endpoint = server.URL
	cfg.RequestsPerSecond = 0
	cfg.QueueConfig.Get().Batch.Get().FlushTimeout = 10 * time.Millisecond
	if change != nil {
		change(cfg)
	}
	s := &stage{lake: lake, first: &consumertest.LogsSink{}, second: &consumertest.LogsSink{}}
	next := connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{
		pipeline.NewIDWithName(pipeline.SignalLogs, "first"):  s.first,
		pipeline.NewIDWithName(pipeline.SignalLogs, "second"): pipe{s.second, &s.refusals},
	})
	s.Logs, err = NewFactory().CreateLogsToLogs(t.Context(), connectortest.NewNopSettings(metadata.Type), cfg, next)
	require.NoError(t, err)
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, s.Shutdown(t.Context())) })
	return s
}

func auditLogs(n int) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "billing")
	for i := range n {
		lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 5, 4, 7, 0, i, 0, time.UTC)))
		lr.SetEventName("invoice.approve")
		lr.Attributes().PutStr("log.record.uid", fmt.Sprintf("r%d", i))
		lr.Attributes().PutStr("user.id", "u1")
		lr.Attributes().PutStr("app.step", strconv.Itoa(i))
	}
	return logs
}

func records(sink *consumertest.LogsSink) (out []plog.LogRecord) {
	for _, logs := range sink.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					out = append(out, lr)
				}
			}
		}
	}
	return out
}

func attribute(lr plog.LogRecord, name string) string {
	v, _ := lr.Attributes().Get("aws.cloudtrail_lake." + name)
	return v.AsString()
}

// Each pipeline gets each record once, also where the other one does not take it at first.
func TestEachPipelineGetsEachRecordOnce(t *testing.T) {
	s := newStage(t, emulator.Faults{Events: []emulator.EventFault{{Match: emulator.Match{UID: "r3"}, Code: "InvalidData"}}}, func(cfg *Config) {
		cfg.Emit = []Outcome{Rejected, Ingested}
	})
	s.refusals.Store(3)
	assert.True(t, s.Capabilities().MutatesData)
	require.NoError(t, s.ConsumeLogs(t.Context(), auditLogs(5)))
	for _, sink := range []*consumertest.LogsSink{s.first, s.second} {
		require.Eventually(t, func() bool { return sink.LogRecordCount() == 5 }, time.Minute, 10*time.Millisecond)
	}
	stored := map[string]emulator.Event{}
	for _, e := range s.lake.Events() {
		stored[e.ID] = e
	}
	outcomes := map[string]int{}
	for _, lr := range records(s.second) {
		outcomes[attribute(lr, "outcome")]++
		if attribute(lr, "outcome") == "ingested" {
			e := stored[attribute(lr, "id")]
			assert.Equal(t, e.EventID, attribute(lr, "cloudtrail_event_id"))
			assert.Equal(t, e.RequestID, attribute(lr, "request_id"))
			sum := sha256.Sum256(e.EventData)
			assert.Equal(t, base64.StdEncoding.EncodeToString(sum[:]), attribute(lr, "checksum"))
		}
	}
	assert.Equal(t, map[string]int{"ingested": 4, "rejected": 1}, outcomes)
}

// A rejected record goes back in when the mapping is mended, and gives the event that it should have given.
func TestRejectedRecordFedBack(t *testing.T) {
	broken := newStage(t, emulator.Faults{}, func(cfg *Config) {
		cfg.OnInvalid = mapping.Reject
		cfg.Mappings = []mapping.Rule{{Fields: map[string]any{"userAgent": `log.attributes["app.comment"]`}}}
	})
	logs := auditLogs(3)
	for _, sl := range logs.ResourceLogs().At(0).ScopeLogs().All() {
		sl.LogRecords().At(0).Attributes().PutStr("app.comment", strings.Repeat("approved. ", 200)) // too long for a userAgent
	}
	original := plog.NewLogs()
	logs.CopyTo(original)
	require.NoError(t, broken.ConsumeLogs(t.Context(), logs))
	require.Eventually(t, func() bool { return broken.first.LogRecordCount() == 3 }, time.Minute, 10*time.Millisecond)
	assert.Empty(t, broken.lake.Events())

	mended, direct := newStage(t, emulator.Faults{}, func(cfg *Config) { cfg.AcceptReplay = true }), newStage(t, emulator.Faults{}, nil)
	for _, logs := range broken.first.AllLogs() {
		require.NoError(t, mended.ConsumeLogs(t.Context(), logs))
	}
	require.NoError(t, direct.ConsumeLogs(t.Context(), original))
	for _, s := range []*stage{mended, direct} {
		require.Eventually(t, func() bool { return s.lake.Counts().Ingested == 3 }, time.Minute, 10*time.Millisecond)
	}
	assert.Equal(t, eventData(direct), eventData(mended))
}

func eventData(s *stage) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for _, e := range s.lake.Events() {
		out[e.ID] = e.EventData
	}
	return out
}
