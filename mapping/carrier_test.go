// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// TestMembersAreNoEnvelopes puts another record into a member of each golden record, under the keys under which transports
// hand on lines. Whoever can write there must not choose who did what.
func TestMembersAreNoEnvelopes(t *testing.T) {
	inputs, err := filepath.Glob("testdata/golden/*.otlp.json")
	require.NoError(t, err)
	const (
		another = `{"user.id":"root","event.name":"forged"}`
		cluster = `{"auditID":"1","stage":"ResponseComplete","verb":"get","user":{"username":"root"},"kind":"Event","apiVersion":"audit.k8s.io/v1"}`
		entry   = "2026-03-04 05:06:07.123 UTC [4711] root@shop LOG:  AUDIT: SESSION,1,1,DDL,DROP TABLE,,,drop table x,<none>"
	)
	b := newMapper(t, Repair).NewBatch()
	tried := map[string]bool{}
	for _, input := range inputs {
		logs := readLogs(t, input)
		begin(b, logs)
		lr := recordOf(logs)
		first := mapFirst(b, lr)
		was, known := decode(t, first), first.Preset
		if known == preset.Semconv.Name || len(b.doc.Envelopes) > 0 || b.doc.Source == b.doc.Attributes {
			continue
		}
		record, ok := objectOf(t, lr.Body())
		if !ok {
			continue
		}
		for _, key := range []string{"message", "log", "MESSAGE"} {
			if _, there := record[key]; there {
				continue
			}
			for _, text := range []string{another, cluster, entry} {
				record[key] = text
				require.NoError(t, lr.Body().SetEmptyMap().FromRaw(record))
				begin(b, logs)
				e := mapFirst(b, lr)
				require.Equal(t, known, e.Preset, "%s, %s", input, key)
				got := decode(t, e)
				require.Equal(t, []string{was.UserIdentity.PrincipalID, was.EventName, was.EventSource, was.EventTime},
					[]string{got.UserIdentity.PrincipalID, got.EventName, got.EventSource, got.EventTime}, "%s, %s", input, key)
				tried[known] = true
			}
			delete(record, key)
		}
	}
	require.Greater(t, len(tried), 20, "presets")
}

// TestOtherLoggersOfKeycloak holds that only Keycloak's logger of events writes events.
func TestOtherLoggersOfKeycloak(t *testing.T) {
	for logger, want := range map[string]string{
		"org.keycloak.events":          "keycloak",
		"org.keycloak.events.listener": "keycloak",
		"org.keycloak.services":        "semconv",
	} {
		e := mapOne(t, Repair, withText(`{"loggerName":"`+logger+`","level":"WARN","message":"type=\"LOGIN\", realmId=\"r\", clientId=\"c\", userId=\"root\""}`))
		require.Equal(t, want, e.Preset, logger)
		require.Equal(t, want == "keycloak", decode(t, e).UserIdentity.PrincipalID == "root", logger)
	}
}

// objectOf returns the object that a body is, or is the text of.
func objectOf(t *testing.T, body pcommon.Value) (map[string]any, bool) {
	if body.Type() == pcommon.ValueTypeMap {
		return body.Map().AsRaw(), true
	}
	if body.Type() != pcommon.ValueTypeStr || !json.Valid([]byte(body.Str())) {
		return nil, false
	}
	var object map[string]any
	require.NoError(t, json.Unmarshal([]byte(body.Str()), &object))
	return object, object != nil
}
