// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/benchdata"
)

// ordinaryRecord is an audit record that says who did what, from where and with what result, and little more: ten attributes,
// one of the resource. Its event has some 800 bytes.
func ordinaryRecord() plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "billing")
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetTimestamp(pcommon.NewTimestampFromTime(benchdata.Time))
	lr.SetEventName("invoice.update")
	lr.SetTraceID([16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
	a := lr.Attributes()
	a.PutStr("user.id", "u-81723")
	a.PutStr("user.email", "ana@example.com")
	a.PutStr("session.id", "8f3b2c1d")
	a.PutStr("client.address", "203.0.113.17")
	a.PutStr("user_agent.original", "curl/8.11.1")
	a.PutStr("http.request.method", "PUT")
	a.PutStr("url.path", "/v1/invoices/4711")
	a.PutInt("http.response.status_code", 200)
	a.PutStr("event.outcome", "success")
	a.PutStr("app.invoice", "4711")
	return logs
}

// fullRecord is an audit record as an instrumented service writes it that leaves nothing out: 14 attributes beside four
// of its resource, a body, a severity, and a browser's user agent. Its event has some 1,250 bytes.
func fullRecord() plog.Logs {
	logs := plog.NewLogs()
	lr := benchdata.AppendService(logs).AppendEmpty()
	lr.SetTimestamp(pcommon.NewTimestampFromTime(benchdata.Time))
	lr.SetObservedTimestamp(lr.Timestamp() + 1_000_000)
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetTraceID([16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
	lr.SetSpanID([8]byte{1, 2, 3, 4, 5, 6, 7, 8})
	benchdata.FillApproval(lr, "u-81723", "4711")
	return logs
}

func newMapper(tb testing.TB, onInvalid OnInvalid) *Mapper {
	m, err := New(Config{RecipientAccountID: "111122223333", OnInvalid: onInvalid, Version: "1.2.3", Redact: Redact{Enabled: true}})
	require.NoError(tb, err)
	return m
}

func BenchmarkMapSemconv(b *testing.B) {
	b.Run("ordinary", func(b *testing.B) { benchmarkMap(b, newMapper(b, Repair), ordinaryRecord()) })
	b.Run("full", func(b *testing.B) { benchmarkMap(b, newMapper(b, Repair), fullRecord()) })
}

// benchmarkMap maps requests of 100 records that are like the first of logs, as the flow does; an operation is one record.
func benchmarkMap(b *testing.B, m *Mapper, logs plog.Logs) {
	const request = 100
	batch, lr := batchFor(m, logs), recordOf(logs)
	size := len(mapFirst(batch, lr).Data)
	records := alike(lr, request)
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for i := 0; b.Loop(); i++ {
		if i%request == 0 {
			batch.Begin()
		}
		mapFirst(batch, records.At(i%request))
	}
}

// alike returns records that differ from lr and from each other in their time and, where they are of Kubernetes, in their auditID.
func alike(lr plog.LogRecord, n int) plog.LogRecordSlice {
	records := plog.NewLogRecordSlice()
	for i := range n {
		like, id := records.AppendEmpty(), fmt.Sprintf("%036d", i)
		lr.CopyTo(like)
		if like.Timestamp() != 0 {
			like.SetTimestamp(like.Timestamp() + pcommon.Timestamp(i*1_000_000))
		}
		switch body := like.Body(); body.Type() {
		case pcommon.ValueTypeMap:
			if v, ok := body.Map().Get("auditID"); ok {
				v.SetStr(id)
			}
		case pcommon.ValueTypeStr:
			body.SetStr(auditID.ReplaceAllString(body.Str(), `"auditID":"`+id+`"`))
		}
	}
	return records
}

var auditID = regexp.MustCompile(`"auditID":"[^"]*"`)

func BenchmarkMapKubernetes(b *testing.B) {
	for _, form := range []string{"map", "text"} {
		b.Run(form, func(b *testing.B) {
			logs := readLogs(b, "testdata/golden/kubernetes_audit_ordinary.otlp.json")
			switch body := recordOf(logs).Body(); {
			case form == "map" && body.Type() == pcommon.ValueTypeStr:
				var raw map[string]any
				require.NoError(b, json.Unmarshal([]byte(body.Str()), &raw))
				require.NoError(b, body.SetEmptyMap().FromRaw(raw))
			case form == "text" && body.Type() == pcommon.ValueTypeMap:
				body.SetStr(body.AsString())
			}
			require.Equal(b, "kubernetes_audit", mapOne(b, Repair, logs).Preset)
			benchmarkMap(b, newMapper(b, Repair), logs)
		})
	}
}
