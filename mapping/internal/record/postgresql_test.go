// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPrefix reads prefixes that PostgreSQL 15 wrote, with names that its clients and operators may choose.
func TestPrefix(t *testing.T) {
	const (
		at  = "2026-03-04 05:06:07.123 UTC"
		sec = "2026-03-04 05:06:07 UTC"
	)
	for name, tt := range map[string]struct {
		prefix string
		want   map[string]string // user, dbname, remote_host, application_name, session_id
	}{
		"%m [%p] %q%u@%d":                 {at + " [4711] ana@shop ", map[string]string{"user": "ana", "dbname": "shop"}},
		"%m [%p] %q%u@%d, a hyphen":       {at + " [4711] my-app@my-db ", map[string]string{"user": "my-app", "dbname": "my-db"}},
		"%m [%p] %q%u@%d, not ASCII":      {at + " [4711] Ünï@漢字 ", map[string]string{"user": "Ünï", "dbname": "漢字"}},
		"an @ in the user":                {at + " [4711] joe@corp@shop ", nil},
		"an @ in the database":            {at + " [4711] joe@b@c ", nil},
		"a blank in the user":             {at + " [4711] a b@shop ", nil},
		"a blank in the database":         {at + " [4711] joe@my db ", nil},
		"an = in the user":                {at + " [4711] x=y@shop ", nil},
		"brackets in the user":            {at + " [4711] p[1]@shop ", nil},
		"%u, an address of mail":          {at + " [4711] joe@corp.example ", nil},
		"%u %d, an @ in the user":         {at + " [4711] joe@corp shop ", nil},
		"%u %d [%p]:, an @ in the user":   {at + " joe@corp shop [4711]: ", nil},
		"%u %d [%p]:, a pair in the user": {at + " user=root,db=x shop [4711]: ", nil},
		"%u@%d %a, which has an @":        {at + " [4711] joe@shop mallory@evil ", nil},
		"%u@%d %h":                        {at + " [4711] joe@shop 203.0.113.7 ", map[string]string{"user": "joe", "dbname": "shop"}},
		"%t:%r:%u@%d:[%p]:":               {sec + ":203.0.113.7(5):joe@shop:[4711]:", map[string]string{"user": "joe", "dbname": "shop", "remote_host": "203.0.113.7"}},
		"%t:%r:%u@%d:[%p]:, local":        {sec + ":[local]:joe@shop:[4711]:", map[string]string{"user": "joe", "dbname": "shop", "remote_host": "[local]"}},
		"%t:%r:%u@%d:[%p]:, a name":       {sec + ":db-1.example.com(5):joe@shop:[4711]:", map[string]string{"user": "joe", "dbname": "shop", "remote_host": "db-1.example.com"}},
		"%t-%c-%h-%u-%d-":                 {sec + "-6b03df8c.6fa0-203.0.113.7-joe@corp-shop-", map[string]string{"session_id": "6b03df8c.6fa0"}},
		"%m,%u,%d,%r,%c,":                 {at + ",joe@corp,shop,203.0.113.7(5),6b03df8c.6fa0,", map[string]string{"remote_host": "203.0.113.7", "session_id": "6b03df8c.6fa0"}},
		"all numbers": {at + " [4711] 6b03df9a.7099 3 3/2779 0 joe@shop ::1(44468) ", map[string]string{
			"user": "joe", "dbname": "shop", "remote_host": "::1", "session_id": "6b03df9a.7099",
		}},
		"syslog's": {"Mar  4 05:06:07 db1 postgres[4711]: [5-1] joe@shop ", map[string]string{"user": "joe", "dbname": "shop"}},

		"pairs":                        {sec + " [1]: [2-1] user=joe,db=shop,app=psql,client=203.0.113.7 ", map[string]string{"user": "joe", "dbname": "shop", "application_name": "psql", "remote_host": "203.0.113.7"}},
		"pairs, names with blanks":     {sec + " [1] user=a b,db=my db,app=my app,client=::1 ", map[string]string{"user": "a b", "dbname": "my db", "application_name": "my app", "remote_host": "::1"}},
		"pairs, an @":                  {sec + " [1] user=joe@corp,db=b@c,app=psql,client=::1 ", map[string]string{"user": "joe@corp", "dbname": "b@c", "application_name": "psql", "remote_host": "::1"}},
		"pairs, db first":              {sec + " [1]: [2-1] db=shop,user=joe ", map[string]string{"user": "joe", "dbname": "shop"}},
		"pairs, in brackets":           {sec + " [1] [user=joe,db=shop,app=psql] ", map[string]string{"user": "joe", "dbname": "shop", "application_name": "psql"}},
		"pairs, blanks":                {sec + " user=joe db=shop pid=4711 host=203.0.113.7 ", map[string]string{"user": "joe", "dbname": "shop", "remote_host": "203.0.113.7"}},
		"pairs, a number behind":       {sec + " user=joe,db=shop [4711] ", map[string]string{"user": "joe", "dbname": "shop"}},
		"pairs, brackets in a name":    {sec + " [1]: db=shop,user=p[1] ", map[string]string{}},
		"pairs, a pair in the user":    {sec + " [1] user=user=root,db=x,db=shop,app=psql,client=::1 ", map[string]string{"application_name": "psql", "remote_host": "::1"}},
		"pairs, a pair in a role":      {sec + " [1] user=root,db=x,db=shop ", nil},
		"pairs, a role like them":      {sec + " [1] user=root,db=x@shop ", nil},
		"an application as a user":     {sec + " [1] user=joe,db=shop,app=x user=mallory,db=evil,client=::1 ", map[string]string{"user": "joe", "dbname": "shop", "remote_host": "::1"}},
		"an application as a client":   {sec + " [1] user=joe,db=shop,app=x,client=9.9.9.9,client=::1 ", map[string]string{"user": "joe", "dbname": "shop"}},
		"an application as a port":     {sec + " [1] user=joe,db=shop,app=9.9.9.9(1),client=::1 ", map[string]string{"user": "joe", "dbname": "shop", "application_name": "9.9.9.9(1)", "remote_host": "::1"}},
		"an application first":         {sec + " [1] app=x,user=mallory,user=joe,client=::1 ", map[string]string{"remote_host": "::1"}},
		"an application without app":   {sec + " [1] x user=mallory,db=evil ", nil},
		"<%m %u@%d %h %a>":             {"<" + at + " joe@shop ::1 my app>", map[string]string{"user": "joe", "dbname": "shop"}},
		"<%m %u@%d %h %a>, a user":     {"<" + at + " joe@shop ::1 x user=mallory,db=evil>", map[string]string{"user": "joe", "dbname": "shop"}},
		"<%m %u@%d %h %a>, an @":       {"<" + at + " joe@shop ::1 mallory@evil>", map[string]string{"user": "joe", "dbname": "shop"}},
		"<%m %u@%d %h %a>, an address": {"<" + at + " joe@shop ::1 9.9.9.9(1)>", map[string]string{"user": "joe", "dbname": "shop"}},
		"<%m %u@%d %h %a>, a blank":    {"<" + at + " joe@my db ::1 psql>", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]string{}
			for _, p := range prefixParts(tt.prefix) {
				switch p.key {
				case "user", "dbname", "remote_host", "application_name", "session_id":
					got[p.key] = p.value
				}
			}
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			require.Equal(t, tt.want, got)
		})
	}
}

// TestForged holds that no client makes an entry of its own by the names under which it connects. PostgreSQL 15 wrote the
// lines, some of them before the client had logged in.
func TestForged(t *testing.T) {
	const (
		database    = "2026-03-04 05:06:07.123 UTC [4711] ana@x LOG:  AUDIT: SESSION,1,1,DDL,DROP TABLE,TABLE,a,b, "
		application = "2026-03-04 05:06:07.123 UTC [4711] user=ana,db=shop,app=x LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,,client=::1 LOG:  "
	)
	for _, line := range []string{
		"2026-03-04 05:06:07.123 UTC [4711] root@x LOG:  statement@shop FATAL:  no pg_hba.conf entry for host",
		"2026-03-04 05:06:07.123 UTC [4711] user=root,db=x LOG:  connection authorized: user=root,db=shop,app=[unknown],client=::1 FATAL:  no such role",
		database + `FATAL:  password authentication failed for user "ana"`,
		database + `DETAIL:  Connection matched pg_hba.conf line 2: "host all ana 127.0.0.1/32 scram-sha-256"`,
		database + `LOG:  connection authorized: user=ana database=x LOG:  AUDIT: SESSION,1,1,DDL,DROP TABLE,TABLE,a,b, application_name=psql`,
		database + `FATAL:  database "x LOG:  AUDIT: SESSION,1,1,DDL,DROP TABLE,TABLE,a,b," does not exist`,
		database + `FATAL:  the database system is starting up`,
		database + `ОШИБКА:  x`,
		application + `AUDIT: SESSION,2,1,DDL,DROP TABLE,,,drop table hidden,<not logged>`,
		application + `AUDIT: SESSION,2,1,DDL,DROP TABLE,,,"drop table hidden, b",<not logged>`,
		application + `disconnection: session time: 0:00:00.005 user=ana database=shop host=127.0.0.1 port=47918`,
		`2026-03-04 05:06:07.123 UTC [4711] user=ana,db=shop,app=x LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,",client=::1 LOG:  AUDIT: SESSION,2,1,DDL,DROP TABLE,,,drop table hidden,<none>`,
		`2026-03-04 05:06:07.123 UTC [4711] user=ana,db=shop,app=x LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,",client=::1 LOG:  AUDIT: SESSION,2,1,DDL,DROP TABLE,,,"drop table a, b",<none>`,
	} {
		for _, p := range parsePostgreSQL(line) {
			require.NotContains(t, []string{"audit_type", "user", "dbname", "remote_host", "application_name"}, p.key, line)
			require.False(t, p.key == "message" && p.value != line, line)
		}
	}
	for _, entry := range []string{
		`AUDIT: SESSION,1,1,READ,SELECT,,,select 'LOG:  x',<none>`,
		`AUDIT: SESSION,1,1,READ,SELECT,,,select 'note:  x',5`,
		`AUDIT: SESSION,1,1,READ,SELECT,,,"select 'LOG:  AUDIT: SESSION,1,1,DDL,DROP TABLE,,,x,<none>', ""a""",<none>,1`,
		`AUDIT: SESSION,1,1,READ,SELECT,,,"select 1,` + "\n\t2",
	} {
		require.NotNil(t, parsePostgreSQL("2026-03-04 05:06:07.123 UTC [4711] ana@shop LOG:  "+entry), entry)
	}
}
