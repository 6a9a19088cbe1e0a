// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"

import (
	"regexp"
	"strings"
)

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
	},

	Type:        when(present{pgauditUser}, constant("User")),
	PrincipalID: pgauditUser,

	UserAgent:   logged("application_name"),
	EventSource: constant("postgresql"),
	EventName:   join(" ", path("class"), path("command")),
	EventTime:   changed{of: logged("timestamp", "log_time"), says: "its zone as in RFC 3339", by: zoneOfRFC3339},
	UID:         join("-", logged("session_id"), path("statement_id")),
	Request: parts(
		member("dbname", logged("dbname", "database_name")),
	),
	SourceIP: []Expr{
		logged("remote_host"),
		changed{of: logged("connection_from"), says: "without its port", by: withoutPort},
	},
	RestInRequest: true,
}

var pgauditUser = logged("user", "user_name")

// logged gives what PostgreSQL logs beside an entry under one of these names.
func logged(names ...string) Expr {
	var all []Expr
	for _, name := range names {
		all = append(all, outer(name))
	}
	for _, name := range names {
		all = append(all, attribute(name))
	}
	return first(all...)
}

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
