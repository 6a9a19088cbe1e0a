// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

func code(c string) attribute.KeyValue { return attribute.String("error_code", c) }

func TestAllIngested(t *testing.T) {
	r := newRig(t, &service{})
	require.Zero(t, r.push(records(250), 1).LogRecordCount())
	require.Len(t, r.service.stored, 250)
	require.Len(t, r.service.requests, 3, "requests are full")
	require.EqualValues(t, 250, r.sum("events_mapped", attribute.String("preset", "semconv")))
	require.EqualValues(t, 250, r.sum("events_ingested", attribute.String("preset", "semconv")))
	require.EqualValues(t, 3, r.sum("requests", code("OK")))
	require.Empty(t, r.host.statuses(), "no change, no report")
	r.balanced()
}

// TestEventCodes refuses one event of three, once, with each code that an event can be refused with.
func TestEventCodes(t *testing.T) {
	for _, tt := range []struct {
		code string
		// sentAgain says whether the event is sent again, by itself.
		sentAgain bool
	}{
		{code: "Throttling", sentAgain: true},
		{code: "InternalFailure", sentAgain: true},
		{code: "AccountNotSubscribed", sentAgain: true},
		{code: lake.CodeNotListed, sentAgain: true},
		{code: "InvalidChecksum", sentAgain: true},
		{code: "FieldTooLong"},
		{code: "FieldNotFound"},
		{code: "InvalidData"},
		{code: "InvalidRecipient"},
		{code: "InvalidEventSource"},
		{code: "SomethingNew"},
	} {
		t.Run(tt.code, func(t *testing.T) {
			refused := 0
			r := newRig(t, &service{code: func(id string) string {
				if id == "e1" && refused == 0 {
					refused++
					return tt.code
				}
				return ""
			}})
			require.Zero(t, r.push(records(3), 2).LogRecordCount())
			require.EqualValues(t, 1, r.sum("events_failed", code(tt.code), attribute.Bool("retryable", tt.sentAgain)))
			require.EqualValues(t, 1, r.sum("events_failed"))
			want := map[string]int{"e0": 1, "e2": 1}
			if tt.sentAgain {
				want["e1"] = 1
				require.Equal(t, [][]string{{"e0", "e1", "e2"}, {"e1"}}, r.service.requests)
			} else {
				require.Len(t, r.service.requests, 1)
				require.Contains(t, r.logs.text(), `"id":"e1","uid":"e1","preset":"semconv","error_code":"`+tt.code+`"`)
			}
			require.Equal(t, want, r.service.stored)
			r.balanced()
		})
	}
}

func TestChecksumWrongTwiceIsRejected(t *testing.T) {
	r := newRig(t, refuse("InvalidChecksum", "e1"))
	require.Zero(t, r.push(records(3), 1).LogRecordCount(), "sent again at once, not by the queue")
	require.EqualValues(t, 1, r.sum("events_failed", code("InvalidChecksum"), attribute.Bool("retryable", true)))
	require.EqualValues(t, 1, r.sum("events_failed", code("InvalidChecksum"), final))
	r.balanced()
}

// TestRequestFailures fails the first request as a whole, with a failure of each class.
func TestRequestFailures(t *testing.T) {
	for _, tt := range []struct {
		err    *lake.Error
		status bool // reported as an error to be mended
	}{
		{err: &lake.Error{Code: "ThrottlingException", Class: lake.Throttled, Status: 400}},
		{err: &lake.Error{Code: "ServiceUnavailable", Class: lake.Passing, Status: 503}},
		{err: &lake.Error{Code: lake.CodeTimeout, Class: lake.Passing}},
		{err: &lake.Error{Code: lake.CodeConnection, Class: lake.Passing}},
		{err: &lake.Error{Code: "AccessDenied", Class: lake.Operator, Status: 403}, status: true},
		{err: &lake.Error{Code: "ChannelNotFound", Class: lake.Operator, Status: 400}, status: true},
		{err: &lake.Error{Code: lake.CodeCredentials, Class: lake.Operator}, status: true},
	} {
		t.Run(tt.err.Code, func(t *testing.T) {
			failures := 0
			r := newRig(t, &service{fail: func([]string) error {
				if failures++; failures <= 2 {
					return tt.err
				}
				return nil
			}})
			left := r.push(records(250), 1)
			require.Equal(t, 250, left.LogRecordCount(), "kept")
			require.Len(t, r.service.requests, 1, "what would fail alike is not sent")
			require.Zero(t, r.push(left, 2).LogRecordCount())
			require.Len(t, r.service.stored, 250)
			require.EqualValues(t, 2, r.sum("requests", code(tt.err.Code)))
			require.Zero(t, r.sum("events_failed"))
			if tt.status {
				require.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, r.host.statuses())
			} else {
				require.Empty(t, r.host.statuses())
			}
			r.balanced()
		})
	}
}

func TestCodesAreBounded(t *testing.T) {
	n := 0
	r := newRig(t, &service{code: func(string) string { n++; return fmt.Sprint("Invented", n) }})
	r.push(records(maxCodes+50), 1)
	require.EqualValues(t, 50+1, r.sum("events_failed", code(otherCode)), "OK is one of those that are told apart")
	r.balanced()
}

func TestGiveUp(t *testing.T) {
	r := newRig(t, &service{fail: func([]string) error {
		return &lake.Error{Code: "ServiceUnavailable", Class: lake.Passing, Status: 503}
	}}, func(o *Options) { o.GiveUpAfter = time.Nanosecond })
	require.Equal(t, 5, r.push(records(5), 1).LogRecordCount(), "the first attempt is not the last")
	require.Zero(t, r.push(records(5), 2).LogRecordCount())
	require.EqualValues(t, 5, r.sum("events_failed", code("ServiceUnavailable"), final))
}

func TestNoRetries(t *testing.T) {
	r := newRig(t, refuse("Throttling", "e1"), func(o *Options) { o.Retries = false })
	require.Equal(t, 1, r.push(records(3), 1).LogRecordCount(), "whoever pushed is told")
	require.EqualValues(t, 1, r.sum("events_failed", code("Throttling"), final))
	r.balanced()

	r.service.fail = func([]string) error { return &lake.Error{Code: lake.CodeTimeout, Class: lake.Passing} }
	require.Equal(t, 250, r.push(records(250), 1).LogRecordCount())
	require.EqualValues(t, 250, r.sum("events_failed", code(lake.CodeTimeout), final))
	r.balanced()
}

func TestShutdown(t *testing.T) {
	for _, durable := range []bool{false, true} {
		t.Run(fmt.Sprintf("durable=%v", durable), func(t *testing.T) {
			down := false
			r := newRig(t, &service{fail: func([]string) error {
				if down {
					return &lake.Error{Code: lake.CodeConnection, Class: lake.Passing}
				}
				return nil
			}}, func(o *Options) { o.Durable = durable })
			require.Zero(t, r.push(records(7), 1).LogRecordCount())
			down = true
			r.push(records(10), 1) // waits for its next attempt when the shutdown begins
			r.Closing()
			r.push(records(250), 1)
			requests := len(r.service.requests)
			r.push(records(20), 1)
			require.Len(t, r.service.requests, requests, "the service is out of reach: not tried")
			require.NoError(t, r.Shutdown(context.Background()))
			if durable {
				require.Zero(t, r.sum("events_failed"))
				return
			}
			require.EqualValues(t, 280, r.sum("events_failed", code("Shutdown"), final))
			require.Contains(t, r.logs.text(), `"id":"e9"`)
			r.balanced()
		})
	}
}

func TestTheSecondAttemptSettlesWhatTheFirstHeld(t *testing.T) {
	down := true
	r := newRig(t, &service{fail: func([]string) error {
		if down {
			return &lake.Error{Code: lake.CodeConnection, Class: lake.Passing}
		}
		return nil
	}})
	first, second := r.push(records(3), 1), r.push(records(3), 2) // the same events twice
	down = false
	r.push(first, 1)
	r.push(second, 1)
	require.NoError(t, r.Shutdown(context.Background()))
	require.Zero(t, r.sum("events_failed"))
	r.balanced()
}

func TestConcurrentPushes(t *testing.T) {
	r := newRig(t, refuse("FieldTooLong", "e5"), func(o *Options) { o.RequestsPerSecond = 100_000 })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if err := r.Push(context.Background(), records(30)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 8*20*29, r.sum("events_ingested"))
	r.balanced()
}

func TestAdmit(t *testing.T) {
	logs := records(5)
	lrs := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	lrs.At(0).SetTimestamp(0)
	lrs.At(2).SetTimestamp(1_777_885_964)
	lrs.At(2).SetObservedTimestamp(1_777_885_964)
	lrs.At(3).SetObservedTimestamp(math.MaxUint64)
	lrs.At(4).SetObservedTimestamp(1_777_885_964_000_000_000)
	now := time.Now()
	Admit(logs, now, false)
	for i := range 4 {
		require.Equal(t, now.UnixNano(), int64(lrs.At(i).ObservedTimestamp()), "it had no possible one")
	}
	require.EqualValues(t, 1_777_885_964_000_000_000, lrs.At(4).ObservedTimestamp(), "the observer's stays")
	require.EqualValues(t, 1_777_885_964, lrs.At(2).Timestamp(), "the source's stays")
}

// privateNames are the attributes that have a meaning to this component.
var privateNames = []string{
	attr.Attempts, attr.FirstAttempt, attr.SuspectedAt, attr.Ordinal, attr.Items,
	attr.Outcome, attr.ID, attr.UID, attr.ChannelARN, attr.Preset, attr.ErrorCode, attr.ErrorMessage,
	attr.EventID, attr.Checksum, attr.RequestID, attr.IngestedAt, attr.Prefix + "new_name",
}

// TestSenderHidesNothing sends records that carry this component's attributes, with values that it would write itself. They have
// no effect: each event arrives, and holds what the sender wrote.
func TestSenderHidesNothing(t *testing.T) {
	values := map[string]any{"a list of numbers": []any{int64(0)}, "a number": int64(19), "a text": "rejected", "a map": map[string]any{"k": "v"}}
	for _, name := range privateNames {
		for kind, value := range values {
			for _, asConnector := range []bool{false, true} {
				for shape, logs := range map[string]plog.Logs{"a record": records(3), "a list": lists(3, 3)} {
					t.Run(fmt.Sprintf("%s/%s/%s/connector=%v", name, kind, shape, asConnector), func(t *testing.T) {
						out := &pipe{}
						r := newRig(t, &service{}, func(o *Options) {
							if asConnector {
								withOutlet(Outlet{Rejected: true, Trimmed: true, Ingested: true}, out)(o)
							}
						})
						for lr := range each(logs) {
							require.NoError(t, lr.Attributes().PutEmpty(name).FromRaw(value))
							require.NoError(t, lr.Attributes().PutEmpty(attr.SourcePrefix+name).FromRaw("taken"))
						}
						Admit(logs, time.Now(), false)
						require.Zero(t, r.push(logs, 1).LogRecordCount())
						require.Equal(t, map[string]int{"e0": 1, "e1": 1, "e2": 1}, r.service.stored)
						require.EqualValues(t, 3, r.sum("events_mapped"))
						if asConnector {
							require.Len(t, out.took, 3, "a receipt for each")
						}
						for id, data := range r.service.data {
							require.Contains(t, string(data), "source."+name, id)
							require.Contains(t, string(data), "source.source."+name, "both are kept")
						}
						r.balanced()
					})
				}
			}
		}
	}
}

// TestReplay sends a record that left through the connector to a component that accepts replays.
func TestReplay(t *testing.T) {
	r := newRig(t, &service{})
	logs := lists(5, 5)
	for lr := range each(logs) {
		require.NoError(t, lr.Attributes().PutEmpty(attr.Items).FromRaw([]any{int64(1), int64(3)}))
		lr.Attributes().PutStr(attr.Outcome, "rejected")
		lr.Attributes().PutInt(attr.Attempts, 19)
	}
	Admit(logs, time.Now(), true)
	require.Zero(t, r.push(logs, 1).LogRecordCount())
	require.Equal(t, [][]string{{"e1", "e3"}}, r.service.requests)
	require.EqualValues(t, 3, r.sum("replay_items_left_out"))
	require.NotContains(t, string(r.service.data["e1"]), attr.Outcome)
	require.Contains(t, string(r.service.data["e1"]), "source."+attr.Attempts, "a replayed record has no history")
	r.balanced()
}
