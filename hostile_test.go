// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
)

// members returns an object of n members, each of which is made with its number.
func members(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ","+format, i)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

// wrapped puts text into envelopes, as JSON text in JSON text.
func wrapped(text string, times int) string {
	for range times {
		quoted, err := json.Marshal(text)
		if err != nil {
			panic(err)
		}
		text = `{"message":` + string(quoted) + `}`
	}
	return text
}

func nested(lr plog.LogRecord, depth int) {
	m := lr.Body().SetEmptyMap()
	for range depth {
		m = m.PutEmptyMap("m")
	}
	m.PutStr("user.id", "deep")
}

func wide(m pcommon.Map, n int) {
	raw := make(map[string]any, n)
	for i := range n {
		raw[fmt.Sprint("key", i)] = i
	}
	_ = m.FromRaw(raw) // ints are what it takes
}

// fill returns what makes a record of a body that is text.
func fill(body string) func(plog.LogRecord) {
	return func(lr plog.LogRecord) { lr.Body().SetStr(body) }
}

// TestHostileRecords sends records that no honest sender makes, each between two good ones: the good ones arrive, and each event
// of the other is ingested, or rejected with a code, in bounded memory. What takes longer than the test may is found by its
// deadline.
func TestHostileRecords(t *testing.T) {
	const (
		many = 1_000_000
		huge = 50 << 20
	)
	rep := strings.Repeat
	// What the exporter itself puts on records, forged.
	forged := func(items ...any) func(plog.LogRecord) {
		return func(lr plog.LogRecord) {
			lr.Body().SetStr(`{"records":[{"user.id":"a"},{"user.id":"b"},{"user.id":"c"}]}`)
			for name, v := range map[string]any{"items": items, "ordinal": items, "attempts": math.MaxInt64, "first_attempt": math.MinInt64, "outcome": "rejected", "id": "x", "uid": "x"} {
				require.NoError(t, lr.Attributes().PutEmpty("aws.cloudtrail_lake."+name).FromRaw(v))
			}
		}
	}
	ints := make([]any, many)
	for i := range ints {
		ints[i] = int64(i % 5)
	}
	for _, tt := range []struct {
		name   string
		fill   func(plog.LogRecord)
		events int
	}{
		{"maps in maps", func(lr plog.LogRecord) { nested(lr, 100_000) }, 1},
		{"JSON in JSON, deep", fill(rep(`{"a":`, many) + `1` + rep(`}`, many)), 1},
		{"JSON in JSON, deep, cut off", fill(`{"a":` + rep(`[{"a":`, many)), 1},
		{"many keys", fill(members(many, `"k%d":1`)), 1},
		{"many keys that name secrets", fill(members(many, `"k%d_token":"x"`)), 1},
		{"one key, many times", fill(members(many, `"k":%d`)), 1},
		{"many attributes", func(lr plog.LogRecord) { wide(lr.Attributes(), many) }, 1},
		{"a huge text", fill(rep("x", huge)), 1},
		{"a huge value", fill(`{"user.id":"` + rep("u", huge) + `"}`), 1},
		{"a huge key", fill(`{"` + rep("k", huge) + `":1}`), 1},
		{"a huge number", fill(`{"n":1` + rep("0", huge) + `}`), 1},
		{"huge bytes", func(lr plog.LogRecord) { lr.Body().SetEmptyBytes().FromRaw(bytes.Repeat([]byte{0xff}, huge)) }, 1},
		{"text that grows sixfold", fill(rep("\x01", huge)), 1},
		{"text full of signs", fill(rep(`a=b: <c> %3D "password": '`, huge/26)), 1},
		{"no UTF-8 anywhere", func(lr plog.LogRecord) {
			bad := "\xff\xc0\xaf\xed\xa0\x80"
			lr.Body().SetEmptyMap().PutStr(bad, bad)
			lr.Attributes().PutStr(bad, bad)
			lr.Attributes().PutStr("user.id", bad)
			lr.Attributes().PutStr("log.record.uid", bad)
			lr.SetEventName(bad)
			lr.SetSeverityText(bad)
		}, 1},
		{"no UTF-8 in much JSON", fill(`{"` + rep("\xff", huge/8) + `":"` + rep("\xfe", huge/8) + `"}`), 1},
		{"envelopes in envelopes", fill(wrapped(`{"user.id":"a"}`, 14)), 1},
		{"lists in lists", fill(rep(`{"records":[`, 1000) + `{}` + rep(`]}`, 1000)), 1},
		{"numbers beyond float64", fill(`{"a":1e999,"b":-1e-999,"c":1` + rep("0", 400) + `,"d":123456789012345678901234567890,"e":0.` + rep("1", 400) + `}`), 1},
		{"no numbers", func(lr plog.LogRecord) {
			lr.Attributes().PutDouble("a", math.NaN())
			lr.Attributes().PutDouble("b", math.Inf(-1))
			lr.Attributes().PutDouble("@timestamp", math.Inf(1))
		}, 1},
		{"times beyond time", fill(`{"@timestamp":99999999999999999999,"timestamp":"99999-99-99T99:99:99Z","time":-1e300}`), 1},
		{"a list of nothing, many times", fill(`{"records":[` + rep("{},", 5_000) + `{}]}`), 5_001},
		{"a list of text, many times", fill(`{"records":[` + rep(`"{\"message\":\"{}\"}",`, 5_000) + `{}]}`), 5_001},
		{"a list, and much around it", func(lr plog.LogRecord) {
			wide(lr.Attributes(), many/10)
			lr.Body().SetStr(`{"records":[` + rep("{},", 5_000) + `{}]}`)
		}, 1},
		{"keys of ours", fill(`{"exporter.id":"x","exporter.repaired":["y"],"source.exporter.id":1,"additionalEventData":{"exporter.id":"z"}}`), 1},
		{"items that are forged", forged(int64(1), int64(1), int64(-1), int64(math.MaxInt64)), 1},
		{"items that do not exist", forged(int64(7), int64(math.MinInt64)), 3},
		{"items that are none", forged("x", nil, 1.5, []any{int64(1)}), 3},
		{"no items", forged(), 3},
		{"many items", forged(ints...), 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, func(b *bench) {
				b.cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
				b.cfg.AcceptReplay = true // forged items are read
			})
			logs := auditLogs(0, 3)
			records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
			hostile := plog.NewLogRecord()
			hostile.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
			tt.fill(hostile)
			hostile.MoveTo(records.At(1))

			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			require.NoError(t, b.exporter.ConsumeLogs(context.Background(), logs))
			runtime.ReadMemStats(&after)
			b.stop()

			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<30), "memory in all")
			rejected := b.sum("events_failed", attribute.Bool("retryable", false))
			require.EqualValues(t, tt.events+2, b.sum("events_mapped"))
			require.EqualValues(t, tt.events+2, b.sum("events_ingested")+rejected)
			require.Zero(t, rejected, "repair sends everything")
			require.Zero(t, b.lake.Counts().Violations)
			good := map[string]bool{}
			for _, e := range b.lake.Events() {
				good[e.ID] = true
				require.True(t, json.Valid(e.EventData))
				require.LessOrEqual(t, len(e.EventData), 256_000)
			}
			require.True(t, good["0"] && good["2"], "the records around it")
		})
	}
}
