// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEnvelopesSpeakOfTheRecord maps records that no preset knows, in envelopes that know more of them: when they were
// written, and by OpenTelemetry's names what else. The record's own word goes first.
func TestEnvelopesSpeakOfTheRecord(t *testing.T) {
	const observed = "2026-03-04T09:00:00Z"
	for name, tt := range map[string]struct {
		body, time, source, principal, action string
	}{
		"ECS, with JSON as its message": {
			`{"@timestamp":"2026-03-04T05:06:07Z","service.name":"shop","host":{"name":"h"},"message":"{\"event\":{\"action\":\"cancel\"},\"n\":1}"}`,
			"2026-03-04T05:06:07Z", "shop", "Unknown", "cancel",
		},
		"ECS that says who it was: its message is what that one wrote": {
			`{"@timestamp":"2026-03-04T05:06:07Z","service.name":"shop","user":{"name":"ana"},"event.action":"post","message":"{\"user.id\":\"root\",\"event.action\":\"cancel\"}"}`,
			"2026-03-04T05:06:07Z", "shop", "ana", "post",
		},
		"the record's own names": {
			`{"@timestamp":"2026-03-04T05:06:07Z","service.name":"shipper","message":"{\"@timestamp\":\"2026-03-04T05:00:00Z\",\"service.name\":\"shop\"}"}`,
			"2026-03-04T05:00:00Z", "shop", "Unknown", "Unknown",
		},
		"systemd's journal": {
			`{"__REALTIME_TIMESTAMP":"1772600767890123","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Accepted publickey for ana"}`,
			"2026-03-04T05:06:07Z", "Unknown", "Unknown", "Unknown",
		},
		"JSON in systemd's journal": {
			`{"__REALTIME_TIMESTAMP":"1772600767890123","MESSAGE":"{\"event.action\":\"cancel\",\"user.id\":\"u-1\"}"}`,
			"2026-03-04T05:06:07Z", "Unknown", "u-1", "cancel",
		},
		"Docker": {
			`{"log":"{\"user.id\":\"u-1\"}\n","stream":"stdout","time":"2026-03-04T05:06:07.123Z"}`,
			"2026-03-04T05:06:07Z", "Unknown", "u-1", "Unknown",
		},
		"Splunk's collector, whose event has a name": {
			`{"time":1772600767.890,"host":"h","sourcetype":"_json","event":{"name":"ana","user.id":"u-1"}}`,
			"2026-03-04T05:06:07Z", "Unknown", "u-1", "Unknown",
		},
		"CloudWatch": {
			`{"messageType":"DATA_MESSAGE","logGroup":"g","service.name":"shipper","event.id":"7","logEvents":[{"id":"1","timestamp":1772600767890,"message":"{\"user.id\":\"u-1\"}"}]}`,
			"2026-03-04T05:06:07Z", "Unknown", "u-1", "Unknown",
		},
		"a page knows when it was sent": {
			`{"requestId":"r","timestamp":1772600767890,"records":[{"user.id":"u-1"}]}`,
			observed, "Unknown", "u-1", "Unknown",
		},
		"an event hook": {
			`{"eventType":"a","eventTypeVersion":"1","time":"2026-03-04T05:06:07Z","data":{"events":[{"user.id":"u-1"}]}}`,
			observed, "Unknown", "u-1", "Unknown",
		},
		"a time that may be any": {
			`{"user.id":"u-1","time":"2026-03-04T05:06:07Z"}`,
			observed, "Unknown", "u-1", "Unknown",
		},
		"a number that may be any": {
			`{"user.id":"u-1","timestamp":1772600767}`,
			observed, "Unknown", "u-1", "Unknown",
		},
		"the record's own timestamp": {
			`{"user.id":"u-1","timestamp":"2026-03-04T05:06:07,123+0000"}`,
			"2026-03-04T05:06:07Z", "Unknown", "u-1", "Unknown",
		},
		"a timestamp that is no time": {
			`{"user.id":"u-1","timestamp":"2026-03-44T05:06:07Z"}`,
			observed, "Unknown", "u-1", "Unknown",
		},
		"CloudEvents": {
			`{"specversion":"1.0","id":"7","source":"/shop","type":"order.cancel","time":"2026-03-04T05:06:07Z","subject":"4711","data":{"source":"web","user":{"id":"u-1"},"type":"x"}}`,
			"2026-03-04T05:06:07Z", "/shop", "u-1", "order.cancel",
		},
		"CloudEvents whose data is a list": {
			`{"specversion":"1.0","id":"7","source":"/shop","type":"order.cancel","time":"2026-03-04T05:06:07Z","user.id":"u-1","data":[{"user.id":"u-2"}]}`,
			"2026-03-04T05:06:07Z", "/shop", "u-1", "order.cancel",
		},
		"an event of EventBridge": {
			`{"version":"0","id":"7","detail-type":"Order Cancelled","source":"com.example.shop","account":"111122223333","time":"2026-03-04T05:06:07Z","detail":{"user.id":"u-1"}}`,
			"2026-03-04T05:06:07Z", "com.example.shop", "u-1", "Order Cancelled",
		},
	} {
		t.Run(name, func(t *testing.T) {
			logs := withText(tt.body)
			recordOf(logs).SetTimestamp(0)
			recordOf(logs).SetObservedTimestamp(1772614800000000000)
			e := mapOne(t, Repair, logs)
			got := decode(t, e)
			require.Len(t, e.ID, 64, "none has an id, but the digest")
			require.Equal(t, []string{tt.time, tt.source, tt.principal, tt.action},
				[]string{got.EventTime, got.EventSource, got.UserIdentity.PrincipalID, got.EventName})
			require.Equal(t, tt.time == observed, e.Repaired.Has(EventTime, Filled))
		})
	}
}

// TestEnvelopesNameTheRequest maps records in envelopes that have an id of their own. It is no event's: CloudEvents have one
// for each source, and what is sent twice shares it.
func TestEnvelopesNameTheRequest(t *testing.T) {
	for body, uid := range map[string]string{
		`{"specversion":"1.0","id":"7","source":"/shop","type":"a","data":{"id":"8"}}`:                                "7",
		`{"specversion":"1.0","id":"7","source":"/shop","type":"a","data":"x"}`:                                       "7",
		`{"specversion":"1.0","id":"7","source":"/shop","type":"a","event.id":"9","data":{"id":"8"}}`:                 "9",
		`{"version":"0","id":"7","detail-type":"a","source":"com.example.shop","detail":{"id":"8"}}`:                  "7",
		`{"specversion":"1.0","id":"7","source":"/shop","type":"a","data":{"log.record.uid":"8","event.action":"b"}}`: "8",
	} {
		e := mapOne(t, Repair, withText(body))
		require.Equal(t, uid, string(e.UID), body)
		require.Equal(t, "semconv", e.Preset)
		if uid == "7" {
			require.Len(t, e.ID, 64, body)
		}
	}
	require.Len(t, mapOne(t, Repair, withText(`{"id":"7","source":"/shop","type":"a"}`)).UID, 64, "the digest: it is no envelope")
}
