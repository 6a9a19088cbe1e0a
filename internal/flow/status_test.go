// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

// The component's status follows the cause: the operator fixes one thing, and is told of the next.
func TestStatusFollowsTheCause(t *testing.T) {
	codes := []string{"AccessDeniedException", "AccessDeniedException", "ChannelNotFound", "ValidationException", ""}
	n := 0
	r := newRig(t, &service{fail: func([]string) error {
		n++
		switch c := codes[min(n, len(codes))-1]; c {
		case "":
			return nil
		case "ValidationException":
			return &lake.Error{Code: c, Class: lake.Blame, Status: 400}
		default:
			return &lake.Error{Code: c, Class: lake.Operator, Status: 400}
		}
	}})
	require.Zero(t, r.push(records(1), len(codes)).LogRecordCount())
	require.Equal(t, []string{"AccessDeniedException", "ChannelNotFound", "ValidationException", ""}, r.host.causes())
	for _, c := range codes[:4] {
		require.Equal(t, 1, strings.Count(r.logs.text(), c), "one line for each cause: %s", c)
	}
	r.balanced()
}

// causes returns the error codes of the statuses that were reported, "" for OK.
func (h *host) causes() (codes []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		code := ""
		if e.Err() != nil {
			for _, c := range []string{"AccessDeniedException", "ChannelNotFound", "ValidationException", "ConnectionError", "Timeout"} {
				if strings.Contains(e.Err().Error(), c) {
					code = c
				}
			}
		}
		codes = append(codes, code)
	}
	return codes
}

// An outage is reported once it has lasted, and ends with the first event that CloudTrail accepts.
func TestOutageIsReported(t *testing.T) {
	h := &host{Host: componenttest.NewNopHost()}
	sink := newLogSink()
	s := newStatus(sink.logger)
	s.start(h)
	start := time.Now()
	lost := errors.New("no such host")
	for after := time.Duration(0); after < outageAfter; after += time.Second {
		s.unreachable("ConnectionError", lost, start.Add(after))
	}
	require.Empty(t, h.statuses())
	s.unreachable("ConnectionError", lost, start.Add(outageAfter))
	s.unreachable("ConnectionError", lost, start.Add(2*outageAfter))
	require.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, h.statuses())
	require.Contains(t, sink.text(), "no such host")
	s.good()
	require.Equal(t, componentstatus.StatusOK, h.statuses()[1])

	// Failures that answers come between are no outage.
	for after := time.Duration(0); after < 3*outageAfter; after += time.Second {
		s.unreachable("Timeout", lost, start.Add(after))
		if int(after.Seconds())%10 == 9 {
			s.answered()
		}
	}
	require.Len(t, h.statuses(), 2)
}
