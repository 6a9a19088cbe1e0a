// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// pipe is a pipeline behind the connector. It keeps what it took.
type pipe struct {
	mu    sync.Mutex
	fail  func(n int) error // of the nth offer, from 1; nil = it takes all
	asked int
	took  []plog.LogRecord
	all   []plog.Logs
}

func (*pipe) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (p *pipe) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.fail != nil {
		if err := p.fail(p.asked); err != nil {
			// A pipeline may have changed what it refuses.
			logs.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true })
			return err
		}
	}
	p.all = append(p.all, logs)
	p.took = slices.AppendSeq(p.took, each(logs))
	return ctx.Err()
}

const channelARN = "arn:aws:cloudtrail:us-east-1:111122223333:channel/c"

func withOutlet(o Outlet, pipes ...*pipe) func(*Options) {
	for _, p := range pipes {
		o.Pipelines = append(o.Pipelines, p)
	}
	o.ChannelARN = channelARN
	return func(opts *Options) { opts.Outlet = &o }
}

func told(lr plog.LogRecord, name string) any {
	v, ok := lr.Attributes().Get("aws.cloudtrail_lake." + name)
	if !ok {
		return nil
	}
	return v.AsRaw()
}

// without returns the attributes that the record came with.
func without(lr plog.LogRecord) map[string]any {
	m := lr.Attributes().AsRaw()
	for name := range m {
		if strings.HasPrefix(name, "aws.cloudtrail_lake.") {
			delete(m, name)
		}
	}
	return m
}

func TestRejectedRecordLeavesAsItCame(t *testing.T) {
	out := &pipe{}
	r := newRig(t, refuse("InvalidData", "e1"), withOutlet(Outlet{Rejected: true, Trimmed: true}, out))
	logs := records(3)
	rl := logs.ResourceLogs().At(0)
	rl.SetSchemaUrl("https://opentelemetry.io/schemas/1.40.0")
	rl.ScopeLogs().At(0).Scope().SetName("scope")
	original := rl.ScopeLogs().At(0).LogRecords().At(1)
	original.Attributes().PutInt(attr.Attempts, 3) // as after three attempts
	original.Attributes().PutInt(attr.FirstAttempt, 1)

	require.Zero(t, r.push(logs, 1).LogRecordCount())

	require.Len(t, out.took, 1)
	lr := out.took[0]
	assert.Equal(t, map[string]any{
		attr.Outcome: "rejected", attr.ID: "e1", attr.UID: "e1", attr.ChannelARN: channelARN,
		attr.Preset: "semconv", attr.ErrorCode: "InvalidData", attr.ErrorMessage: "quotes " + secret,
		"user.id": "u1", "secret": secret, "log.record.uid": "e1",
	}, lr.Attributes().AsRaw())
	assert.Equal(t, original.Timestamp(), lr.Timestamp())
	assert.Equal(t, original.EventName(), lr.EventName())
	got := out.all[0].ResourceLogs().At(0)
	assert.Equal(t, rl.Resource().Attributes().AsRaw(), got.Resource().Attributes().AsRaw())
	assert.Equal(t, rl.SchemaUrl(), got.SchemaUrl())
	assert.Equal(t, "scope", got.ScopeLogs().At(0).Scope().Name())
	assert.EqualValues(t, 1, r.sum("events_failed", final, code("InvalidData")))
}

// Whatever a pipeline says, what leaves is offered to it again, and to it alone, and CloudTrail is not asked again.
func TestOutletIsOfferedAgainUntilItTakes(t *testing.T) {
	for name, err := range map[string]error{
		"passing":   errors.New("the disk is full"),
		"permanent": consumererror.NewPermanent(errors.New("it cannot be written")),
		"partial":   consumererror.NewLogs(errors.New("none of these"), plog.NewLogs()),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				steady := &pipe{}
				down := &pipe{fail: func(n int) error {
					if n < 130 { // for ten minutes
						return err
					}
					return nil
				}}
				r := newRig(t, refuse("InvalidData", "e0"), withOutlet(Outlet{Rejected: true, Ingested: true}, steady, down))
				began := time.Now()
				done := make(chan struct{})
				go func() {
					defer close(done)
					assert.NoError(t, r.Push(t.Context(), records(2)))
				}()
				time.Sleep(time.Minute)
				assert.Zero(t, r.sum("events_ingested"), "a counter moves only once the pipelines have taken what tells of the event")
				assert.Zero(t, r.sum("events_failed"))
				<-done

				assert.Greater(t, time.Since(began), 10*time.Minute)
				assert.Equal(t, 1, steady.asked)
				assert.Len(t, steady.took, 2)
				assert.Len(t, down.took, 2)
				assert.Len(t, r.service.requests, 1)
				r.balanced()
				assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, r.host.statuses())
				assert.NotErrorIs(t, r.host.events[0].Err(), err, "quoted, not wrapped")
			})
		})
	}
}

func TestReceipts(t *testing.T) {
	out := &pipe{}
	s := refuse("InvalidData", "e1")
	r := newRig(t, s, withOutlet(Outlet{Ingested: true}, out))
	require.Zero(t, r.push(records(3), 1).LogRecordCount())
	require.Len(t, out.took, 2)
	for i, id := range []string{"e0", "e2"} {
		lr := out.took[i]
		assert.Equal(t, "ingested", told(lr, "outcome"))
		assert.Equal(t, id, told(lr, "id"))
		assert.Equal(t, id, told(lr, "uid"))
		assert.Equal(t, channelARN, told(lr, "channel_arn"))
		assert.Equal(t, "semconv", told(lr, "preset"))
		assert.Equal(t, "cloudtrail-"+id, told(lr, "cloudtrail_event_id"))
		assert.Equal(t, "request-1", told(lr, "request_id"))
		sum := sha256.Sum256(s.data[id])
		assert.Equal(t, base64.StdEncoding.EncodeToString(sum[:]), told(lr, "checksum"))
		at, err := time.Parse(time.RFC3339Nano, told(lr, "ingested_at").(string))
		require.NoError(t, err)
		assert.Equal(t, lr.Timestamp().AsTime(), at)
		assert.Len(t, lr.Attributes().AsRaw(), 9, "nothing of the record")
	}
	r.balanced()
}

func TestTrimmedRecordLeavesWhole(t *testing.T) {
	out := &pipe{}
	r := newRig(t, &service{}, withOutlet(Outlet{Trimmed: true}, out))
	logs := records(2)
	huge := strings.Repeat("x", 300_000)
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(1).Attributes().PutStr("app.text", huge)
	require.Zero(t, r.push(logs, 1).LogRecordCount())
	require.Len(t, out.took, 1)
	assert.Equal(t, "trimmed", told(out.took[0], "outcome"))
	assert.Equal(t, "e1", told(out.took[0], "id"))
	assert.Nil(t, told(out.took[0], "error_code"))
	assert.Equal(t, huge, without(out.took[0])["app.text"])
	assert.EqualValues(t, 2, r.sum("events_ingested"))
}

// What an earlier attempt said of a record that was fed back does not stand beside what this one says.
func TestWhatARecordCameWithIsNotTold(t *testing.T) {
	out := &pipe{}
	r := newRig(t, &service{}, withOutlet(Outlet{Trimmed: true}, out))
	logs := records(1)
	attributes := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	attributes.PutStr("app.text", strings.Repeat("x", 300_000))
	attributes.PutStr(attr.Outcome, outcomeRejected)
	attributes.PutStr(attr.ErrorCode, "InvalidData")
	attributes.PutStr(attr.ErrorMessage, "of yesterday")
	require.Zero(t, r.push(logs, 1).LogRecordCount())
	require.Len(t, out.took, 1)
	assert.Equal(t, outcomeTrimmed, told(out.took[0], "outcome"))
	assert.Nil(t, told(out.took[0], "error_code"))
	assert.Nil(t, told(out.took[0], "error_message"))
}

// list returns one record that holds a list of items, whose events have the ids i0, i1, ….
func list(n int, padding string) plog.Logs {
	logs := records(1)
	lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	lr.Attributes().Clear()
	items := lr.Body().SetEmptyMap().PutEmptySlice("Records")
	for i := range n {
		item := items.AppendEmpty().SetEmptyMap()
		item.PutStr("log.record.uid", fmt.Sprintf("i%d", i))
		item.PutStr("user.id", "u1")
		item.PutStr("padding", padding)
	}
	return logs
}

// One rejected item of a list leaves with the whole list, and, fed back, gives the one event that it should have given.
func TestRejectedItemsOfAList(t *testing.T) {
	out := &pipe{}
	bad := refuse("InvalidData", "i1", "i3")
	r := newRig(t, bad, withOutlet(Outlet{Rejected: true}, out))
	logs := list(5, "")
	same := plog.NewLogs()
	logs.CopyTo(same)
	require.Zero(t, r.push(logs, 1).LogRecordCount())
	require.Len(t, out.took, 2)
	for n, index := range []int64{1, 3} {
		assert.Equal(t, fmt.Sprintf("i%d", index), told(out.took[n], "id"))
		assert.Equal(t, []any{index}, told(out.took[n], "items"))
		assert.Equal(t, logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().AsRaw(), out.took[n].Body().AsRaw())
	}

	mended := &service{}
	again := newRig(t, mended)
	for _, logs := range out.all {
		Admit(logs, time.Now(), true)
		require.Zero(t, again.push(logs, 1).LogRecordCount())
	}
	assert.Equal(t, map[string]int{"i1": 1, "i3": 1}, mended.stored)

	healthy := &service{}
	require.Zero(t, newRig(t, healthy).push(same, 1).LogRecordCount())
	assert.Equal(t, healthy.data["i1"], mended.data["i1"], "the event that it should have given")
}

// A long list whose every item is refused comes once, and says of each item what became of it.
func TestLongListIsNotCopiedForEachItem(t *testing.T) {
	out := &pipe{}
	everything := &service{code: func(id string) string {
		if id == "e0" {
			return ""
		}
		return "InvalidData"
	}}
	r := newRig(t, everything, withOutlet(Outlet{Rejected: true}, out))
	require.Zero(t, r.push(list(90, strings.Repeat("x", 2_000)), 1).LogRecordCount())
	require.Len(t, out.took, 1)
	assert.Len(t, told(out.took[0], "items"), 90)
	assert.Len(t, told(out.took[0], "id"), 90)
	assert.Equal(t, "i89", told(out.took[0], "id").([]any)[89])
	assert.Equal(t, int64(89), told(out.took[0], "items").([]any)[89])
	assert.EqualValues(t, 90, r.sum("events_failed", final))
}

// An event that CloudTrail refuses for a passing reason holds up no account of the others.
func TestDecidedEventsLeaveBeforeTheWait(t *testing.T) {
	out := &pipe{}
	times := 0
	s := &service{}
	s.code = func(id string) string {
		if id == "e0" {
			if times++; times < 3 {
				return "Throttling"
			}
		}
		if id == "e1" {
			return "InvalidData"
		}
		return ""
	}
	r := newRig(t, s, withOutlet(Outlet{Rejected: true, Ingested: true}, out), func(o *Options) { o.ResendAfter = time.Millisecond })
	require.Zero(t, r.push(records(4), 1).LogRecordCount())
	var ids []any
	for _, lr := range out.took {
		ids = append(ids, told(lr, "id"))
	}
	assert.Equal(t, []any{"e1", "e2", "e3", "e0"}, ids)
	r.balanced()
}

// What is refused here is no less told of.
func TestOwnRefusalsLeave(t *testing.T) {
	out := &pipe{}
	r := newRig(t, &service{}, rejecting(t), withOutlet(Outlet{Rejected: true}, out))
	logs := records(250)
	for lr := range each(logs) {
		lr.Attributes().PutStr("user_agent.original", strings.Repeat("x", 2_000))
	}
	require.Zero(t, r.push(logs, 1).LogRecordCount())
	require.Len(t, out.took, 250)
	assert.Equal(t, "FieldTooLong", told(out.took[249], "error_code"))
	assert.Equal(t, refusedHere, told(out.took[249], "error_message"))
	assert.Equal(t, "e249", told(out.took[249], "id"))
	assert.Empty(t, r.service.requests)
	r.balanced()
}

func rejecting(t *testing.T) func(*Options) {
	mapper, err := mapping.New(mapping.Config{RecipientAccountID: "111122223333", OnInvalid: mapping.Reject, Version: "test"})
	require.NoError(t, err)
	return func(o *Options) { o.Mapper = mapper }
}
