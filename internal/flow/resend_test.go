// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
)

func TestTwentyAttempts(t *testing.T) {
	r := newRig(t, refuse("InternalFailure", "e3"))
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
			assert.EqualValues(t, 10, r.sum("events_mapped"))
			assert.EqualValues(t, 9, r.sum("events_ingested"))
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
			r := newRig(t, refuse("InternalFailure", "e1"), func(o *Options) { o.ResendAfter, o.Grace, o.Durable = time.Hour, time.Minute, durable })
			start := time.Now()
			time.AfterFunc(time.Second, r.Closing)
			require.Equal(t, 1, r.push(records(3), 1).LogRecordCount())
			require.Equal(t, map[bool]time.Duration{false: time.Second + time.Minute, true: time.Second + durableGrace}[durable], time.Since(start))
		})
	}
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
