// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

// TestAccounting plays random answers, and holds that each event ends in one place: stored once, or counted as rejected,
// or as lost in the shutdown, and that the counters say so.
func TestAccounting(t *testing.T) {
	codes := []string{
		"", "", "", "", "", "", "Throttling", "InternalFailure", lake.CodeNotListed, "AccountNotSubscribed", "InvalidChecksum",
		"FieldTooLong", "FieldNotFound", "InvalidData", "InvalidRecipient", "InvalidEventSource", "SomethingNew",
	}
	classes := []lake.Class{lake.Passing, lake.Throttled, lake.Operator, lake.Blame}
	for seed := range uint64(300) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			calm := random.Float64() // how often nothing goes wrong
			s := &service{
				fail: func([]string) error {
					if random.Float64() < (1-calm)/2 {
						return &lake.Error{Code: "Whole", Class: classes[random.IntN(len(classes))]}
					}
					return nil
				},
				code: func(string) string {
					if random.Float64() < calm {
						return ""
					}
					return codes[random.IntN(len(codes))]
				},
			}
			r := newRig(t, s, func(o *Options) { o.ResendAfter = time.Duration(seed % 2) }) // in nanoseconds
			sent := 1 + random.IntN(250)
			logs := records(sent)
			if random.IntN(2) == 0 {
				logs = lists(sent, 1+random.IntN(40))
			}
			left := r.push(logs, 1+random.IntN(30))
			if random.IntN(2) == 0 {
				s.fail, s.code = nil, nil
				left = r.push(left, 1)
				require.Zero(t, left.LogRecordCount(), "a service in good health settles everything")
			}
			mapped := r.sum("events_mapped")
			unmapped := unmapped(left)
			require.EqualValues(t, sent-unmapped, mapped, "each event is counted once, however often it is tried")
			r.Closing()
			left = r.push(left, 1)
			require.NoError(t, r.Shutdown(context.Background()))

			require.EqualValues(t, sent, r.sum("events_mapped"))
			require.EqualValues(t, len(s.stored), r.sum("events_ingested"))
			for id, times := range s.stored {
				require.Equal(t, 1, times, id)
			}
			require.LessOrEqual(t, r.sum("events_failed", code("Shutdown")), int64(unsettled(left)), "the shutdown is one more attempt")
			r.balanced()
		})
	}
}

// Records that are alike keep their ids, also where a request fails twice and more of them stand behind it.
func TestTwinsKeepTheirIDs(t *testing.T) {
	for _, durable := range []bool{false, true} {
		left := 2
		s := &service{fail: func([]string) error {
			if left--; left >= 0 {
				return &lake.Error{Code: lake.CodeConnection, Class: lake.Passing}
			}
			return nil
		}}
		r := newRig(t, s, func(o *Options) { o.Durable = durable })
		logs := records(150)
		for lr := range each(logs) {
			lr.Attributes().PutStr("log.record.uid", "twin")
		}
		require.Zero(t, r.push(logs, 3).LogRecordCount())
		want := map[string]int{"twin": 1}
		for i := 2; i <= 150; i++ {
			want[fmt.Sprint("twin-", i)] = 1
		}
		require.Equal(t, want, s.stored)
		require.NoError(t, r.Shutdown(context.Background()))
		require.Zero(t, r.sum("events_failed"))
		r.balanced()
	}
}

// unmapped counts the events of records that were handed back before they were tried.
func unmapped(logs plog.Logs) (n int) {
	for lr := range each(logs) {
		if _, tried := lr.Attributes().Get(attr.Attempts); !tried {
			n += eventsOf(lr)
		}
	}
	return n
}

// unsettled counts the events of records that were handed back.
func unsettled(logs plog.Logs) (n int) {
	for lr := range each(logs) {
		n += eventsOf(lr)
	}
	return n
}

func each(logs plog.Logs) iter.Seq[plog.LogRecord] {
	return func(yield func(plog.LogRecord) bool) {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					if !yield(lr) {
						return
					}
				}
			}
		}
	}
}

// eventsOf counts the events that a record is to make.
func eventsOf(lr plog.LogRecord) int {
	if v, ok := lr.Attributes().Get(attr.Items); ok {
		return v.Slice().Len()
	}
	if lr.Body().Type() == pcommon.ValueTypeMap {
		list, _ := lr.Body().Map().Get("records")
		return list.Slice().Len()
	}
	return 1
}

// lists returns records that hold lists of up to size of the source's records, n in all.
func lists(n, size int) plog.Logs {
	logs := plog.NewLogs()
	lrs := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := 0; i < n; {
		lr := lrs.AppendEmpty()
		lr.SetTimestamp(1)
		lr.Attributes().PutStr("secret", secret)
		list := lr.Body().SetEmptyMap().PutEmptySlice("records")
		for range min(size, n-i) {
			m := list.AppendEmpty().SetEmptyMap()
			m.PutStr("log.record.uid", fmt.Sprintf("e%d", i))
			m.PutStr("user.id", "u")
			i++
		}
	}
	return logs
}
