// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

// After the process is asked to end a pipeline that takes nothing does not hold it up. What it did not take is returned
// where somebody keeps it, and counted where nobody does.
func TestShutdownWhileTheOutletIsDown(t *testing.T) {
	for _, durable := range []bool{true, false} {
		t.Run(fmt.Sprintf("durable=%v", durable), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out := &pipe{fail: func(int) error { return errors.New("down") }}
				r := newRig(t, refuse("InvalidData", "e0"), withOutlet(Outlet{Rejected: true, Ingested: true}, out), func(o *Options) {
					o.Durable = durable
				})
				errs := make(chan error)
				go func() { errs <- r.Push(t.Context(), records(3)) }()
				synctest.Wait()
				r.Closing()
				began := time.Now()
				err := <-errs
				assert.LessOrEqual(t, time.Since(began), 5*time.Second)
				back := consumererror.Logs{}
				require.ErrorAs(t, err, &back)
				require.Contains(t, err.Error(), codeNotEmitted)
				asked := out.asked
				require.NoError(t, r.Shutdown(t.Context()))
				if durable {
					assert.Equal(t, 3, back.Data().LogRecordCount())
					assert.Zero(t, r.sum("events_ingested")+r.sum("events_failed"), "they are the queue's still")
				} else {
					assert.Equal(t, 1, back.Data().LogRecordCount())
					assert.EqualValues(t, 2, r.sum("events_ingested"))
					assert.EqualValues(t, 1, r.sum("events_failed", final, code(codeShutdown)))
					r.balanced()
				}
				assert.Error(t, r.Push(t.Context(), records(1)))
				assert.Equal(t, asked, out.asked, "it is not asked again")
			})
		})
	}
}

// hanging is a pipeline that returns only when it is told to.
type hanging struct{ consumer.Logs }

func (hanging) ConsumeLogs(ctx context.Context, _ plog.Logs) error {
	<-ctx.Done()
	return ctx.Err()
}

// A pipeline that hangs when the process is asked to end does not take the others' time.
func TestShutdownWhileOnePipelineHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &pipe{}
		r := newRig(t, &service{}, withOutlet(Outlet{Ingested: true}, out), func(o *Options) {
			o.Outlet.Pipelines = append([]consumer.Logs{hanging{}}, o.Outlet.Pipelines...)
		})
		errs := make(chan error)
		go func() { errs <- r.Push(t.Context(), records(3)) }()
		synctest.Wait()
		r.Closing()
		require.NoError(t, <-errs)
		assert.Len(t, out.took, 3)
		assert.EqualValues(t, 3, r.sum("events_ingested"))
	})
}

// Without queue and retries nobody pushes again what a pipeline did not take, but what CloudTrail has is ingested all the same.
func TestIngestedWithoutRetriesWhileTheOutletIsDown(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	out := &pipe{fail: func(int) error { giveUp(); return errors.New("down") }}
	r := newRig(t, refuse("InvalidData", "e0"), withOutlet(Outlet{Rejected: true, Ingested: true}, out), func(o *Options) {
		o.Durable, o.Retries = true, false
	})
	require.Error(t, r.Push(ctx, records(3)), "the sender is told")
	assert.EqualValues(t, 2, r.sum("events_ingested"))
	assert.EqualValues(t, 1, r.sum("events_failed", code("InvalidData")))
	r.balanced()
}

// Records that a queue in memory would drop at the end leave through the outlet, while it takes them.
func TestShutdownLetsOutWhatWouldBeDropped(t *testing.T) {
	out := &pipe{}
	r := newRig(t, &service{fail: func([]string) error { return &lake.Error{Code: "ServiceUnavailable", Class: lake.Passing, Status: 503} }},
		withOutlet(Outlet{Rejected: true}, out))
	r.Closing()
	require.NoError(t, r.Push(t.Context(), records(3)))
	require.Len(t, out.took, 3)
	assert.Equal(t, codeShutdown, told(out.took[0], "error_code"))
	assert.EqualValues(t, 3, r.sum("events_failed", final, code(codeShutdown)))
	r.balanced()
}

// down is a service that cannot take anything, for a reason that passes.
func down() *service {
	return &service{fail: func([]string) error {
		return &lake.Error{Code: "ServiceUnavailable", Class: lake.Passing, Status: 503}
	}}
}

// Records that exporterhelper holds back for another attempt leave through the outlet too: it gives them up without a word.
func TestShutdownLetsOutWhatWaitsForAnotherAttempt(t *testing.T) {
	out := &pipe{}
	r := newRig(t, down(), withOutlet(Outlet{Rejected: true}, out))
	require.Equal(t, 150, r.push(records(150), 3).LogRecordCount())
	require.Empty(t, out.took)
	require.NoError(t, r.Shutdown(t.Context()))
	require.Len(t, out.took, 150)
	assert.Equal(t, codeShutdown, told(out.took[149], "error_code"))
	assert.Contains(t, told(out.took[149], "error_message"), "ServiceUnavailable")
	assert.EqualValues(t, 150, r.sum("events_failed", final, code(codeShutdown)))
	assert.Contains(t, r.logs.text(), "150 events not delivered before the shutdown left through the connector as rejected, by their last error: ServiceUnavailable 150.")
	r.balanced()
}

// Without an outlet they are lost. One line says how many there are.
func TestShutdownCountsWhatIsLost(t *testing.T) {
	s := down()
	r := newRig(t, s)
	r.push(records(150), 3)
	s.fail = func([]string) error { return &lake.Error{Code: "AccessDenied", Class: lake.Operator, Status: 403} }
	more := records(50)
	for lr := range each(more) {
		lr.Attributes().PutStr("log.record.uid", "twin")
	}
	r.push(more, 1)
	s.fail = down().fail
	require.NoError(t, r.Shutdown(t.Context()))
	assert.Contains(t, r.logs.text(), "200 events lost in shutdown, by their last error: ServiceUnavailable 200. "+
		"The sending queue is kept in memory: set sending_queue.storage to keep it on disk.")
	assert.EqualValues(t, 200, r.sum("events_failed", final, code(codeShutdown)))
	r.balanced()
}

// What waits for another attempt gets a last one.
func TestShutdownIsALastAttempt(t *testing.T) {
	s := down()
	r := newRig(t, s)
	r.push(records(50), 1)
	s.fail = nil
	require.NoError(t, r.Shutdown(t.Context()))
	require.Len(t, s.stored, 50)
	assert.NotContains(t, r.logs.text(), "lost")
	r.balanced()
}
