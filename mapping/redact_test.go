// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// planted is what must be in no event. It looks like nothing in particular.
const planted = "zq7Planted9x"

// sources are records of ten sources with secrets in them; § is where each one stands.
var sources = map[string]string{
	"kubernetes_audit": `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"8d0d6b1e","stage":"ResponseComplete","verb":"patch",
		"requestURI":"/api/v1/namespaces/a/secrets/b","user":{"username":"alice"},"objectRef":{"resource":"secrets","namespace":"a","name":"b","apiVersion":"v1"},
		"requestObject":{"data":{"a":"§"},"stringData":{"b":"§"}},"responseObject":{"kind":"Secret","data":{"c":"§"},
		"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"x\":\"§\"}"}}},"requestReceivedTimestamp":"2026-03-04T05:06:07.890123Z"}`,
	"kubernetes_audit of a token": `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"8d0d6b1f","stage":"ResponseComplete","verb":"create",
		"requestURI":"/x","user":{"username":"alice"},"objectRef":{"resource":"serviceaccounts","subresource":"token"},"responseObject":{"kind":"TokenRequest","status":{"token":"§"}}}`,
	"okta": `{"uuid":"u","eventType":"user.account.update_password","published":"2026-03-04T05:06:07.890Z","version":"0","actor":{"id":"00u","type":"User"},
		"debugContext":{"debugData":{"requestUri":"/api/v1/authn?sessionToken=§&x=1","password":"§"}}}`,
	"github": `{"action":"hook.create","actor":"ana","@timestamp":1772600767890,"_document_id":"d","config":{"secret":"§","url":"https://ci:§@ci.example.com/hook"},"hashed_token":"kept"}`,
	"gcp_audit": `{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"iam.googleapis.com","methodName":"google.iam.admin.v1.CreateServiceAccountKey",
		"response":{"privateKeyData":"§"},"request":{"headers":[{"name":"Authorization","value":"Bearer §"}]}},"insertId":"i","logName":"l","timestamp":"2026-03-04T05:06:07Z"}`,
	"azure": `{"operationName":"MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION","resourceId":"/SUBSCRIPTIONS/X","category":"Administrative","correlationId":"c","time":"2026-03-04T05:06:07Z",
		"properties":{"requestbody":"{\"sharedAccessKey\":\"§\",\"n\":1}","uri":"https://x.blob.core.windows.net/c?sv=1&sig=§&se=2"}}`,
	"m365": `{"CreationTime":"2026-03-04T05:06:07","Operation":"Set-Mailbox","Id":"i","Workload":"Exchange","RecordType":1,"UserId":"ana@example.com","UserType":0,
		"Parameters":[{"Name":"Identity","Value":"bob"},{"Name":"Password","Value":"§"}]}`,
	"vault": `{"type":"request","time":"2026-03-04T05:06:07Z","auth":{"client_token":"hvs.§","accessor":"a"},"request":{"id":"r","operation":"update","path":"secret/data/x","client_token":"hvs.§",
		"data":{"data":{"anything":"§"}},"headers":{"x-vault-token":["§"]}}}`,
	"auth0": `{"log_id":"9","data":{"type":"sapi","date":"2026-03-04T05:06:07Z","client_id":"c","log_id":"9","details":{"request":{"method":"patch","body":{"client_secret":"§"},"auth":{"credentials":{"jti":"kept"}}},"code":"§"}}}`,
	"pgaudit": `{"timestamp":"2026-03-04 05:06:07.890 UTC","user":"app","dbname":"shop","session_id":"s","error_severity":"LOG",
		"message":"AUDIT: SESSION,1,1,ROLE,ALTER ROLE,,,ALTER ROLE app PASSWORD '§',<not logged>"}`,
	"an application's": `{"user.id":"u","event.name":"login","http.request.header.cookie":["sid=§; theme=dark"],"note":"retry with password=§ or token: none",
		"env":[{"name":"DB_PASSWORD","value":"§"}],"key":"-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----","body":"{\"a\":\"{\\\"refresh_token\\\":\\\"§\\\"}\"}"}`,
}

// inForms calls do with a record in each of the forms in which it may come.
func inForms(t testing.TB, record string, do func(form string, logs plog.Logs)) {
	var raw map[string]any
	require.NoError(t, json.Unmarshal([]byte(record), &raw), record)
	quoted, err := json.Marshal(record)
	require.NoError(t, err)
	for form, fill := range map[string]func(lr plog.LogRecord){
		"text":       func(lr plog.LogRecord) { lr.Body().SetStr(record) },
		"map":        func(lr plog.LogRecord) { require.NoError(t, lr.Body().SetEmptyMap().FromRaw(raw)) },
		"attributes": func(lr plog.LogRecord) { require.NoError(t, lr.Attributes().FromRaw(raw)) },
		"wrapped":    func(lr plog.LogRecord) { lr.Body().SetStr(`{"log":` + string(quoted) + `,"stream":"stdout"}`) },
		"list":       func(lr plog.LogRecord) { lr.Body().SetStr(`{"records":[` + record + `,` + record + `]}`) },
		"bytes":      func(lr plog.LogRecord) { lr.Body().SetEmptyBytes().FromRaw([]byte(record)) },
		"behind BOM": func(lr plog.LogRecord) { lr.Body().SetStr("\ufeff" + record) },
		"cut off":    func(lr plog.LogRecord) { lr.Body().SetStr(record[:len(record)-1]) },
		"in a line":  func(lr plog.LogRecord) { lr.Body().SetStr("<134>1 2026-03-04T05:06:07Z h app 1 - - " + record) },
		"in a line and parsed": func(lr plog.LogRecord) { // as the syslog receiver has it
			lr.Body().SetStr("<134>1 2026-03-04T05:06:07Z h app 1 - - " + record)
			lr.Attributes().PutStr("message", record)
		},
		"map and original": func(lr plog.LogRecord) { // as the file receiver has it
			require.NoError(t, lr.Body().SetEmptyMap().FromRaw(raw))
			lr.Attributes().PutStr("log.record.original", record)
		},
		"list of maps": func(lr plog.LogRecord) {
			require.NoError(t, lr.Body().SetEmptyMap().FromRaw(map[string]any{"records": []any{raw, raw}}))
		},
		"list of texts": func(lr plog.LogRecord) {
			require.NoError(t, lr.Body().SetEmptyMap().FromRaw(map[string]any{"records": []any{record, record}}))
		},
		"text and attributes": func(lr plog.LogRecord) {
			lr.Body().SetStr(record)
			require.NoError(t, lr.Attributes().FromRaw(raw))
		},
	} {
		logs := plog.NewLogs()
		lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.SetTimestamp(1_772_600_767_890_123_456)
		fill(lr)
		do(form, logs)
	}
}

// mapAll calls do with each event of logs.
func mapAll(t testing.TB, cfg Config, logs plog.Logs, do func(e *Event)) {
	cfg.RecipientAccountID, cfg.OnInvalid, cfg.Version = "111122223333", Repair, "1.2.3"
	m, err := New(cfg)
	require.NoError(t, err)
	b := m.NewBatch()
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			b.Begin()
			b.Within(rl.Resource(), sl.Scope())
			for _, lr := range sl.LogRecords().All() {
				for i := range b.open(lr) {
					do(b.event(i, 0))
				}
			}
		}
	}
}

// TestPlantedSecrets plants more than twenty secrets in records of ten sources, in each form in which they may come: none
// is in an event, and each event says what was hidden. The ids are those of the records as they came.
func TestPlantedSecrets(t *testing.T) {
	secrets := 0
	for name, source := range sources {
		secrets += strings.Count(source, "§")
		inForms(t, strings.ReplaceAll(source, "§", planted), func(form string, logs plog.Logs) {
			t.Run(name+"/"+form, func(t *testing.T) {
				if (form == "cut off" || form == "in a line") && name == "auth0" {
					t.Skip("what only the preset knows to be secret cannot be told in a record that no preset takes")
				}
				var ids []string
				mapAll(t, Config{}, logs, func(e *Event) {
					require.Contains(t, string(e.Data), planted, "without redaction")
					require.False(t, e.Repaired.Has(AdditionalEventData, Redacted))
					ids = append(ids, string(e.ID))
				})
				mapAll(t, Config{Redact: Redact{Enabled: true}}, logs, func(e *Event) {
					accepted(t, e)
					require.NotContains(t, string(e.Data), planted)
					require.NotContains(t, string(e.ID)+string(e.UID), planted)
					hidden := false
					for f := range numFields {
						hidden = hidden || e.Repaired.Has(f, Redacted)
					}
					require.True(t, hidden)
					require.Contains(t, decode(t, e).AdditionalEventData, "exporter.repaired")
					require.Equal(t, ids[0], string(e.ID))
					ids = ids[1:]
				})
			})
		})
	}
	require.GreaterOrEqual(t, secrets, 20)
	require.GreaterOrEqual(t, len(sources), 10)
}

// TestSecretsOfThePreset maps by rules that read whatever they can of a record whose preset knows a secret that no key
// names: nothing of it comes out, whichever way it is read, though conditions have seen the record before.
func TestSecretsOfThePreset(t *testing.T) {
	const rules = `
- condition: log.body != nil
  fields:
    requestParameters.a: log.body
    requestParameters.b: log.cache
    requestParameters.c: ParseJSON(log.body)
    requestParameters.d: Concat([log.body, ToLowerCase(log.body)], "")
    requestParameters.e: log.cache["details"]["code"]
    requestParameters.f: Concat([log.cache["details"]["code"], "x"], "")
    requestParameters.g: log.attributes
`
	inForms(t, strings.ReplaceAll(sources["auth0"], "§", planted), func(form string, logs plog.Logs) {
		if form == "cut off" || form == "in a line" {
			return
		}
		mapAll(t, Config{Redact: Redact{Enabled: true}, Rules: rulesOf(t, rules)}, logs, func(e *Event) {
			require.NotContains(t, strings.ToLower(string(e.Data)), strings.ToLower(planted), form)
			require.Contains(t, string(e.Data), "[redacted: ", form)
		})
	})
}

// TestSecretsAroundTheRecord hides what resource, scope and log record hold beside the source's record.
func TestSecretsAroundTheRecord(t *testing.T) {
	logs := with(map[string]any{"x.my_key": planted})
	rl := logs.ResourceLogs().At(0)
	rl.Resource().Attributes().PutStr("process.command_line", "app --password="+planted)
	sl := rl.ScopeLogs().At(0)
	sl.Scope().Attributes().PutStr("token", planted)
	sl.Scope().SetName("https://a:" + planted + "@example.com")
	lr := sl.LogRecords().At(0)
	lr.SetEventName("GET /x?sig=" + planted)
	lr.Body().SetStr("Authorization: Bearer " + planted)
	other := sl.LogRecords().AppendEmpty() // of the same resource
	other.SetTimestamp(1)
	mapAll(t, Config{Redact: Redact{Enabled: true, Keys: []string{"my-key"}}}, logs, func(e *Event) {
		require.NotContains(t, string(e.Data), planted)
		require.True(t, e.Repaired.Has(AdditionalEventData, Redacted))
	})
	mapAll(t, Config{}, logs, func(e *Event) { require.Contains(t, string(e.Data), planted, "without redaction") })
}

// TestTrimmedSecrets hides secrets before anything is trimmed: no digest is of one.
func TestTrimmedSecrets(t *testing.T) {
	object := map[string]any{"password": planted, "a": strings.Repeat("a", 300_000), "b": 1}
	e := mapBy(t, "[]", with(map[string]any{"http.request.body": object}))
	require.True(t, e.Repaired.Has(RequestParameters, Redacted))
	object["password"] = "[redacted: 12 bytes]"
	require.Equal(t, marker(object["a"]), decode(t, e).RequestParameters["http.request.body.a"])
}

// FuzzSecrets plants a secret under a key that names one, at any place in whatever JSON: it is in no event.
func FuzzSecrets(f *testing.F) {
	for name, source := range sources {
		f.Add(source, "password", len(name))
		f.Add(source, "x-Api_Key", 3)
	}
	f.Add(`{"a":[{"b":"c"}]}`, "dbSecret2", 1)
	f.Fuzz(func(t *testing.T, record, key string, place int) {
		var root map[string]any
		if json.Unmarshal([]byte(strings.ReplaceAll(record, "§", "x")), &root) != nil || strings.Contains(record, planted) {
			t.Skip()
		}
		if !strings.ContainsAny(key, "psk") {
			key = "secret"
		}
		objects := objectsIn(root, nil)
		into := objects[max(0, place)%len(objects)]
		into[key+"_token"] = planted
		text, err := json.Marshal(root)
		require.NoError(t, err)
		inForms(t, string(text), func(form string, logs plog.Logs) {
			if form == "cut off" && strings.ContainsAny(key, "\\\"") {
				return
			}
			mapAll(t, Config{Redact: Redact{Enabled: true}}, logs, func(e *Event) {
				require.NotContains(t, string(e.Data), planted, form)
			})
		})
	})
}

func objectsIn(v any, to []map[string]any) []map[string]any {
	switch v := v.(type) {
	case map[string]any:
		to = append(to, v)
		for _, x := range v {
			to = objectsIn(x, to)
		}
	case []any:
		for _, x := range v {
			to = objectsIn(x, to)
		}
	}
	return to
}
