// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

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
	for lr := range each(back) {
		require.True(t, lr.Attributes().Remove(attr.Attempts))
		lr.Attributes().Remove(attr.Ordinal)
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
			require.NoError(t, lr.Attributes().PutEmpty(attr.Items).FromRaw(tt.items))
			Admit(logs, time.Now(), true)
			require.Zero(t, r.push(logs, 1).LogRecordCount())
			require.Equal(t, [][]string{tt.sent}, r.service.requests)
			r.balanced()
		})
	}
}

func TestItemsNamedTwiceBySender(t *testing.T) {
	logs := lists(5, 5)
	attributes := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	require.NoError(t, attributes.PutEmpty(attr.Items).FromRaw([]any{0, 1, 2}))
	attributes.PutStr("twin", "no list")
	wire, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	logs, err = (&plog.JSONUnmarshaler{}).UnmarshalLogs(bytes.ReplaceAll(wire, []byte(`"twin"`), []byte(`"`+attr.Items+`"`)))
	require.NoError(t, err)
	r := newRig(t, &service{code: func(string) string { return "Throttling" }})
	left := r.push(logs, 1)
	lr := left.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, []any{int64(0), int64(1), int64(2)}, told(lr, "items"))
}
