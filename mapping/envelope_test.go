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
		"no envelope": {
			`{"user.id":"u-1","time":"2026-03-04T05:06:07Z"}`,
			observed, "Unknown", "u-1", "Unknown",
		},
	} {
		t.Run(name, func(t *testing.T) {
			logs := withText(tt.body)
			recordOf(logs).SetTimestamp(0)
			recordOf(logs).SetObservedTimestamp(1772614800000000000)
			e := mapOne(t, Repair, logs)
			got := decode(t, e)
			require.Equal(t, e.UID, e.ID, "none has an id, but the digest")
			require.Len(t, e.ID, 64)
			require.Equal(t, []string{tt.time, tt.source, tt.principal, tt.action},
				[]string{got.EventTime, got.EventSource, got.UserIdentity.PrincipalID, got.EventName})
			require.Equal(t, tt.time == observed, e.Repaired.Has(EventTime, Filled))
		})
	}
}
