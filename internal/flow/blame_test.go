// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

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
				require.LessOrEqual(t, len(r.service.requests), 16, "two a halving, and one that confirms")
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

// broken is a service that refuses everything while a condition holds, with a code of the request or of each event.
func broken(s *service, while func(request int) bool, code string, whole bool) *service {
	requests := 0
	s.fail = func([]string) error {
		requests++
		if whole && while(requests) {
			return &lake.Error{Code: code, Class: lake.Blame, Status: 400}
		}
		return nil
	}
	s.code = func(string) string {
		if !whole && while(requests) {
			return code
		}
		return ""
	}
	return s
}

// TestBrokenConfigurationBlamesNoEvent breaks and fixes the configuration at every possible moment: CloudTrail refuses everything
// from one request on, until another. Every event is ingested in the end, and none is rejected.
func TestBrokenConfigurationBlamesNoEvent(t *testing.T) {
	for _, whole := range []bool{true, false} {
		code := map[bool]string{true: "ValidationException", false: "InvalidRecipient"}[whole]
		for from := 0; from < 25; from += 2 {
			for until := from + 1; until < 60; until += 7 + from%3 {
				t.Run(fmt.Sprintf("%s/%d-%d", code, from, until), func(t *testing.T) {
					s := broken(&service{}, func(n int) bool { return n >= from && n < until }, code, whole)
					r := newRig(t, s)
					const pushes, size = 8, 12
					queue := []plog.Logs{}
					for i := range pushes {
						logs := records(size)
						for j, lr := range slices.Collect(each(logs)) {
							lr.Attributes().PutStr("log.record.uid", fmt.Sprintf("e%d", i*size+j))
						}
						queue = append(queue, logs)
					}
					for round := 0; len(queue) > 0; round++ {
						require.Less(t, round, 200)
						if left := r.push(queue[0], 1); left.LogRecordCount() > 0 {
							queue = append(queue, left)
						}
						queue = queue[1:]
					}
					require.Zero(t, r.sum("events_failed", final))
					require.Len(t, s.stored, pushes*size)
					r.balanced()
				})
			}
		}
	}
}

// TestCulpritIsFoundAtLast pushes an event that CloudTrail never takes, alone or first or last among others. It is rejected as soon
// as CloudTrail has accepted another event since it refused this one.
func TestCulpritIsFoundAtLast(t *testing.T) {
	s := &service{fail: refuseWith("e0", "ValidationException")}
	r := newRig(t, s)
	left := r.push(records(1), 5)
	require.Equal(t, 1, left.LogRecordCount(), "nothing shows that CloudTrail takes other events")
	require.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, r.host.statuses())

	others := records(2)
	others.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(lr plog.LogRecord) bool {
		uid, _ := lr.Attributes().Get("log.record.uid")
		return uid.Str() == "e0"
	})
	require.Zero(t, r.push(others, 1).LogRecordCount())
	require.Zero(t, r.push(left, 1).LogRecordCount())
	require.EqualValues(t, 1, r.sum("events_failed", code("ValidationException"), final))
	require.Equal(t, componentstatus.StatusOK, r.host.statuses()[1])
	r.balanced()
}

// TestSuspicionOutlivesTheProcess hands a suspected record to a new process, as a queue on disk does.
func TestSuspicionOutlivesTheProcess(t *testing.T) {
	first := newRig(t, &service{fail: refuseWith("e0", "ValidationException")}, func(o *Options) { o.Durable = true })
	left := first.push(records(1), 1)
	second := newRig(t, &service{fail: refuseWith("e0", "ValidationException")}, func(o *Options) { o.Durable = true })
	left = second.push(left, 1)
	require.Equal(t, 1, left.LogRecordCount(), "this process has seen no event accepted")
}

// The operator is told of a configuration that is broken while the search for a culprit goes on: at the quota's rate it takes long.
func TestBrokenConfigurationIsReportedDuringTheSearch(t *testing.T) {
	requests := 0
	var r *rig
	s := &service{fail: func([]string) error {
		if requests++; requests == 15 {
			require.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, r.host.statuses())
		}
		return &lake.Error{Code: "ValidationException", Class: lake.Blame, Status: 400}
	}}
	r = newRig(t, s)
	require.Equal(t, 100, r.push(records(100), 1).LogRecordCount())
	require.Greater(t, requests, 15)
	require.Len(t, r.host.statuses(), 1)
}
