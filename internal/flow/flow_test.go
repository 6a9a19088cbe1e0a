// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"

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
	r := newRig(t, &service{code: func(id string) string {
		if id == "e1" {
			return "InvalidChecksum"
		}
		return ""
	}})
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

// refuseWith refuses a request that holds the event.
func refuseWith(id, code string) func(ids []string) error {
	return func(ids []string) error {
		if slices.Contains(ids, id) {
			return &lake.Error{Code: code, Class: lake.Blame, Status: 400}
		}
		return nil
	}
}

func TestBisect(t *testing.T) {
	for _, c := range []string{"ValidationException", "SerializationException", "DuplicatedAuditEventId", "RequestEntityTooLarge"} {
		for _, culprit := range []string{"e0", "e41", "e99"} {
			t.Run(c+"/"+culprit, func(t *testing.T) {
				r := newRig(t, &service{fail: refuseWith(culprit, c)})
				require.Zero(t, r.push(records(100), 1).LogRecordCount())
				require.Len(t, r.service.stored, 99)
				require.NotContains(t, r.service.stored, culprit)
				require.LessOrEqual(t, len(r.service.requests), 15, "two a halving")
				require.EqualValues(t, 1, r.sum("events_failed", code(c), final))
				r.balanced()
			})
		}
	}
}

func TestNoBlameWithoutWitness(t *testing.T) {
	broken := true
	s := &service{fail: func([]string) error {
		if broken {
			return &lake.Error{Code: "ValidationException", Class: lake.Blame, Status: 400}
		}
		return nil
	}}
	r := newRig(t, s)
	left := r.push(records(4), 3)
	require.Equal(t, 4, left.LogRecordCount(), "all refused alike: the configuration is at fault, and the records are kept")
	require.Zero(t, r.sum("events_failed", final))
	require.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, r.host.statuses())

	broken = false
	require.Zero(t, r.push(left, 1).LogRecordCount())
	require.Len(t, s.stored, 4)
	require.Equal(t, componentstatus.StatusOK, r.host.statuses()[1])
	r.balanced()
}

func TestOneSearchForTheCulpritAtATime(t *testing.T) {
	r := newRig(t, &service{fail: func([]string) error {
		return &lake.Error{Code: "ValidationException", Class: lake.Blame, Status: 400}
	}})
	r.blaming.Lock()
	require.Equal(t, 100, r.push(records(100), 1).LogRecordCount())
	r.blaming.Unlock()
	require.Len(t, r.service.requests, 1)
}

func TestConfigurationsFaultIsNoEvents(t *testing.T) {
	for _, c := range []string{"InvalidRecipient", "InvalidEventSource"} {
		t.Run(c, func(t *testing.T) {
			broken := true
			s := &service{code: func(string) string {
				if broken {
					return c
				}
				return ""
			}}
			r := newRig(t, s)
			left := r.push(records(10), 30)
			require.Equal(t, 10, left.LogRecordCount())
			require.Zero(t, r.sum("events_failed", final))
			require.EqualValues(t, 300, r.sum("events_failed", code(c)))
			require.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, r.host.statuses())
			broken = false
			require.Zero(t, r.push(left, 1).LogRecordCount())
			require.Len(t, s.stored, 10)
			r.balanced()
		})
	}
}

func TestTwentyAttempts(t *testing.T) {
	r := newRig(t, &service{code: func(id string) string {
		if id == "e3" {
			return "InternalFailure"
		}
		return ""
	}})
	require.Zero(t, r.push(records(10), maxAttempts).LogRecordCount())
	require.Len(t, r.service.requests, maxAttempts)
	require.Len(t, r.service.stored, 9)
	require.EqualValues(t, maxAttempts-1, r.sum("events_failed", code("InternalFailure"), attribute.Bool("retryable", true)))
	require.EqualValues(t, 1, r.sum("events_failed", code("InternalFailure"), final))
	r.balanced()
}

// TestResend plays refusals that pass, and one that does not, within one push.
func TestResend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusals := map[string]int{"e1": 3, "e2": 1, "e3": 1000}
		r := newRig(t, &service{code: func(id string) string {
			if refusals[id]--; refusals[id] >= 0 {
				return "InternalFailure"
			}
			return ""
		}}, func(o *Options) { o.ResendAfter = 100 * time.Millisecond })
		start := time.Now()
		require.Zero(t, r.push(records(10), 1).LogRecordCount())
		require.Equal(t, [][]string{{"e1", "e2", "e3"}, {"e1", "e3"}, {"e1", "e3"}, {"e3"}}, r.service.requests[1:5])
		require.Len(t, r.service.requests, maxAttempts)
		require.InDelta(t, 28, time.Since(start).Seconds(), 2, "a queue's consumer is not held for long")
		require.Len(t, r.service.stored, 9)
		require.EqualValues(t, 3+1+maxAttempts-1, r.sum("events_failed", code("InternalFailure"), attribute.Bool("retryable", true)))
		require.EqualValues(t, 1, r.sum("events_failed", code("InternalFailure"), final))
		r.balanced()
	})
}

// TestCountersDoNotWait looks at the counters while a push waits to send one event again.
func TestCountersDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := true
		r := newRig(t, &service{code: func(id string) string {
			if id == "e1" && refused {
				refused = false
				return "InternalFailure"
			}
			return ""
		}}, func(o *Options) { o.ResendAfter = time.Hour })
		go func() {
			time.Sleep(time.Minute)
			require.EqualValues(t, 10, r.sum("events_mapped"))
			require.EqualValues(t, 9, r.sum("events_ingested"))
		}()
		require.Zero(t, r.push(records(10), 1).LogRecordCount())
		r.balanced()
	})
}

func TestOutageIsTheQueuesToWaitOut(t *testing.T) {
	for _, c := range []string{"InternalFailure", "Throttling", "AccountNotSubscribed"} {
		r := newRig(t, &service{code: func(string) string { return c }}, func(o *Options) { o.ResendAfter = time.Hour })
		require.Equal(t, 10, r.push(records(10), 1).LogRecordCount(), c)
		require.Len(t, r.service.requests, 1)
	}
}

func TestResendEndsWithTheProcess(t *testing.T) {
	for _, durable := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, &service{code: func(id string) string {
				if id == "e1" {
					return "InternalFailure"
				}
				return ""
			}}, func(o *Options) { o.ResendAfter, o.Grace, o.Durable = time.Hour, time.Minute, durable })
			start := time.Now()
			time.AfterFunc(time.Second, r.Closing)
			require.Equal(t, 1, r.push(records(3), 1).LogRecordCount())
			require.Equal(t, map[bool]time.Duration{false: time.Second + time.Minute, true: time.Second + durableGrace}[durable], time.Since(start))
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

func TestNoAttemptCountsWhileTheServiceTakesNothing(t *testing.T) {
	down := true
	r := newRig(t, &service{code: func(string) string {
		if down {
			return "InternalFailure"
		}
		return ""
	}})
	left := r.push(records(10), 5*maxAttempts)
	require.Equal(t, 10, left.LogRecordCount())
	down = false
	require.Zero(t, r.push(left, 1).LogRecordCount())
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
	r := newRig(t, &service{code: func(id string) string {
		if id == "e1" {
			return "Throttling"
		}
		return ""
	}}, func(o *Options) { o.Retries = false })
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

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	logs := plog.NewLogs()
	for r := range 3 {
		rl := logs.ResourceLogs().AppendEmpty()
		rl.SetSchemaUrl("https://opentelemetry.io/schemas/1.40.0")
		rl.Resource().Attributes().PutInt("resource", int64(r))
		for s := range 2 {
			sl := rl.ScopeLogs().AppendEmpty()
			sl.Scope().SetName(fmt.Sprint("scope", s))
			sl.SetSchemaUrl("https://opentelemetry.io/schemas/1.41.0")
			records(2).ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().MoveAndAppendTo(sl.LogRecords())
		}
	}
	want := plog.NewLogs()
	logs.CopyTo(want)
	r := newRig(t, &service{fail: func([]string) error { return &lake.Error{Code: "Timeout", Class: lake.Passing} }})
	back := r.push(logs, 3)
	require.Equal(t, want, logs, "what was pushed is not changed")
	for _, rl := range back.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				require.True(t, lr.Attributes().Remove(attributeAttempts))
				lr.Attributes().Remove("aws.cloudtrail_lake.ordinal")
			}
		}
	}
	require.Equal(t, want, back)
}

func TestItemsSettleOneByOne(t *testing.T) {
	throttled := map[string]bool{"e1": true, "e3": true}
	r := newRig(t, &service{code: func(id string) string {
		switch {
		case throttled[id]:
			return "Throttling"
		case id == "e2":
			return "FieldTooLong"
		}
		return ""
	}})
	left := r.push(lists(5, 5), 1)
	require.Equal(t, 1, left.LogRecordCount())
	lr := left.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, []any{int64(1), int64(3)}, told(lr, "items"))
	require.EqualValues(t, 5, r.sum("events_mapped"))

	delete(throttled, "e1")
	left = r.push(left, 1)
	lr = left.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, []any{int64(3)}, told(lr, "items"))
	clear(throttled)
	require.Zero(t, r.push(left, 1).LogRecordCount())
	require.Equal(t, [][]string{{"e0", "e1", "e2", "e3", "e4"}, {"e1", "e3"}, {"e3"}}, r.service.requests)
	require.EqualValues(t, 4, r.sum("events_ingested"))
	r.balanced()
}

func TestErrorCountsRecordsAndEvents(t *testing.T) {
	r := newRig(t, &service{code: func(string) string { return "Throttling" }})
	require.ErrorContains(t, r.Push(context.Background(), lists(10, 5)), "2 of 2 records are to be sent again: Throttling (10)")
}

func TestItemsFromOutside(t *testing.T) {
	for name, tt := range map[string]struct {
		items any
		sent  []string
	}{
		"some":         {items: []any{int64(3), int64(1)}, sent: []string{"e1", "e3"}},
		"one twice":    {items: []any{int64(2), int64(2)}, sent: []string{"e2"}},
		"none of them": {items: []any{int64(-1), int64(5), int64(1 << 40)}, sent: []string{"e0", "e1", "e2", "e3", "e4"}},
		"not all":      {items: []any{int64(0), "x", int64(1)}, sent: []string{"e0", "e1", "e2", "e3", "e4"}},
		"no numbers":   {items: []any{"1"}, sent: []string{"e0", "e1", "e2", "e3", "e4"}},
		"no list":      {items: "1", sent: []string{"e0", "e1", "e2", "e3", "e4"}},
		"empty":        {items: []any{}, sent: []string{"e0", "e1", "e2", "e3", "e4"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, &service{})
			logs := lists(5, 5)
			lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
			require.NoError(t, lr.Attributes().PutEmpty(attributeItems).FromRaw(tt.items))
			Admit(logs, time.Now())
			require.Zero(t, r.push(logs, 1).LogRecordCount())
			require.Equal(t, [][]string{tt.sent}, r.service.requests)
			r.balanced()
		})
	}
}

func TestItemsNamedTwiceBySender(t *testing.T) {
	logs := lists(5, 5)
	attributes := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	require.NoError(t, attributes.PutEmpty(attributeItems).FromRaw([]any{0, 1, 2}))
	attributes.PutStr("twin", "no list")
	wire, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	logs, err = (&plog.JSONUnmarshaler{}).UnmarshalLogs(bytes.ReplaceAll(wire, []byte(`"twin"`), []byte(`"`+attributeItems+`"`)))
	require.NoError(t, err)
	r := newRig(t, &service{code: func(string) string { return "Throttling" }})
	left := r.push(logs, 1)
	lr := left.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, []any{int64(0), int64(1), int64(2)}, told(lr, "items"))
}

func TestConcurrentPushes(t *testing.T) {
	r := newRig(t, &service{code: func(id string) string {
		if id == "e5" {
			return "FieldTooLong"
		}
		return ""
	}}, func(o *Options) { o.RequestsPerSecond = 100_000 })
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
	logs := records(2)
	lrs := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	lrs.At(0).SetTimestamp(0)
	lrs.At(0).Attributes().PutInt(attributeAttempts, 19)
	lrs.At(0).Attributes().PutInt(attributeFirstAttempt, 1)
	lrs.At(0).Attributes().PutInt("aws.cloudtrail_lake.ordinal", 5)
	now := time.Now()
	Admit(logs, now)
	require.Equal(t, now.UnixNano(), int64(lrs.At(0).ObservedTimestamp()))
	require.Zero(t, lrs.At(1).ObservedTimestamp(), "it has a time")
	require.Equal(t, 3, lrs.At(0).Attributes().Len(), "nobody says for us how often a record was tried")
}
