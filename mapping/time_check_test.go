// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

const day = 24 * time.Hour

// observedAt is when the records of these tests were observed, and sourceSays is a time shortly before.
var (
	observedAt = time.Date(2026, 11, 30, 22, 0, 37, 0, time.UTC)
	sourceSays = time.Date(2026, 11, 30, 22, 0, 30, 0, time.UTC)
)

// Times that stand for none are no time, in whatever form they come. Their neighbours are times.
func TestImpossibleTimes(t *testing.T) {
	for text, possible := range map[string]bool{
		"0001-01-01T00:00:00Z":           false, // zero of Go and .NET
		"0001-01-01T00:00:00+02:00":      false,
		"0001-01-01T00:00:00-12:00":      false,
		"0001-01-01 00:00:00":            false,
		"0001-12-31T23:59:59Z":           false,
		"0002-01-01T00:00:00Z":           true,
		"1601-01-01T00:00:00Z":           false, // zero of Windows
		"1601-01-01T00:00:01Z":           true,
		"1600-12-31T23:59:59Z":           true,
		"1969-12-31T23:59:59Z":           true,
		"1970-01-01T00:00:00Z":           false, // zero of Unix
		"1970-01-01T00:00:00.000Z":       false,
		"1970-01-01T01:00:00+01:00":      false,
		"0.0":                            false,
		"1":                              false,
		"1970-01-01T00:00:01.777885964Z": false, // seconds for nanoseconds
		"1970-01-01T00:29:37.885964Z":    false, // milliseconds
		"1970-01-21T13:51:25.964Z":       false, // microseconds
		"1970-02-28T23:59:59Z":           false,
		"1970-03-01T00:00:00Z":           true,
		"2038-01-19T03:14:06Z":           true,
		"2038-01-19T03:14:07Z":           false, // the largest int32
		"2147483647":                     false,
		"2038-01-19T03:14:07.5Z":         true,
		"2106-02-07T06:28:15Z":           false, // the largest uint32
		"4294967295":                     false,
		"4294967295000":                  false,
		"2106-02-07T06:28:14Z":           true,
		"2262-04-11T23:47:16Z":           false, // the largest int64 of nanoseconds, in whole seconds and whole
		"2262-04-11T23:47:16.854775807Z": false,
		"9223372036854775807":            false,
		"2262-04-11T23:47:15Z":           true,
		"2554-07-21T23:34:33Z":           false, // the largest uint64 of nanoseconds
		"2554-07-21T23:34:33.709551615Z": false,
		"2554-07-21T23:34:34Z":           true,
		"9999-12-31T23:59:59Z":           true,
		"2026-03-04T05:06:07Z":           true,
	} {
		_, ok := parseTime(text)
		require.Equal(t, possible, ok, text)
	}
	for ts, possible := range map[pcommon.Timestamp]bool{
		0: false, 1: false, 1_777_885_964: false, 1_777_885_964_000: false, 1_777_885_964_000_000: false,
		1_777_885_964_000_000_000: true, math.MaxInt64: false, math.MaxUint64: false, 1<<31*1_000_000_000 - 1_000_000_000: false,
	} {
		require.Equal(t, possible, IsPossibleTime(ts), "%d", ts)
	}
}

// A time that stands for none is asked past, and stays to be seen.
func TestImpossibleTimeIsNoValue(t *testing.T) {
	const none = "0001-01-01T00:00:00Z"
	observation := observedAt.Format(time.RFC3339)
	source := sourceSays.Format(time.RFC3339)
	kubernetes := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"6e3c1b9f","stage":"ResponseComplete","verb":"get",` +
		`"requestURI":"/version","user":{"username":"u"},"sourceIPs":["203.0.113.7"],"requestReceivedTimestamp":"RECEIVED","stageTimestamp":"STAGE"}`
	for _, tt := range []struct {
		name      string
		body      string
		timestamp pcommon.Timestamp
		eventTime string
		repairs   []string
		left      string // JSON that additionalEventData has
		leftNot   string
	}{
		{
			name: "zero of Go", body: `{"user.id":"u","service.name":"s","event.name":"n","@timestamp":"` + none + `"}`,
			eventTime: observation, repairs: []string{"eventTime filled"}, left: `"@timestamp":"` + none + `"`, leftNot: "exporter.timestamp",
		},
		{
			name: "zero of .NET, without a zone", body: `{"user.id":"u","service.name":"s","event.name":"n","@timestamp":"0001-01-01T00:00:00"}`,
			eventTime: observation, repairs: []string{"eventTime filled"}, left: `"@timestamp":"0001-01-01T00:00:00"`,
		},
		{
			name: "seconds for nanoseconds", body: `{"user.id":"u","service.name":"s","event.name":"n"}`, timestamp: 1_777_885_964,
			eventTime: observation, repairs: []string{"eventTime filled"}, left: `"exporter.timestamp":"1970-01-01T00:00:01.777885964Z"`,
		},
		{
			name: "minus one", body: `{"user.id":"u","service.name":"s","event.name":"n"}`, timestamp: math.MaxUint64,
			eventTime: observation, repairs: []string{"eventTime filled"}, left: `"exporter.timestamp":"2554-07-21T23:34:33.709551615Z"`,
		},
		{
			name: "an impossible Timestamp, then the record's", timestamp: 1_777_885_964,
			body:      `{"user.id":"u","service.name":"s","event.name":"n","@timestamp":"` + source + `"}`,
			eventTime: source, left: `"exporter.timestamp":"1970-01-01T00:00:01.777885964Z"`,
		},
		{
			name: "the record's second time", body: `{"user.id":"u","service.name":"s","event.name":"n","@timestamp":"` + none + `","timestamp":"` + source + `"}`,
			eventTime: source, left: `"@timestamp":"` + none + `"`,
		},
		{
			name: "a preset's second time", body: strings.NewReplacer("RECEIVED", none, "STAGE", source).Replace(kubernetes),
			eventTime: source, left: `"requestReceivedTimestamp":"` + none + `"`,
		},
		{
			name: "none of a preset's times, then the Timestamp", body: strings.NewReplacer("RECEIVED", none, "STAGE", none).Replace(kubernetes),
			timestamp: pcommon.NewTimestampFromTime(sourceSays), eventTime: source, left: `"stageTimestamp":"` + none + `"`, leftNot: "exporter.timestamp",
		},
		{
			name: "none of a preset's times, nor the Timestamp", body: strings.NewReplacer("RECEIVED", none, "STAGE", none).Replace(kubernetes),
			timestamp: 1, eventTime: observation, repairs: []string{"eventTime filled"}, left: `"exporter.timestamp":"1970-01-01T00:00:00.000000001Z"`,
		},
		{
			name: "text of PostgreSQL", body: `{"timestamp":"1970-01-01 00:00:00.000 UTC","user":"ana","dbname":"shop","session_id":"1.2","error_severity":"LOG","message":"statement: SELECT 1"}`,
			eventTime: observation, repairs: []string{"eventTime filled"}, left: `"timestamp":"1970-01-01 00:00:00.000 UTC"`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			logs := withText(tt.body)
			lr := recordOf(logs)
			lr.SetTimestamp(tt.timestamp)
			lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(observedAt))
			e := mapOne(t, Repair, logs)
			accepted(t, e)
			require.Equal(t, tt.eventTime, decode(t, e).EventTime)
			require.Equal(t, tt.repairs, repairs(e))
			require.Contains(t, string(e.Data), tt.left)
			if tt.leftNot != "" {
				require.NotContains(t, string(e.Data), tt.leftNot)
			}
			require.Empty(t, mapOne(t, Reject, logs).Refused)
		})
	}
}

// Rules give times too. One that stands for none is a value that the rule could not make.
func TestImpossibleTimeOfARule(t *testing.T) {
	for _, tt := range []struct{ expression, eventTime string }{
		{`log.attributes["ts"]`, observedAt.Format(time.RFC3339)},
		{`Time("0001-01-01T00:00:00Z", "%Y-%m-%dT%H:%M:%SZ", "UTC")`, observedAt.Format(time.RFC3339)},
		{`log.time`, observedAt.Format(time.RFC3339)},
		{`Time("2026-11-30", "%Y-%m-%d", "UTC")`, "2026-11-30T00:00:00Z"},
	} {
		m, err := New(Config{
			RecipientAccountID: "111122223333", OnInvalid: Repair,
			Rules: []Rule{{Name: "r", Fields: map[string]any{"eventTime": tt.expression}}},
		})
		require.NoError(t, err)
		logs := with(map[string]any{"ts": "0001-01-01T00:00:00Z"})
		recordOf(logs).SetTimestamp(5)
		recordOf(logs).SetObservedTimestamp(pcommon.NewTimestampFromTime(observedAt))
		e := mapFirst(batchFor(m, logs), recordOf(logs))
		accepted(t, e)
		require.Equal(t, tt.eventTime, decode(t, e).EventTime, tt.expression)
		require.Contains(t, string(e.Data), `"ts":"0001-01-01T00:00:00Z"`, tt.expression)
	}
	err := ValidateRules([]Rule{{Static: map[string]any{"eventTime": "0001-01-01T00:00:00Z"}}}, Redact{})
	require.ErrorContains(t, err, `"0001-01-01T00:00:00Z" is no time: write one`)
}

// Times that an event data store does not keep stay as the source has them, and are marked.
func TestTimesOutOfRange(t *testing.T) {
	for _, tt := range []struct {
		name      string
		eventTime time.Time
		retention time.Duration
		repairs   []string
	}{
		{name: "of now", eventTime: sourceSays},
		{name: "as old as can be", eventTime: observedAt.Add(-3653 * day)},
		{name: "older", eventTime: observedAt.Add(-3653*day - time.Nanosecond), repairs: []string{"eventTime out_of_range"}},
		{name: "of the Middle Ages", eventTime: time.Date(1215, 6, 15, 0, 0, 0, 0, time.UTC), repairs: []string{"eventTime out_of_range"}},
		{name: "a day ahead", eventTime: observedAt.Add(day)},
		{name: "more than a day ahead", eventTime: observedAt.Add(day + time.Nanosecond), repairs: []string{"eventTime out_of_range"}},
		{name: "far ahead", eventTime: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), repairs: []string{"eventTime out_of_range"}},
		{name: "as old as the retention", eventTime: observedAt.Add(-90 * day), retention: 90 * day},
		{name: "older than the retention", eventTime: observedAt.Add(-90*day - time.Nanosecond), retention: 90 * day, repairs: []string{"eventTime expired"}},
		{name: "older than any retention", eventTime: observedAt.Add(-5000 * day), retention: 90 * day, repairs: []string{"eventTime expired"}},
		{name: "ahead, with a retention", eventTime: observedAt.Add(2 * day), retention: 90 * day, repairs: []string{"eventTime out_of_range"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, onInvalid := range []OnInvalid{Repair, Reject} {
				m, err := New(Config{
					RecipientAccountID: "111122223333", OnInvalid: onInvalid, Retention: tt.retention,
					Rules: []Rule{{Condition: `log.attributes["rule"] != nil`, Fields: map[string]any{"eventTime": `log.attributes["@timestamp"]`}}},
				})
				require.NoError(t, err)
				// By the preset and by a rule.
				for _, attributes := range []map[string]any{{}, {"rule": "yes"}} {
					attributes["@timestamp"] = tt.eventTime.Format(time.RFC3339Nano)
					logs := with(attributes)
					recordOf(logs).SetTimestamp(0)
					recordOf(logs).SetObservedTimestamp(pcommon.NewTimestampFromTime(observedAt))
					e := mapFirst(batchFor(m, logs), recordOf(logs))
					accepted(t, e)
					d := decode(t, e)
					require.Equal(t, tt.eventTime.Format("2006-01-02T15:04:05Z"), d.EventTime)
					require.Equal(t, tt.eventTime.Format(time.RFC3339Nano), d.AdditionalEventData["exporter.time"])
					require.Equal(t, tt.repairs, repairs(e))
					if tt.repairs == nil {
						require.NotContains(t, d.AdditionalEventData, "exporter.repaired")
					} else {
						require.Equal(t, []any{"eventTime"}, d.AdditionalEventData["exporter.repaired"])
					}
				}
			}
		})
	}
}

// The exporter gives each record that it takes a time of observation. A queue may hold older ones: their event is not refused, and
// no time is called too old for want of a time to compare it with.
func TestTimesWithoutObservation(t *testing.T) {
	for _, tt := range []struct {
		name                string
		timestamp, observed pcommon.Timestamp
		eventTime           string
		repairs             []string
		refused             string
	}{
		{name: "an old time", timestamp: 500_000_000_000_000_000, eventTime: "1985-11-05T00:53:20Z"},
		{name: "an impossible Timestamp", timestamp: 1_777_885_964, eventTime: "1970-01-01T00:00:01Z", repairs: []string{"eventTime out_of_range"}},
		{name: "an impossible observation", observed: math.MaxUint64, eventTime: "2554-07-21T23:34:33Z", repairs: []string{"eventTime filled", "eventTime out_of_range"}},
		{name: "both", timestamp: 1, observed: 1_777_885_964, eventTime: "1970-01-01T00:00:00Z", repairs: []string{"eventTime out_of_range"}},
		{name: "neither", refused: CodeFieldNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			logs := with(nil)
			recordOf(logs).SetTimestamp(tt.timestamp)
			recordOf(logs).SetObservedTimestamp(tt.observed)
			e := mapOne(t, Repair, logs)
			require.Equal(t, tt.refused, e.Refused)
			if tt.refused != "" {
				return
			}
			accepted(t, e)
			require.Equal(t, tt.eventTime, decode(t, e).EventTime)
			require.Equal(t, tt.repairs, repairs(e))
			require.NotContains(t, string(e.Data), "exporter.timestamp", "it is the event's time already")
		})
	}
}

// Which times are possible has no say in what a record's id is: these ids are older than that question.
func TestImpossibleTimesKeepTheirIDs(t *testing.T) {
	record := func(eventName string, change func(plog.LogRecord)) plog.Logs {
		logs := plog.NewLogs()
		rl := logs.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", "billing")
		lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.SetObservedTimestamp(1_796_078_437_000_000_000)
		lr.SetEventName(eventName)
		change(lr)
		return logs
	}
	body := func(at string) func(plog.LogRecord) {
		return func(lr plog.LogRecord) {
			m := lr.Body().SetEmptyMap()
			m.PutStr("user.id", "u")
			m.PutStr("@timestamp", at)
		}
	}
	timestamp := func(at pcommon.Timestamp) func(plog.LogRecord) {
		return func(lr plog.LogRecord) {
			lr.SetTimestamp(at)
			lr.Attributes().PutStr("user.id", "u")
		}
	}
	for _, tt := range []struct {
		logs plog.Logs
		id   string
	}{
		{record("zero.time.of.go", body("0001-01-01T00:00:00Z")), "45050b01fc4cf007fa35ae6eb8bf1256cf3b8066aa631a676fbaad182cb3b1bf"},
		{record("zero.time.of.dotnet", body("0001-01-01T00:00:00")), "9c308d239f212baf0440da4083d0a0ec76c9ccb4529da617bbad05284bf4b6b9"},
		{record("seconds.for.nanoseconds", timestamp(1_777_885_964)), "5c7aaff42c4fee2d8148fb58c07aa0cdab2a395a8fbc13ee21559564670b77b0"},
		{record("milliseconds.for.nanoseconds", timestamp(1_777_885_964_000)), "1a3138e8805525ac467e32f82caa94bd3609b644d858343404b0e441ed141f40"},
		{record("minus.one", timestamp(math.MaxUint64)), "804cf98b3b04242d8145c67de8f64651f12b607b143a4adaad85fa73666eaf7a"},
	} {
		e := mapOne(t, Repair, tt.logs)
		require.Equal(t, tt.id, string(e.ID))
		require.Equal(t, tt.id, string(e.UID))
		require.Equal(t, "2026-11-30T22:40:37Z", decode(t, e).EventTime, "that of the observation: %s", tt.id)
		require.Equal(t, []string{"eventTime filled"}, repairs(e))
	}
}
