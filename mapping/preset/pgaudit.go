// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// pgaudit maps the entries of pgAudit, PostgreSQL's audit extension.
// They are messages of PostgreSQL's log, so who, where and when stand in what the log writes around them: the members of
// a jsonlog object, the columns of a csvlog line, or what log_line_prefix makes of a stderr line
// (https://www.postgresql.org/docs/current/runtime-config-logging.html). The last says no more than its operator chose:
// with the default prefix there is no user. A stderr line keeps its prefix whole in additionalEventData. Where a receiver has
// parsed the line, they stand in attributes, or under the names of the table that PostgreSQL's documentation has for csvlog.
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
		not{raised},
	},

	Type:        when(present{postgresqlUser}, constant("User")),
	PrincipalID: postgresqlUser,

	UserAgent:   logged("application_name"),
	EventSource: constant("postgresql"),
	EventName:   join(" ", path("class"), path("command")),
	EventTime:   []Expr{postgresqlTime},
	UID:         join("-", logged("session_id"), path("statement_id")),
	Request: parts(
		member("dbname", postgresqlDatabase),
	),
	SourceIP:      postgresqlAddress,
	RestInRequest: true,
}

// raised holds where a line says in which function its message was made: that is none of pgAudit's.
var raised = allOf{present{logged("context")}, present{logged("error_severity")}}
