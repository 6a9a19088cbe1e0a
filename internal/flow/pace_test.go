// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

// took returns how long n requests wait for their turn.
func took(t *testing.T, p *pace, n int) time.Duration {
	start := time.Now()
	for range n {
		require.NoError(t, p.wait(context.Background()))
	}
	return time.Since(start)
}

func TestPaceKeepsToTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.InDelta(t, 10, took(t, newPace(10), 101).Seconds(), 0.001)
		require.Zero(t, took(t, newPace(0), 1000), "0 is no limit")
		require.InDelta(t, 20, took(t, newPace(0.5), 11).Seconds(), 0.001)
	})
}

func TestPaceHalvesAndRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(100)
		p.throttled(time.Now())
		require.InDelta(t, 50, p.rate(time.Now()), 0.001)
		p.throttled(time.Now())
		require.InDelta(t, 50, p.rate(time.Now()), 0.001, "what was under way says nothing of the new rate")
		time.Sleep(recovery / 2)
		require.InDelta(t, 75, p.rate(time.Now()), 0.001)
		p.throttled(time.Now())
		require.InDelta(t, 37.5, p.rate(time.Now()), 0.001)
		time.Sleep(recovery)
		require.InDelta(t, 100, p.rate(time.Now()), 0.001)
		for range 100 {
			p.throttled(time.Now())
			time.Sleep(halving)
		}
		require.GreaterOrEqual(t, p.rate(time.Now()), slowest)
	})
}

func TestPaceEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0.001)
		require.NoError(t, p.wait(context.Background()))
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		require.ErrorIs(t, p.wait(ctx), context.DeadlineExceeded)
	})
}

func TestPaceEndsAfterClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0.001)
		require.NoError(t, p.wait(context.Background()))
		p.endAfter(30 * time.Second)
		p.endAfter(time.Hour)
		require.Equal(t, 30*time.Second, took(t, p, 5), "no wait goes on past the grace")
		p.stop()
	})
}

func TestThrottledEventsSlowDown(t *testing.T) {
	for name, tt := range map[string]struct {
		fail func([]string) error
		code func(string) string
		slow bool
	}{
		"request":         {fail: func([]string) error { return &lake.Error{Code: "ThrottlingException", Class: lake.Throttled} }, slow: true},
		"most events":     {code: func(id string) string { return map[bool]string{true: codeThrottling}[len(id) > 2] }, slow: true},
		"few events":      {code: func(id string) string { return map[bool]string{true: codeThrottling}[len(id) == 2] }},
		"another failure": {code: func(string) string { return "InternalFailure" }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, &service{fail: tt.fail, code: tt.code}, func(o *Options) { o.RequestsPerSecond = 1000 })
			r.push(records(100), 1) // e10 to e99 have longer ids
			require.Equal(t, tt.slow, r.pace.rate(time.Now()) < 900)
		})
	}
}
