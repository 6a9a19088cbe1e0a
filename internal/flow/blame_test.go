// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"

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
