// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"

import "strings"

// pgaudit maps the entries of pgAudit, PostgreSQL's audit extension.
// They are messages of PostgreSQL's log, so who, where and when stand in what the log writes around them: the members of
// a jsonlog object, the columns of a csvlog line, or what log_line_prefix makes of a stderr line
// (https://www.postgresql.org/docs/current/runtime-config-logging.html). The last says no more than its operator chose:
// with the default prefix there is no user. A stderr line keeps its prefix whole in additionalEventData.
//
// The request is a statement of a session. pgAudit writes an entry before a statement runs, and none where it fails.
var pgaudit = Preset{
	Name: "pgaudit",
	Link: "https://github.com/pgaudit/pgaudit#format",
	Mark: "audit_type",
	Fits: allOf{
		is(path("audit_type"), "SESSION", "OBJECT"),
		isString(path("statement_id")),
		isString(path("class")),
		isString(path("command")),
	},

	Type:        when(present{outer("user")}, constant("User")),
	PrincipalID: outer("user"),

	UserAgent:   outer("application_name"),
	EventSource: constant("postgresql"),
	EventName:   join(" ", path("class"), path("command")),
	EventTime:   changed{of: outer("timestamp"), says: "its zone as in RFC 3339", by: universalTime},
	UID:         join("-", outer("session_id"), path("statement_id")),
	Request: parts(
		member("dbname", outer("dbname")),
	),
	SourceIP:      []Expr{outer("remote_host")},
	RestInRequest: true,
}

// universalTime writes a time in UTC, as PostgreSQL does, with the zone that RFC 3339 has for it. Other abbreviations are
// no zone: several parts of the world share each.
func universalTime(s string) string {
	for _, zone := range [...]string{" UTC", " GMT"} {
		if at, found := strings.CutSuffix(s, zone); found {
			return at + "Z"
		}
	}
	return s
}
