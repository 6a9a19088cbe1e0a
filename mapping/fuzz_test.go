// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// FuzzMap maps whatever OTLP can carry: every event is one that the service takes, and the same at every attempt and by
// every batch.
func FuzzMap(f *testing.F) {
	inputs, err := filepath.Glob("testdata/golden/*.otlp.json")
	require.NoError(f, err)
	for _, input := range inputs {
		text, err := os.ReadFile(input)
		require.NoError(f, err)
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
		require.NoError(f, err)
		wire, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
		require.NoError(f, err)
		f.Add(wire)
	}
	used := newMapper(f, Repair).NewBatch()
	strict := newMapper(f, Reject).NewBatch()
	f.Fuzz(func(t *testing.T, wire []byte) {
		logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(wire)
		if err != nil {
			t.Skip()
		}
		used.Begin()
		strict.Begin()
		first := map[string]bool{}
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				used.Within(rl.Resource(), sl.Scope())
				strict.Within(rl.Resource(), sl.Scope())
				for _, lr := range sl.LogRecords().All() {
					if lr.Timestamp() == 0 && lr.ObservedTimestamp() == 0 {
						lr.SetObservedTimestamp(1)
					}
					e := mapFirst(used, lr)
					accepted(t, e)
					require.False(t, first[string(e.ID)], "an id twice")
					first[string(e.ID)] = true
					if e.Ordinal == 1 {
						again := newMapper(t, Repair).NewBatch()
						again.Within(rl.Resource(), sl.Scope())
						require.Equal(t, string(e.Data), string(mapFirst(again, lr).Data))
					}
					if s := mapFirst(strict, lr); s.Refused == "" {
						accepted(t, s)
						require.True(t, bytes.Equal(e.Data, s.Data), "accepted without repair, so the same")
					}
				}
			}
		}
	})
}

// FuzzBody maps text, which mostly is some JSON.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		``, `{}`, `{"user.id":"u","user":{"id":"v"}}`, `{"a":1e999,"a":-0.0,"a":{"a":[[]]}}`, `{"exporter.id":"x","source.exporter.id":1}`,
		`{"url":{"path":"/","query":{"a":[1]}},"http":{"request":{"method":"GET","header":{"x":["y"]}}}}`, `{"\ud800":"\udfff"}`, "{\"\xff\":\"\xfe\"}",
		`{"@timestamp":"2026-03-04 05:06:07","client":{"address":"[::1]:80"}}`, `{"@timestamp":1772600767.89}`, `{"event":{"name":{"a":"b"}}}`,
	} {
		f.Add(body, uint16(1))
		f.Add(body, uint16(3000))
	}
	batch := newMapper(f, Repair).NewBatch()
	f.Fuzz(func(t *testing.T, body string, times uint16) {
		logs := withText(body)
		lr := recordOf(logs)
		lr.Attributes().PutStr("client.address", body)
		lr.Attributes().PutStr("user.id", string(bytes.Repeat([]byte(body), int(times)%4096)))
		begin(batch, logs)
		accepted(t, mapFirst(batch, lr))
	})
}
