// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"regexp"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// postgresql maps what PostgreSQL's log has beside the entries of pgAudit: connections, logins and those that failed,
// statements, errors. It comes in the same forms as those. Where a message is in another language than English, the event
// is called by the command that ran.
//
// session_id names the client's connection, which is as near to a request as the log comes; the event's id is the record's
// digest.
var postgresql = Preset{
	Name: "postgresql",
	Link: "https://www.postgresql.org/docs/current/runtime-config-logging.html",
	Mark: "error_severity",
	Fits: allOf{
		matches(logged("error_severity"), `^\pL+[1-5]?$`),
		anyOf{isString(logged("session_id")), isString(logged("prefix"))},
		not{pgaudit.Fits},
	},

	Type: first(
		when(present{postgresqlUser}, constant("User")),
		when(present{postgresqlProcess}, constant("System")),
	),
	PrincipalID: first(postgresqlUser, postgresqlProcess),

	UserAgent:   logged("application_name"),
	EventSource: constant("postgresql"),
	EventName: first(
		changed{of: logged("message"), says: "the words it begins with, where they say what was done", by: logOpening},
		logged("ps", "command_tag"),
		logged("error_severity"),
	),
	EventTime: []Expr{postgresqlTime},
	UID:       logged("session_id"),
	Request: parts(
		member("dbname", postgresqlDatabase),
		member("statement", logged("statement", "query")),
	),
	ErrorCode:    when(postgresqlFailed, first(postgresqlState, logged("error_severity"))),
	ErrorMessage: when(postgresqlFailed, logged("message")),
	SourceIP:     postgresqlAddress,
}

// postgresqlProcess is one of the server's own processes, such as the checkpointer. Other lines without a user are of clients
// that have not said yet who they are.
var postgresqlProcess = when(not{is(logged("backend_type"), "client backend", "not initialized")}, logged("backend_type"))

// postgresqlFailed holds for errors: severities have their names in the language of the log, codes in none
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
var postgresqlFailed = anyOf{
	is(logged("error_severity"), "ERROR", "FATAL", "PANIC"),
	allOf{present{postgresqlState}, not{matches(postgresqlState, `^0[012]`)}},
}

// What PostgreSQL's log says beside each message.
var (
	postgresqlUser     = logged("user", "user_name")
	postgresqlDatabase = logged("dbname", "database_name")
	postgresqlState    = first(logged("state_code", "sql_state_code"), outer("properties", "sqlerrcode"), attribute("sqlerrcode")) // the last are Azure's
	postgresqlTime     = changed{of: logged("timestamp", "log_time"), says: "its zone as in RFC 3339", by: zoneOfRFC3339}
	postgresqlAddress  = []Expr{
		logged("remote_host"),
		changed{of: logged("connection_from"), says: "without its port", by: withoutPort},
	}
)

var logOpenings = regexp.MustCompile(`^(?:(connection (?:received|authenticated|authorized)|replication connection authorized|disconnection|` +
	`statement|duration|temporary file|checkpoint (?:starting|complete)): |(execute|parse|bind) .*?: )`)

// logOpening returns the words with which PostgreSQL begins a message about something that was done.
func logOpening(message string) string {
	m := logOpenings.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}

// logged gives what PostgreSQL logs beside a message under one of these names.
func logged(names ...string) Expr { return anyPlace(tree.NewPath(names...)) }

// withoutPort takes off the port, which stands behind the last colon also of an IPv6 address.
func withoutPort(s string) string {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		return s[:i]
	}
	return s
}

// zoneOfRFC3339 writes a time with the zone that RFC 3339 has for it: UTC, or the number that PostgreSQL has for zones
// without a name. Other abbreviations are no zone: several parts of the world share each.
func zoneOfRFC3339(s string) string {
	for _, zone := range [...]string{" UTC", " GMT"} {
		if at, found := strings.CutSuffix(s, zone); found {
			return at + "Z"
		}
	}
	if m := numberedZone.FindStringSubmatch(s); m != nil {
		return m[1] + m[2] + ":" + (m[3] + "00")[:2]
	}
	return s
}

var numberedZone = regexp.MustCompile(`^(.*\d) ?([+-]\d\d):?(\d\d)?$`)
