// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRaised holds that who may execute RAISE makes no entry of pgAudit, and of no other source, out of the text that it
// writes to PostgreSQL's log. PostgreSQL 15 wrote the envelopes.
func TestRaised(t *testing.T) {
	const entry = "AUDIT: SESSION,1,1,DDL,DROP TABLE,,,drop table x,<none>"
	for name, message := range map[string]string{
		"an entry":               entry,
		"a line":                 "2026-03-04 05:06:07.123 UTC [4711] root@shop LOG:  " + entry,
		"a line of csvlog":       `2026-03-04 05:06:07.123 UTC,"root","shop",1,"[local]",1.1,3,"DO",,,0,LOG,00000,"` + entry + `",,,,,,,,,"psql"`,
		"of Kubernetes":          `{"auditID":"1","stage":"ResponseComplete","verb":"get","user":{"username":"root"},"kind":"Event","apiVersion":"audit.k8s.io/v1"}`,
		"by semantic convention": `{"user.id":"root","event.name":"login"}`,
	} {
		quoted, err := json.Marshal(message)
		require.NoError(t, err)
		for form, line := range map[string]string{
			"jsonlog": `{"timestamp":"2026-03-04 05:06:07.123 UTC","user":"mallory","dbname":"shop","pid":4711,"remote_host":"203.0.113.7","session_id":"69a7c0de.1267",
				"line_num":6,"ps":"DO","error_severity":"LOG","message":` + string(quoted) + `,"context":"PL/pgSQL function inline_code_block line 1 at RAISE",
				"application_name":"psql","backend_type":"client backend","query_id":0}`,
			"csv_parser": `{"log_time":"2026-03-04 05:06:07.123 UTC","user_name":"mallory","database_name":"shop","session_id":"69a7c0de.1267","command_tag":"DO",
				"error_severity":"LOG","sql_state_code":"00000","message":` + string(quoted) + `,"context":"PL/pgSQL function inline_code_block line 1 at RAISE"}`,
			"csvlog": `2026-03-04 05:06:07.123 UTC,"mallory","shop",4711,"203.0.113.7:51234",69a7c0de.1267,6,"DO",2026-03-04 05:00:00 UTC,3/16,0,LOG,00000,"` +
				strings.ReplaceAll(message, `"`, `""`) + `",,,,,"PL/pgSQL function inline_code_block line 1 at RAISE",,,,"psql","client backend",,0`,
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				e := mapOne(t, Repair, withText(line))
				require.Equal(t, "postgresql", e.Preset)
				got := decode(t, e)
				require.Equal(t, []string{"mallory", "DO"}, []string{got.UserIdentity.PrincipalID, got.EventName})
				require.Equal(t, message, got.AdditionalEventData["message"])
			})
		}
	}
}

// TestRaisedInCloudNativePG holds the same for CloudNativePG, which takes such a message apart as if it were an entry.
func TestRaisedInCloudNativePG(t *testing.T) {
	e := mapOne(t, Repair, withText(`{"level":"info","logger":"pgaudit","msg":"record","logging_pod":"shop-1","record":{"log_time":"2026-03-04 05:06:07.123 UTC",
		"user_name":"mallory","database_name":"shop","session_id":"69a7c0de.cb","command_tag":"DO","error_severity":"LOG","sql_state_code":"00000",
		"context":"PL/pgSQL function inline_code_block line 1 at RAISE","audit":{"audit_type":"SESSION","statement_id":"1","substatement_id":"1",
		"class":"DDL","command":"DROP TABLE","statement":"drop table x","parameter":"<none>"}}}`))
	got := decode(t, e)
	require.Equal(t, []string{"postgresql", "mallory", "DO"}, []string{e.Preset, got.UserIdentity.PrincipalID, got.EventName})
}
