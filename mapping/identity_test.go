// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestDigest changes one thing of a record after the other: its id changes with each that the sender puts into it, and
// with nothing else.
func TestDigest(t *testing.T) {
	id := func(change func(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord)) string {
		logs := with(map[string]any{"a": "b"})
		rl := logs.ResourceLogs().At(0)
		sl := rl.ScopeLogs().At(0)
		change(rl, sl, sl.LogRecords().At(0))
		return string(mapOne(t, Repair, logs).ID)
	}
	same := id(func(plog.ResourceLogs, plog.ScopeLogs, plog.LogRecord) {})
	require.Regexp(t, "^[0-9a-f]{64}$", same)
	for name, change := range map[string]func(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord){
		"observed": func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetObservedTimestamp(7) },
		"attempts": func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) {
			lr.Attributes().PutInt("aws.cloudtrail_lake.attempts", 3)
			lr.Attributes().PutStr("aws.cloudtrail_lake.outcome", "rejected")
		},
		"order": func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) {
			lr.Attributes().Remove("a")
			lr.Attributes().PutStr("a", "b")
		},
	} {
		require.Equal(t, same, id(change), name)
	}
	seen := map[string]string{same: "nothing"}
	for name, change := range map[string]func(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord){
		"resource": func(rl plog.ResourceLogs, _ plog.ScopeLogs, _ plog.LogRecord) {
			rl.Resource().Attributes().PutStr("x", "y")
		},
		"scope name":    func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord) { sl.Scope().SetName("x") },
		"scope version": func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord) { sl.Scope().SetVersion("x") },
		"scope": func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord) {
			sl.Scope().Attributes().PutStr("x", "y")
		},
		"attribute": func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.Attributes().PutStr("x", "y") },
		"private name": func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) {
			lr.Attributes().PutStr("aws.cloudtrail_lake.x", "y")
		},
		"body":          func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.Body().SetStr(`{"x":1}`) },
		"body's space":  func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.Body().SetStr(`{"x": 1}`) },
		"map body":      func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.Body().SetEmptyMap().PutInt("x", 1) },
		"event name":    func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetEventName("x") },
		"severity":      func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetSeverityNumber(9) },
		"severity text": func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetSeverityText("x") },
		"time":          func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetTimestamp(8) },
		"trace":         func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetTraceID([16]byte{1}) },
		"span":          func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord) { lr.SetSpanID([8]byte{1}) },
	} {
		got := id(change)
		require.NotContains(t, seen, got, name)
		seen[got] = name
	}
}

// TestDigestIsForEver holds the digest of one record: ids of records in flight must not change with the code.
func TestDigestIsForEver(t *testing.T) {
	require.Equal(t, "8920124a19e17cc1202f2e6c4d38d7bff9a8f127be3faa2c8bfe88030a5c1111", string(mapOne(t, Repair, fullRecord()).ID))
}

func TestIDsOfOneBatch(t *testing.T) {
	m := newMapper(t, Repair)
	b := m.NewBatch()
	for range 2 { // a batch forgets the one before
		b.Begin()
		ids := func(logs plog.Logs, ordinal ...int) string {
			rl := logs.ResourceLogs().At(0)
			b.Within(rl.Resource(), rl.ScopeLogs().At(0).Scope())
			b.open(rl.ScopeLogs().At(0).LogRecords().At(0))
			e := b.event(0, append(ordinal, 0)[0])
			require.Contains(t, string(e.Data), `"exporter.id":"`+string(e.ID)+`"`)
			return string(e.ID)
		}
		digest := ids(with(nil))
		require.Equal(t, digest+"-2", ids(with(nil)), "alike to the last byte")
		require.Equal(t, digest+"-3", ids(with(nil)))
		require.Equal(t, digest+"-5", ids(with(nil), 5), "as at its first attempt")
		require.Equal(t, digest+"-6", ids(with(nil)))
		require.Equal(t, "a", ids(with(map[string]any{"log.record.uid": "a"})))
		require.Equal(t, "a-2", ids(with(map[string]any{"log.record.uid": "a-2"})))
		require.Equal(t, "a-3", ids(with(map[string]any{"log.record.uid": "a"})), "a-2 is taken")
	}
}

func TestSourceIDs(t *testing.T) {
	for id, fits := range map[string]bool{
		"01J9-a_B": true, strings.Repeat("a", 120): true, strings.Repeat("a", 121): false, "a b": false, "ä": false, "a/b": false,
	} {
		e := mapOne(t, Repair, with(map[string]any{"log.record.uid": id}))
		require.Equal(t, fits, string(e.ID) == id, id)
		require.Equal(t, id, string(e.UID))
	}
	e := mapOne(t, Repair, with(map[string]any{"cloudevents.event_id": "a"}))
	require.Equal(t, "a", string(e.UID))
	require.NotEqual(t, "a", string(e.ID), "no id without its source")
}

// TestLists opens lists in envelopes: each item is an event of its own, whatever else the list holds.
func TestLists(t *testing.T) {
	for body, events := range map[string]int{
		`{"records":[{"user.id":"a"},{"user.id":"a"},{"user.id":"b"}]}`:     3,
		`{"records":[{"user.id":"a"},null,{"user.id":"b"}]}`:                2,
		`{"requestId":"r","timestamp":1,"records":["{\"user.id\":\"a\"}"]}`: 1,
		`{"kind":"List","items":[{"records":[{"a":1},{"a":2}]},{"a":3}]}`:   3,
		`{"records":[null]}`:                            1,
		`{"records":[]}`:                                1,
		`{"records":[{"user.id":"a"},7]}`:               1,
		`{"user.id":"a","records":[{"id":1},{"id":2}]}`: 1,
	} {
		logs := withText(body)
		b := batchFor(newMapper(t, Repair), logs)
		n := b.open(recordOf(logs))
		require.Equal(t, events, n, body)
		ids := map[string]bool{}
		for i := range n {
			e := b.event(i, 0)
			accepted(t, e)
			require.Equal(t, 1, e.Ordinal, "items that are alike are told apart by their place")
			ids[string(e.ID)] = true
		}
		require.Len(t, ids, n)
	}
}
