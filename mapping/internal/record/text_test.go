// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

func TestText(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want string // "" = no record
	}{
		"pgaudit, its message alone": {
			text: `AUDIT: SESSION,3,1,DDL,CREATE TABLE,TABLE,public.account,"create table account (id int, name text)",<not logged>`,
			want: `{"audit_type":"SESSION","statement_id":"3","substatement_id":"1","class":"DDL","command":"CREATE TABLE","object_type":"TABLE",
				"object_name":"public.account","statement":"create table account (id int, name text)","parameter":"<not logged>"}`,
		},
		"pgaudit, quotes within, parameters and rows": {
			text: `AUDIT: OBJECT,4,2,READ,SELECT,TABLE,"public.""odd,name""","select ""x"" from t where a = $1` + "\n" + `",",""b c""",12`,
			want: `{"audit_type":"OBJECT","statement_id":"4","substatement_id":"2","class":"READ","command":"SELECT","object_type":"TABLE",
				"object_name":"public.\"odd,name\"","statement":"select \"x\" from t where a = $1\n","parameter":",\"b c\"","rows":"12"}`,
		},
		"pgaudit, cut off in a quoted field": {
			text: `AUDIT: SESSION,5,1,FUNCTION,DO,,,"DO $$`,
			want: `{"audit_type":"SESSION","statement_id":"5","substatement_id":"1","class":"FUNCTION","command":"DO","statement":"DO $$"}`,
		},
		"pgaudit, more behind the last quote": {
			text: `AUDIT: SESSION,5,1,READ,SELECT,,,"select 1" and,<none>,1,2`,
			want: `{"audit_type":"SESSION","statement_id":"5","substatement_id":"1","class":"READ","command":"SELECT","statement":"select 1 and","parameter":"<none>","rows":"1,2"}`,
		},
		"stderr, the default prefix": {
			text: "2026-03-04 05:06:07.123 UTC [4711] LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07.123 UTC","pid":"4711","error_severity":"LOG","prefix":"2026-03-04 05:06:07.123 UTC [4711] LOG:  ",
				"message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"stderr, the prefix of pgAudit's README": {
			text: "2026-03-04 05:06:07.123 CET ana shop [4711]: LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07.123 CET","pid":"4711","user":"ana","dbname":"shop","error_severity":"LOG",
				"prefix":"2026-03-04 05:06:07.123 CET ana shop [4711]: LOG:  ","message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"stderr, the prefix of Amazon RDS": {
			text: "2026-03-04 05:06:07 UTC:2001:db8::7(51234):ana@shop:[4711]:LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"4711","user":"ana","dbname":"shop","remote_host":"2001:db8::7","remote_port":"51234",
				"error_severity":"LOG","prefix":"2026-03-04 05:06:07 UTC:2001:db8::7(51234):ana@shop:[4711]:LOG:  ",
				"message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"stderr, a prefix with commas": {
			text: "2026-03-04 05:06:07.123 UTC,ana,shop,203.0.113.7(51234),65e1a0f0.4d2,LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07.123 UTC","remote_host":"203.0.113.7","remote_port":"51234","session_id":"65e1a0f0.4d2","error_severity":"LOG",
				"prefix":"2026-03-04 05:06:07.123 UTC,ana,shop,203.0.113.7(51234),65e1a0f0.4d2,LOG:  ","message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"stderr, named values": {
			text: "2026-03-04 05:06:07 +03 [4711]: [3-1] user=ana,db=shop,app=[unknown],client=203.0.113.7 NOTICE:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07 +03","pid":"4711","user":"ana","dbname":"shop","remote_host":"203.0.113.7","error_severity":"NOTICE",
				"prefix":"2026-03-04 05:06:07 +03 [4711]: [3-1] user=ana,db=shop,app=[unknown],client=203.0.113.7 NOTICE:  ",
				"message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"stderr, an application that names itself a user": {
			text: "2026-03-04 05:06:07 UTC [1] user=ana,db=shop,app=my app,user=root,client=[local] LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"1","user":"ana","dbname":"shop","remote_host":"[local]","error_severity":"LOG",
				"prefix":"2026-03-04 05:06:07 UTC [1] user=ana,db=shop,app=my app,user=root,client=[local] LOG:  ",
				"message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"syslog, RFC 5424's time": {
			text: "2026-03-04T05:06:07.123456+00:00 db1 postgres[4711]: [5-1] ana@shop LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04T05:06:07.123456+00:00","pid":"4711","user":"ana","dbname":"shop","error_severity":"LOG",
				"prefix":"2026-03-04T05:06:07.123456+00:00 db1 postgres[4711]: [5-1] ana@shop LOG:  ","message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"syslog, PostgreSQL's own time": {
			text: "2026-03-04T05:06:08+00:00 db1 postgres[4711]: [5-1] 2026-03-04 05:06:07.123 UTC [4711] LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>",
			want: `{"timestamp":"2026-03-04 05:06:07.123 UTC","pid":"4711","error_severity":"LOG",
				"prefix":"2026-03-04T05:06:08+00:00 db1 postgres[4711]: [5-1] 2026-03-04 05:06:07.123 UTC [4711] LOG:  ",
				"message":"AUDIT: SESSION,1,1,READ,SELECT,,,select 1,<none>"}`,
		},
		"stderr, a statement of two lines": {
			text: "2026-03-04 05:06:07 UTC [1] LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,\"select 1,\n\t\t2\",<none>",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"1","error_severity":"LOG","prefix":"2026-03-04 05:06:07 UTC [1] LOG:  ",
				"message":"AUDIT: SESSION,1,1,READ,SELECT,,,\"select 1,\n\t2\",<none>"}`,
		},
		"csvlog": {
			text: `2026-03-04 05:06:07.123 UTC,"ana","shop",4711,"203.0.113.7:51234",69a7c0de.1267,3,"SELECT",2026-03-04 05:00:00 UTC,3/12,0,LOG,00000,"AUDIT: SESSION,1,1,READ,SELECT,,,""select 1, 2"",<none>",,,,,,,,,"psql","client backend",,0`,
			want: `{"timestamp":"2026-03-04 05:06:07.123 UTC","user":"ana","dbname":"shop","pid":"4711","remote_host":"203.0.113.7","remote_port":"51234",
				"session_id":"69a7c0de.1267","line_num":"3","ps":"SELECT","session_start":"2026-03-04 05:00:00 UTC","vxid":"3/12","txid":"0",
				"error_severity":"LOG","state_code":"00000","message":"AUDIT: SESSION,1,1,READ,SELECT,,,\"select 1, 2\",<none>","application_name":"psql",
				"backend_type":"client backend","query_id":"0"}`,
		},
		"stderr, an error": {
			text: "2026-03-04 05:06:07 UTC [1] ana@shop ERROR:  relation \"a\" does not exist",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"1","user":"ana","dbname":"shop","error_severity":"ERROR",
				"prefix":"2026-03-04 05:06:07 UTC [1] ana@shop ERROR:  ","message":"relation \"a\" does not exist"}`,
		},
		"stderr, what belongs to an error": {
			text: "2026-03-04 05:06:07 UTC:203.0.113.7(51234):ana@shop:[1]:STATEMENT:  select 1,\n\t2",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"1","user":"ana","dbname":"shop","remote_host":"203.0.113.7","remote_port":"51234","error_severity":"STATEMENT",
				"prefix":"2026-03-04 05:06:07 UTC:203.0.113.7(51234):ana@shop:[1]:STATEMENT:  ","message":"select 1,\n2"}`,
		},
		"syslog, of nothing audited": {
			text: "2026-03-04T05:06:07.123456+00:00 db1 postgres[4711]: [5-1] ana@shop LOG:  disconnection: session time: 0:00:01",
			want: `{"timestamp":"2026-03-04T05:06:07.123456+00:00","pid":"4711","user":"ana","dbname":"shop","error_severity":"LOG",
				"prefix":"2026-03-04T05:06:07.123456+00:00 db1 postgres[4711]: [5-1] ana@shop LOG:  ","message":"disconnection: session time: 0:00:01"}`,
		},
		"stderr, a statement that quotes an entry": {
			text: "2026-03-04 05:06:07 UTC [1] ERROR:  syntax error at or near \"AUDIT: SESSION,1,1,READ,SELECT,,,x,y",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"1","error_severity":"ERROR","prefix":"2026-03-04 05:06:07 UTC [1] ERROR:  ",
				"message":"syntax error at or near \"AUDIT: SESSION,1,1,READ,SELECT,,,x,y"}`,
		},
		"stderr, a statement that quotes a line": {
			text: "2026-03-04 05:06:07 UTC [1] LOG:  statement: select 'LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,x,y'",
			want: `{"timestamp":"2026-03-04 05:06:07 UTC","pid":"1","error_severity":"LOG","prefix":"2026-03-04 05:06:07 UTC [1] ",
				"message":"2026-03-04 05:06:07 UTC [1] LOG:  statement: select 'LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,x,y'"}`,
		},
		"stderr, AUDIT is a word": {
			text: "2026-03-04 05:06:07.123 UTC [4711] LOG:  AUDIT: is a word",
			want: `{"timestamp":"2026-03-04 05:06:07.123 UTC","pid":"4711","error_severity":"LOG","prefix":"2026-03-04 05:06:07.123 UTC [4711] LOG:  ","message":"AUDIT: is a word"}`,
		},
		"csvlog, a message that quotes a line of stderr": {
			text: `2026-03-04 05:06:07.123 UTC,"ana","shop",4711,"[local]",69a7c0de.1267,3,"SELECT",2026-03-04 05:00:00 UTC,3/12,0,LOG,00000,"LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,x,<none>",,`,
			want: `{"timestamp":"2026-03-04 05:06:07.123 UTC","user":"ana","dbname":"shop","pid":"4711","remote_host":"[local]","session_id":"69a7c0de.1267","line_num":"3",
				"ps":"SELECT","session_start":"2026-03-04 05:00:00 UTC","vxid":"3/12","txid":"0","error_severity":"LOG","state_code":"00000",
				"message":"LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,x,<none>"}`,
		},
		"csvlog, a message in another language": {
			text: `2026-03-04 05:06:07.123 CET,"ana","shop",4711,"[local]",69a7c0de.1267,3,"SELECT",,,0,FEHLER,42P01,"Relation »a« existiert nicht",,,,,,"select * from a",15,,"psql","client backend",,0`,
			want: `{"timestamp":"2026-03-04 05:06:07.123 CET","user":"ana","dbname":"shop","pid":"4711","remote_host":"[local]","session_id":"69a7c0de.1267","line_num":"3",
				"ps":"SELECT","txid":"0","error_severity":"FEHLER","state_code":"42P01","message":"Relation »a« existiert nicht","statement":"select * from a",
				"cursor_position":"15","application_name":"psql","backend_type":"client backend","query_id":"0"}`,
		},
		"other CSV":                  {text: `2026-03-04 05:06:07.123 UTC,"ana","shop",4711,"[local]",69a7c0de.1267,3,"SELECT",,,0,LOG,ok,"connection authorized",,,,,,,,,"psql"`},
		"pgBouncer":                  {text: "2026-03-04 05:06:07.123 UTC [4711] LOG C-0x55d: shop/ana@203.0.113.7:51234 login attempt: db=shop user=ana tls=no"},
		"another program":            {text: "2026-03-04 05:06:07,123 ERROR:  disk is full"},
		"another program, by syslog": {text: "Mar  4 05:06:07 db1 cron[4711]: ERROR:  no such user"},
		"keycloak, a line": {
			text: `2026-03-04 05:06:07,123 WARN  [org.keycloak.events] (executor-thread-3) type="LOGIN_ERROR", realmId="r"`,
			want: `{"timestamp":"2026-03-04 05:06:07,123","level":"WARN","loggerName":"org.keycloak.events","threadName":"executor-thread-3",
				"message":"type=\"LOGIN_ERROR\", realmId=\"r\""}`,
		},
		"keycloak, values in quotes": {
			text: `type="LOGIN_ERROR", realmId="r", userId="null", username="a\", error=\"b, c=d", redirect_uri="https://app.example.com/?a=b, c"`,
			want: `{"type":"LOGIN_ERROR","realmId":"r","userId":"null","username":"a\", error=\"b, c=d","redirect_uri":"https://app.example.com/?a=b, c"}`,
		},
		"keycloak, values without quotes": {
			text: `operationType=CREATE, realmId=my realm, clientId=c, userId=u, ipAddress=203.0.113.7, resourceType=USER, resourcePath=users/x, y`,
			want: `{"operationType":"CREATE","realmId":"my realm","clientId":"c","userId":"u","ipAddress":"203.0.113.7","resourceType":"USER","resourcePath":"users/x, y"}`,
		},
		"keycloak, a quote that nothing closes": {
			text: `type="LOGIN", realmId="r`,
			want: `{"type":"LOGIN","realmId":"\"r"}`,
		},
		"another with a realm": {text: "server started with realmId=master"},
	} {
		t.Run(name, func(t *testing.T) {
			d := New(&Vocabulary{})
			r := d.asRecord(tt.text)
			if tt.want == "" {
				require.Zero(t, r)
				return
			}
			require.NotZero(t, r)
			require.JSONEq(t, tt.want, string(d.AppendJSON(nil, r)))
		})
	}
}

// FuzzText parses any text: what is taken for a record is an object whose members can be found.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		`AUDIT: SESSION,1,1,READ,SELECT,,,"a ""b"" c`,
		"2026-03-04 05:06:07 UTC:192.0.2.7(1):u@d:[1]:LOG:  AUDIT: OBJECT,1,1,READ,SELECT,,,x,y",
		`2026-03-04 05:06:07.123 UTC,,,,"x:1",,,,,,,,,"AUDIT: SESSION,1,1,READ,SELECT,,,x,y"`,
		"2026-03-04 05:06:07 UTC [1] u@d ERROR:  x", `2026-03-04 05:06:07.123 UTC,,,,,,,,,,,ERROR,42P01,x`,
		`2026-03-04 05:06:07,123 WARN  [org.keycloak.events] (t) type=A, realmId=b`,
		`type="A\"", realmId="b\", c="`, `type=, realmId=, =`,
	} {
		f.Add(s)
	}
	d := New(&Vocabulary{})
	f.Fuzz(func(t *testing.T, text string) {
		d.Reset()
		r := d.asRecord(text)
		if r == 0 {
			return
		}
		n := *d.At(r)
		for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
			require.NotZero(t, d.Child(r, d.At(c).Key))
			if !strings.HasPrefix(strings.TrimSpace(text), "{") {
				require.LessOrEqual(t, len(d.At(c).Str), len(text))
			}
		}
		require.True(t, json.Valid(d.AppendJSON(nil, r)))
	})
}
