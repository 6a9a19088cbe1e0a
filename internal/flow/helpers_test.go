// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/counters"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// service is a CloudTrail that a test scripts. It keeps what it took.
type service struct {
	mu sync.Mutex
	// fail makes a whole request fail; nil = none does.
	fail func(ids []string) error
	// code returns the error code of one event; "" = it is ingested.
	code     func(id string) string
	stored   map[string]int
	data     map[string][]byte // eventData of what is stored
	requests [][]string
	closed   bool
}

func (s *service) Put(_ context.Context, body *lake.Body, answer *lake.Answer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, body.Len())
	for i := range ids {
		ids[i] = string(body.ID(i))
	}
	s.requests = append(s.requests, ids)
	answer.RequestID = fmt.Sprintf("request-%d", len(s.requests))
	var sent struct {
		AuditEvents []struct{ EventData string }
	}
	if err := json.Unmarshal(body.Bytes(), &sent); err != nil {
		return err
	}
	if s.fail != nil {
		if err := s.fail(ids); err != nil {
			return err
		}
	}
	answer.Results = answer.Results[:0]
	for i, id := range ids {
		code := ""
		if s.code != nil {
			code = s.code(id)
		}
		if code != "" {
			answer.Results = append(answer.Results, lake.Result{Code: code, Message: "quotes " + secret})
			continue
		}
		if s.stored == nil {
			s.stored, s.data = map[string]int{}, map[string][]byte{}
		}
		s.stored[id]++
		s.data[id] = []byte(sent.AuditEvents[i].EventData)
		answer.Results = append(answer.Results, lake.Result{EventID: "cloudtrail-" + id})
	}
	return nil
}

func (s *service) Close() { s.closed = true }

// refuse returns a service that refuses these events with a code, and no other.
func refuse(code string, ids ...string) *service {
	return &service{code: func(id string) string {
		if slices.Contains(ids, id) {
			return code
		}
		return ""
	}}
}

// secret stands in every record, and must stand in no log and no error.
const secret = "correct horse battery staple"

// records returns n records, whose events have the ids e0, e1, ….
func records(n int) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "test")
	lrs := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		lr := lrs.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Second)))
		lr.SetEventName("test.event")
		lr.Attributes().PutStr("user.id", "u1")
		lr.Attributes().PutStr("secret", secret)
		lr.Attributes().PutStr("log.record.uid", fmt.Sprintf("e%d", i))
	}
	return logs
}

type host struct {
	component.Host
	mu     sync.Mutex
	events []*componentstatus.Event
}

func (h *host) Report(e *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

func (h *host) statuses() []componentstatus.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := []componentstatus.Status{}
	for _, e := range h.events {
		out = append(out, e.Status())
	}
	return out
}

// rig is a flow with a scripted service behind it.
type rig struct {
	*Flow
	t         *testing.T
	service   *service
	host      *host
	telemetry *componenttest.Telemetry
	logs      *logSink
}

func newRig(t *testing.T, s *service, change ...func(*Options)) *rig {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	set := telemetry.NewTelemetrySettings()
	sink := newLogSink()
	set.Logger = sink.logger
	mapper, err := mapping.New(mapping.Config{RecipientAccountID: "111122223333", OnInvalid: mapping.Repair, Version: "test"})
	require.NoError(t, err)
	opts := Options{
		ID:        component.NewID(metadata.Type),
		Telemetry: set,
		Mapper:    mapper,
		Connect:   func(context.Context) (Client, error) { return s, nil },
		Grace:     time.Second,
		Retries:   true,
	}
	for _, c := range change {
		c(&opts)
	}
	f, err := New(opts)
	require.NoError(t, err)
	h := &host{Host: componenttest.NewNopHost()}
	require.NoError(t, f.Start(context.Background(), h))
	t.Cleanup(func() {
		require.NoError(t, f.Shutdown(context.Background()))
		require.True(t, s.closed)
		require.NotContains(t, sink.text(), secret, "event content in a log")
	})
	return &rig{Flow: f, t: t, service: s, host: h, telemetry: telemetry, logs: sink}
}

// push pushes as the retry helper does, at most so many times, and returns what then is left.
func (r *rig) push(logs plog.Logs, attempts int) plog.Logs {
	for range attempts {
		err := r.Push(context.Background(), logs)
		if err == nil {
			return plog.NewLogs()
		}
		require.NotContains(r.t, err.Error(), secret)
		require.False(r.t, consumererror.IsPermanent(err), "the retry helper drops what is permanent")
		back := consumererror.Logs{}
		require.ErrorAs(r.t, err, &back)
		logs = back.Data()
		require.Positive(r.t, logs.LogRecordCount())
	}
	return logs
}

// sum adds up the values of a counter that have the attributes.
func (r *rig) sum(name string, attributes ...attribute.KeyValue) int64 {
	return counters.Sum(r.telemetry, name, attributes...)
}

var final = attribute.Bool("retryable", false)

// balanced asserts the identity that holds at rest.
func (r *rig) balanced() {
	r.t.Helper()
	require.Equal(r.t, r.sum("events_mapped"), r.sum("events_ingested")+r.sum("events_failed", final))
}
