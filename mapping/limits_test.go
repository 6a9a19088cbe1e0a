// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// decoded is an event as its reader sees it.
type decoded struct {
	UserIdentity struct {
		Type        string
		PrincipalID string
		Details     map[string]any
	}
	UserAgent, EventSource, EventName, EventTime, UID string
	RequestParameters, ResponseElements               map[string]any
	ErrorCode, ErrorMessage, SourceIPAddress          string
	AdditionalEventData                               map[string]any
}

func decode(t *testing.T, e *Event) (d decoded) {
	require.NoError(t, json.Unmarshal(e.Data, &d))
	return d
}

// with returns one record with these attributes.
func with(attributes map[string]any) plog.Logs {
	logs := plog.NewLogs()
	lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetTimestamp(1_772_600_767_890_123_456)
	err := lr.Attributes().FromRaw(map[string]any{"user.id": "u", "service.name": "s", "event.name": "n"})
	if err != nil {
		panic(err)
	}
	for k, v := range attributes {
		if err := lr.Attributes().PutEmpty(k).FromRaw(v); err != nil {
			panic(err)
		}
	}
	return logs
}

// withText returns one record whose body is this text.
func withText(body string) plog.Logs {
	logs := plog.NewLogs()
	lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetTimestamp(1)
	lr.Body().SetStr(body)
	return logs
}

func marker(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("[trimmed: %d bytes, sha256 %x]", len(text), sha256.Sum256(text))
}

func repairs(e *Event) (out []string) {
	for f, a := range e.Repaired.All() {
		out = append(out, f.String()+" "+a.String())
	}
	return out
}

// TestLimits breaks one limit of the service after the other.
func TestLimits(t *testing.T) {
	word := func(n int) string { return strings.Repeat("ä", n) }
	digest := func(s string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(s))) }
	for _, tt := range []struct {
		name       string
		attributes map[string]any
		repairs    []string
		refused    string
		check      func(t *testing.T, d decoded)
	}{
		{
			name: "as long as may be", attributes: map[string]any{"user.id": word(1024), "user_agent.original": word(1024), "error.type": word(256), "log.record.uid": word(1024)},
			check: func(t *testing.T, d decoded) { require.Equal(t, word(1024), d.UserAgent) },
		},
		{
			name: "string", attributes: map[string]any{"user_agent.original": word(1025)}, repairs: []string{"userAgent trimmed"}, refused: CodeFieldTooLong,
			check: func(t *testing.T, d decoded) {
				require.Equal(t, word(1023)+"…", d.UserAgent)
				require.Equal(t, word(1025), d.AdditionalEventData["exporter.userAgent"])
			},
		},
		{
			name: "string of no end", attributes: map[string]any{"error.message": word(300_000)}, repairs: []string{"errorMessage trimmed", "additionalEventData trimmed"}, refused: CodeFieldTooLong,
			check: func(t *testing.T, d decoded) {
				require.Equal(t, 256, utf8.RuneCountInString(d.ErrorMessage))
				require.Equal(t, marker(word(300_000)), d.AdditionalEventData["exporter.errorMessage"])
			},
		},
		{
			name: "principal", attributes: map[string]any{"user.id": word(1025)}, repairs: []string{"userIdentity.principalId trimmed"}, refused: CodeFieldTooLong,
			check: func(t *testing.T, d decoded) {
				require.Equal(t, digest(word(1025)), d.UserIdentity.PrincipalID)
				require.Equal(t, word(1025), d.AdditionalEventData["exporter.userIdentity.principalId"])
			},
		},
		{
			name: "UID", attributes: map[string]any{"log.record.uid": word(2000)}, repairs: []string{"UID trimmed"}, refused: CodeFieldTooLong,
			check: func(t *testing.T, d decoded) { require.Equal(t, digest(word(2000)), d.UID) },
		},
		{
			name: "missing", attributes: map[string]any{"user.id": "", "event.name": "-"}, refused: CodeFieldNotFound,
			repairs: []string{"userIdentity.type filled", "userIdentity.principalId filled", "eventName filled"},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, "Unknown", d.UserIdentity.PrincipalID)
				require.Equal(t, "Unknown", d.EventName)
			},
		},
		{
			name: "not UTF-8", attributes: map[string]any{"event.name": "a\xffb", "k\xff": "v"}, refused: CodeInvalidData,
			repairs: []string{"eventName replaced", "additionalEventData replaced"},
			check:   func(t *testing.T, d decoded) { require.Equal(t, "a\ufffdb", d.EventName) },
		},
		{
			name: "identity that is not UTF-8", attributes: map[string]any{"log.record.uid": "\xffid"}, refused: CodeInvalidData,
			repairs: []string{"UID replaced", "additionalEventData replaced"},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, digest("\xffid"), d.UID)
				require.Equal(t, "\ufffdid", d.AdditionalEventData["exporter.UID"])
			},
		},
		{
			name: "address", attributes: map[string]any{"client.address": "host.example.com", "source.address": "nowhere"}, repairs: []string{"sourceIPAddress moved"},
			check: func(t *testing.T, d decoded) {
				require.Empty(t, d.SourceIPAddress)
				require.Equal(t, "host.example.com", d.AdditionalEventData["client.address"])
			},
		},
		{
			name: "request", attributes: map[string]any{"db.query.text": word(60_000), "db.namespace": "ns"}, refused: CodeFieldTooLong,
			repairs: []string{"requestParameters trimmed"},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, map[string]any{"db.namespace": "ns", "db.query.text": marker(word(60_000))}, d.RequestParameters)
			},
		},
		{
			name: "largest first, and no more than that", refused: CodeFieldTooLong, repairs: []string{"responseElements trimmed"},
			attributes: map[string]any{"http.response.body": map[string]any{"a": word(30_000), "b": word(10_000), "c": word(12_000)}, "http.response.header": word(5_000)},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, map[string]any{"http.response.body.a": marker(word(30_000)), "http.response.body.b": word(10_000), "http.response.body.c": word(12_000), "http.response.header": word(5_000)}, d.ResponseElements)
			},
		},
		{
			name: "from within", refused: CodeFieldTooLong, repairs: []string{"requestParameters trimmed"},
			attributes: map[string]any{"aws.request.parameters": map[string]any{"object": map[string]any{"spec": []any{word(1), word(80_000)}, "kind": "x"}, "name": "n"}},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, map[string]any{"object": map[string]any{"spec": []any{word(1), marker(word(80_000))}, "kind": "x"}, "name": "n"}, d.RequestParameters)
			},
		},
		{
			name: "additional", attributes: map[string]any{"big": word(20_000), "small": "s"}, refused: CodeFieldTooLong, repairs: []string{"additionalEventData trimmed"},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, marker(word(20_000)), d.AdditionalEventData["big"])
				require.Equal(t, "s", d.AdditionalEventData["small"])
				require.Equal(t, []any{"additionalEventData"}, d.AdditionalEventData["exporter.repaired"])
			},
		},
		{
			name: "event", refused: CodeFieldTooLong, repairs: []string{"userIdentity.details trimmed"},
			attributes: map[string]any{"user.roles": word(65_000), "geo.name": word(20_000), "http.request.body": word(40_000), "http.response.body": word(40_000)},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, marker(word(65_000)), d.UserIdentity.Details["user.roles"])
				require.Equal(t, word(20_000), d.UserIdentity.Details["geo.name"])
			},
		},
		{
			name: "long key", attributes: map[string]any{word(20_000): 1, "a": "b"}, refused: CodeFieldTooLong, repairs: []string{"additionalEventData trimmed"},
			check: func(t *testing.T, d decoded) {
				require.Equal(t, marker(map[string]any{word(20_000): 1}), d.AdditionalEventData["exporter.trimmed"])
				require.Equal(t, "b", d.AdditionalEventData["a"], "what there are few of stays")
			},
		},
		{
			name: "many keys", attributes: map[string]any{"http.request.header": manyKeys("", 50_000), "url.path": "/a/path/that/is/longer/than/those/headers"}, refused: CodeFieldTooLong, repairs: []string{"requestParameters trimmed"},
			check: func(t *testing.T, d decoded) {
				require.Greater(t, len(d.RequestParameters), 2_000, "as much stays as there is room for")
				require.NotEmpty(t, d.RequestParameters["url.path"], "what there are few of stays")
				require.Contains(t, d.RequestParameters["exporter.trimmed"], "[trimmed: ")
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mapOne(t, Repair, with(tt.attributes))
			accepted(t, e)
			require.Equal(t, tt.repairs, repairs(e))
			tt.check(t, decode(t, e))

			strict := mapOne(t, Reject, with(tt.attributes))
			require.Equal(t, tt.refused, strict.Refused)
			require.Equal(t, strict.Refused == "", strict.Data != nil)
			require.Equal(t, string(e.ID), string(strict.ID), "refused by name")
		})
	}
}

func manyKeys(prefix string, n int) map[string]any {
	m := map[string]any{}
	for i := range n {
		m[fmt.Sprint(prefix, i)] = 1
	}
	return m
}

func TestNoTimeAtAll(t *testing.T) {
	for _, onInvalid := range []OnInvalid{Repair, Reject} {
		logs := with(nil)
		recordOf(logs).SetTimestamp(0)
		require.Equal(t, CodeFieldNotFound, mapOne(t, onInvalid, logs).Refused)
	}
}

// TestNothingLeftToTrim has a rule's name take all the room that there is: what stands beside it cannot make the event fit.
func TestNothingLeftToTrim(t *testing.T) {
	for _, attributes := range []map[string]any{nil, {"a": strings.Repeat("x", 300), "b": strings.Repeat("y", 300)}} {
		e := mapBy(t, "- name: "+strings.Repeat("r", 30_000), with(attributes))
		require.Equal(t, CodeFieldTooLong, e.Refused)
	}
}

// TestHostile maps what nobody sends in good faith.
func TestHostile(t *testing.T) {
	deep := func() pcommon.Value {
		top := pcommon.NewValueEmpty()
		v := top
		for range 10_000 {
			v = v.SetEmptySlice().AppendEmpty()
		}
		v.SetDouble(0.5)
		return top
	}
	for name, change := range map[string]func(lr plog.LogRecord){
		"deep value": func(lr plog.LogRecord) { deep().CopyTo(lr.Attributes().PutEmpty("deep")) },
		"deep JSON": func(lr plog.LogRecord) {
			lr.Body().SetStr(`{"a":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`)
		},
		"deeper JSON": func(lr plog.LogRecord) {
			lr.Body().SetStr(`{"a":` + strings.Repeat("[", 5_000_000) + strings.Repeat("]", 5_000_000) + `}`)
		},
		"million keys": func(lr plog.LogRecord) {
			var b strings.Builder
			b.WriteString(`{"z":0`)
			for i := range 1_000_000 {
				fmt.Fprintf(&b, `,"%d":1`, i)
			}
			b.WriteString("}")
			lr.Body().SetStr(b.String())
		},
		"million items": func(lr plog.LogRecord) {
			lr.Body().SetStr(`{"a":[` + strings.Repeat(`{"b":1},`, 1_000_000) + `0]}`)
		},
		"the same key, often": func(lr plog.LogRecord) {
			lr.Body().SetStr(`{` + strings.Repeat(`"a":"b",`, 200_000) + `"a":0}`)
		},
		"controls":     func(lr plog.LogRecord) { lr.Body().SetStr(strings.Repeat("\x00\x1f\x7f\u2028", 100_000)) },
		"not UTF-8":    func(lr plog.LogRecord) { lr.Body().SetStr(strings.Repeat("\xff", 300_000)) },
		"long numbers": func(lr plog.LogRecord) { lr.Body().SetStr(`{"a":` + strings.Repeat("9", 300_000) + `}`) },
	} {
		t.Run(name, func(t *testing.T) {
			logs := with(nil)
			change(recordOf(logs))
			e := mapOne(t, Repair, logs)
			accepted(t, e)
		})
	}
}
