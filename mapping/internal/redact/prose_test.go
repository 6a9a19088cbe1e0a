// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// inText returns a text without its secrets.
func inText(s string) string {
	t := tree.New()
	ref := t.AddString(s)
	r := New(NewNames(nil), t)
	r.Begin()
	r.Look(ref, false)
	r.Apply()
	return strings.Clone(t.String(ref))
}

// TestProse hides what is marked with §…§ in each text, and nothing else.
func TestProse(t *testing.T) {
	for name, texts := range map[string][]string{
		"labels": {
			"password: §hunter2§", "new Password: §hunter2§, user: bob", "login failed (password: §hunter2§)", `db_password: "§correct horse§"`, "passphrase: '§a b§'",
			"users:\n- name: bob\n  token: §abc.def§\n  client-key: x\n  client_secret: §s§ # of the test\n", "token: §abc§\nname: bob", "{user: bob, password: §hunter2§}",
			"pin: §1234§\nname: x", "smtp_pass: §hunter2§\nhost: x",
		},
		"labels that are none": {
			"invalid token: expired", "password: must be 8 characters", "Failed password for bob", "pam_unix(passwd:chauthtok): password changed for bob", "password:", "password: ",
			"authorization: denied by policy", "secret: rotated", "line one\nauthorization failed: token expired\n", "tests:\n  pass: 12\n  fail: 0\n", "a: b\npass: ok\n",
			"user password: none", "password: ***", "The token: a short history\nof tokens",
		},
		"options": {
			"mysql --user root --password §hunter2§ shop", `curl --oauth2-bearer x --api-key "§a b§" https://example.com`, "java -jar x -storepass x -password §hunter2§", "--token §abc§",
			"x --client-secret=§s§ -v", "vault login -method=userpass username=bob password=§hunter2§", "x --db-pass §hunter2§ --pin §1234§",
		},
		"options that are none": {
			"--password --user root", "x --token-ttl 30", "read-only -- token x", "a - password x", "--password", "--password ", "x --no-password -v", "-token", "check --pass 3", "a -- b --",
		},
		"SQL": {
			"ALTER ROLE app PASSWORD '§hunter2§'", "create role app login encrypted password '§SCRAM-SHA-256$4096:x§' valid until 'x'", "CREATE USER 'bob'@'%' IDENTIFIED BY '§hunter2§'",
			"create user bob identified with sha256_password by '§hunter ''2§'", "grant all on x.* to 'bob'@'%' identified by '§hunter2§'", "SET PASSWORD FOR 'bob'@'%' = '§hunter2§'",
			"SET PASSWORD FOR 'bob' = PASSWORD('§hunter2§')", "ALTER USER bob IDENTIFIED BY §tiger§ ACCOUNT UNLOCK", `CREATE USER bob IDENTIFIED BY "§Tiger 2§";`,
			"ALTER ROLE app PASSWORD'§hunter2§'", "alter role app password E'§hun\\'ter2§'", "alter role app password U&'§hunter2§'", "password ='§it''s§'",
			"ALTER LOGIN bob WITH PASSWORD = '§hunter2§'", "CREATE USER MAPPING FOR bob SERVER s OPTIONS (user 'bob', password '§hunter2§')",
			"AUDIT: SESSION,1,1,ROLE,ALTER ROLE,,,ALTER ROLE app PASSWORD '§hunter2§',<not logged>",
			"do $$ begin execute 'alter role app password ''§hunter2§'''; end $$", "execute 'alter role app password E''§hun''''ter2§'' valid until ''x'''",
			"do 'begin execute ''alter role app password ''''§hunter2§'''' ''; end'", "alter role app password /* new */ '§hunter2§'",
			"create role app password '' ; alter role b password '§hunter2§'", `alter role app password '§''hunter2§' valid until 'x'`, `alter role a password '§x\' ; alter role b password §'§hunter2§' valid until 'x'`,
		},
		"SQL that has none": {
			"ALTER USER bob IDENTIFIED BY VALUES 'S:1'", "the entity identified by 'arn:x' was not found", "select * from t where kind = 'password' and name = 'bob'",
			"create user bob identified externally", "update t set password = $1 where id = 'x'", "ALTER ROLE app PASSWORD NULL", "identified by the name 'bob'",
			"CREATE USER 'audit'@'localhost' IDENTIFIED BY <secret>", "IDENTIFIED BY ",
		},
		"XML": {
			"<User>bob</User><Password>§hunter2§</Password>", "<wsse:Password Type=\"x\">§hunter2§</wsse:Password>", "<a><clientSecret>§a&amp;b§</clientSecret><b/></a>",
			"<password><![CDATA[§a<b§]]></password>", "<Credentials><Name>bob</Name><Token>§abc§</Token></Credentials>", "<user password=\"§hunter2§\"/>",
		},
		"XML that has none": {
			"<Password></Password>", "<Password/>", "</password>", "<PasswordPolicy>strict</PasswordPolicy>", "<pass>true</pass>", "a < b </", "<password</password>", "<token>***</token>",
		},
		"encoded URLs": {
			"/login?next=%2Fcb%3Ftoken%3D§abc§%26state%3D1", "https://example.com/?u=https%3A%2F%2Fx.example.com%2F%3fsig%3d§aB%252Fc§%23top", "%253Faccess_token%253D§abc§%2526a%253Db",
			"a=b&u=password%3D§hunter2§&c=d", "api_key%3D§k§",
			"/exec?command=sh&command=-c&command=PGPASSWORD%3D§x§+psql+-c+%27drop+table+t%27&container=c", "/exec?command=TOKEN%3D§abc§%3B%20rm%20-rf%20%2F", "/exec?command=TOKEN%3D§abc§%7Csh",
			"/exec?command=PASSWORD%3D%22§a+b§%22%3B+rm+-rf+%2F&x=y", "/exec?command=PASSWORD%3D%27§a%20%26b§%27+rm", "/exec?command=PASSWORD%3D%22§a§&x=y", "%253Fpassword%253D§a§%2520b", "password%3D§a%2520b§+c",
		},
		"encoded URLs that have none": {"/x?q=a%3Db", "100%3D", "%3D%3D%3D", "%", "%2", "token_type%3DBearer", "token%3D", "%25%25", "a%3Dtoken"},
		"names and values": {
			"- name: DB_PASSWORD\n  value: §hunter2§\n- name: HOME\n  value: /root\n", "{\n  \"Name\": \"DB_PASSWORD\",\n- \"Value\": \"§hunter2§\",\n+ \"Value\": \"§hunter 3§\",\n  \"ValueFrom\": null\n",
			"Invalid value: \"map[env:[map[name:DB_PASSWORD value:§hunter2 and more§] map[name:HOME value:/root] map[key:API_TOKEN value:§abc§ x:y]]]\": cannot convert",
			`Invalid value: "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"§hunter2§\"},{\"name\":\"HOME\",\"value\":\"/root\"}]}": x`, "map[name:DB_TOKEN value:§abc§",
		},
		"names and values that are none": {
			"name: HOME\nvalue: /root", "name: DB_PASSWORD\nother: x\nvalue: /root", "title: DB_PASSWORD\nvalue: x", "value: x", "alue:", "name: DB_PASSWORD, values", "password value: x", "map[name:DB_PASSWORD value:]",
			"name: token\nvalue: ***", "map[name:DB_PASSWORD value:] value:x", "map[name:DB_PASSWORD valueFrom:x]", "the secret value: x",
		},
		"queries": {
			"/pods/p/exec?command=mysql&command=--password&command=§hunter2§&container=c", "/exec?command=sh&command=-c&command=mysql+-u+root+--password+§hunter2§+shop&stdout=true",
			"/exec?command=ALTER+USER+bob+PASSWORD+%27§hunter%202§%27%3B&tty=true", "/exec?command=CREATE%20USER%20bob%20IDENTIFIED%20BY%20§tiger§", "GET /x?u=https%3A%2F%2Fbob%3A§a%2Bb§%40h%2F&b=c HTTP/1.1",
			"/exec?command=curl&command=-H&command=Authorization%3A+Bearer+§abc.def§&command=https%3A%2F%2Fh", "/exec?command=--token&command=§a%20b§", "/exec?command=echo+-----BEGIN+PRIVATE+KEY§-----%0AMIIE%0A§-----END+PRIVATE+KEY-----%0A+%3E+k&x=y", "/exec?command=curl+-H+Authorization%3A+Bearer+§abc.def§%3B+rm+-rf+%2F", "/a?b=c /exec?command=--token&command=§x§",
		},
		"queries that have none": {
			"/exec?command=mysql&command=--password&command=--user&stdin=true", "/x?a=--token&b=c", "/x?a=--token&a=", "/x?a=--token", "/pods?labelSelector=app+in+%28a%2Cb%29&limit=5", "?", "?&=&+", "?a=%", "?a=%zz+%2",
			"/exec?command=echo&command=password%3A+must+be+longer", "what? --no x", "/x?a=--token&a=***",
		},
		"pairs": {"user=bob pass=§hunter2§", "DB_PASS=§hunter2§ x=1", "userPass=§hunter2§", "pin=§1234§", "PWD=§hunter2§;UID=sa"},
		"pairs that are none": {
			"pass=12 fail=0", "pass=yes", "bypass=on", "compass=north", "TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/bin/ls", "pinned=all", "spin=x", "Test result: pass=100%", `status="pass"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range texts {
				var in, want strings.Builder
				for i, part := range strings.Split(text, "§") {
					in.WriteString(part)
					if i%2 == 0 {
						want.WriteString(part)
					} else {
						want.Write(appendMarker(nil, len(part)))
					}
				}
				got := inText(in.String())
				require.Equal(t, want.String(), got)
				require.Equal(t, got, inText(got), "twice")
				for end := range in.String() {
					inText(in.String()[:end]) // wherever it is cut
				}
			}
		})
	}
}

// TestPass tells a password from what came of a test, and knows options in lists.
func TestPass(t *testing.T) {
	for in, want := range map[string]string{
		`{"pass":"hunter2","pin":1234,"user.pass":"hunter2"}`:                       `{"pass":"[redacted: 7 bytes]","pin":"[redacted: 4 bytes]","user.pass":"[redacted: 7 bytes]"}`,
		`{"dbPass":"x","smtp-pass":"x"}`:                                            `{"dbPass":"[redacted: 1 bytes]","smtp-pass":"[redacted: 1 bytes]"}`,
		`{"bypass":"x","pass":true,"status":"pass"}`:                                ``,
		`{"fail":1,"pass":12}`:                                                      ``,
		`{"pass":"PASSED","passed":"x","tests_pass":"12/12"}`:                       ``,
		`{"compass":"x","pinned":"x","shopping":"x","spin":"x"}`:                    ``,
		`{"args":["login","--password","hunter2","-v"]}`:                            `{"args":["login","--password","[redacted: 7 bytes]","-v"]}`,
		`{"args":["--token",{"token":"x"},"--password","--token","-x","--no-pin"]}`: `{"args":["--token",{"token":"[redacted: 1 bytes]"},"--password","--token","-x","--no-pin"]}`,
		`{"args":["-password","a","b"]}`:                                            `{"args":["-password","[redacted: 1 bytes]","b"]}`,
	} {
		if want == "" {
			want = in
		}
		require.Equal(t, want, redacted(t, in))
	}
}

// TestSigns looks for each sign at each place, alone and behind each other one.
func TestSigns(t *testing.T) {
	all := map[byte]signs{'=': equalSign, ':': colonSign, ' ': spaceSign, '<': lessSign, '%': percentSign}
	for n := range 40 {
		plain := strings.Repeat("a", n)
		require.Zero(t, signsIn(plain))
		for i := range n {
			for c, sign := range all {
				one := plain[:i] + string(c) + plain[i+1:]
				require.Equal(t, sign, signsIn(one))
				require.Zero(t, signsIn(plain[:i]+string(c+1)+plain[i+1:])&sign) // one bit from it, and next to it where words borrow
				require.Zero(t, signsIn(plain[:i]+string(c^1)+plain[i+1:])&sign)
				for other, another := range all {
					require.Equal(t, sign|another, signsIn(string(other)+one))
				}
			}
		}
	}
}
