// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// FuzzPush pushes whatever OTLP can carry, with a good record before and one behind it: those arrive, each event is settled and
// counted, and the service finds fault with no request. strict refuses what breaks a limit.
func FuzzPush(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"records":[{},{"user.id":"u"}]}`, `{"message":"{\"log\":\"{}\"}"}`, `{"a":1e999,"a":-0.0,"\ud800":[[]]}`, `{"exporter.id":"x","password":"p","@timestamp":-1}`,
		"{\"\xff\":\"\xfe\"}", `AUDIT: SESSION,1,1,ROLE,ALTER ROLE,,,"ALTER ROLE a PASSWORD 'x'",`,
	} {
		logs := plog.NewLogs()
		lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.Body().SetStr(text)
		items := lr.Attributes().PutEmptySlice("aws.cloudtrail_lake.items")
		items.AppendEmpty().SetInt(1)
		items.AppendEmpty().SetInt(-1)
		wire, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
		require.NoError(f, err)
		f.Add(wire, false)
		f.Add(wire, true)
	}
	f.Fuzz(func(t *testing.T, wire []byte, strict bool) {
		hostile, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(wire)
		if err != nil {
			t.Skip()
		}
		b := newBench(t, func(b *bench) {
			b.cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
			b.cfg.AcceptReplay = true // forged items are read
			if strict {
				b.cfg.OnInvalid = mapping.Reject
			}
		})
		logs := auditLogs(0, 1)
		hostile.ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		auditLogs(1, 1).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
		records := logs.LogRecordCount()
		require.NoError(t, b.exporter.ConsumeLogs(context.Background(), logs))
		b.stop()

		mapped, rejected := b.sum("events_mapped"), b.sum("events_failed", attribute.Bool("retryable", false))
		require.GreaterOrEqual(t, mapped, int64(records))
		require.Equal(t, mapped, b.sum("events_ingested")+rejected)
		if !strict {
			require.Zero(t, rejected)
		}
		require.Zero(t, b.lake.Counts().Violations)
		arrived := map[string]bool{}
		for _, e := range b.lake.Events() {
			require.False(t, arrived[e.ID], "an id twice")
			arrived[e.ID] = true
			require.True(t, json.Valid(e.EventData))
		}
		require.True(t, arrived["0"] && arrived["1"], "the good records")
	})
}
