// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "strings"

// Snowflake's LOGIN_HISTORY, row by row under the names of its columns:
// https://docs.snowflake.com/en/sql-reference/account-usage/login_history
//
// The user agent is what the client said of itself, its type and version.
var snowflakeLogin = Preset{
	Name: "snowflake",
	Link: "https://docs.snowflake.com/en/sql-reference/account-usage/login_history",
	Mark: "EVENT_TIMESTAMP",
	Fits: allOf{
		present{path("EVENT_ID")},
		present{path("EVENT_TIMESTAMP")},
		present{path("EVENT_TYPE")},
		is(path("IS_SUCCESS"), "YES", "NO"),
	},

	Type:        when(present{path("USER_NAME")}, constant("User")),
	PrincipalID: path("USER_NAME"),

	UserAgent:   join("/", path("REPORTED_CLIENT_TYPE"), path("REPORTED_CLIENT_VERSION")),
	EventSource: constant("snowflake"),
	EventName:   path("EVENT_TYPE"),
	EventTime:   []Expr{snowflakeTime(path("EVENT_TIMESTAMP"))},
	UID:         path("EVENT_ID"),
	ID:          path("EVENT_ID"),

	RestInRequest: true,
	Response:      parts(member("IS_SUCCESS", path("IS_SUCCESS"))),
	ErrorCode:     when(is(path("IS_SUCCESS"), "NO"), first(path("ERROR_CODE"), constant("failure"))),
	ErrorMessage:  when(is(path("IS_SUCCESS"), "NO"), path("ERROR_MESSAGE")),

	SourceIP: []Expr{path("CLIENT_IP")},
}

// snowflakeQuery is a row of QUERY_HISTORY (https://docs.snowflake.com/en/sql-reference/account-usage/query_history) or of
// ACCESS_HISTORY (https://docs.snowflake.com/en/sql-reference/account-usage/access_history), which says what objects a
// query read or changed and shares its QUERY_ID.
var snowflakeQuery = Preset{
	Name: "snowflake",
	Link: "https://docs.snowflake.com/en/sql-reference/account-usage/query_history",
	Mark: "QUERY_ID",
	Fits: allOf{
		isString(path("QUERY_ID")),
		isString(path("USER_NAME")),
		anyOf{
			allOf{isString(path("QUERY_TYPE")), present{path("START_TIME")}},
			present{path("QUERY_START_TIME")},
		},
	},

	Type:        constant("User"),
	PrincipalID: path("USER_NAME"),
	Details: parts(
		member("ROLE_NAME", path("ROLE_NAME")),
		member("ROLE_TYPE", path("ROLE_TYPE")),
		member("SECONDARY_ROLE_STATS", path("SECONDARY_ROLE_STATS")),
		member("SESSION_ID", path("SESSION_ID")),
	),

	EventSource: constant("snowflake"),
	EventName:   first(path("QUERY_TYPE"), constant("ACCESS")),
	EventTime:   []Expr{snowflakeTime(path("START_TIME")), snowflakeTime(path("QUERY_START_TIME"))},
	UID:         path("QUERY_ID"),
	// A query has a row in either view, so that its id alone names no event.
	ID: first(
		when(present{path("QUERY_START_TIME")}, join("-", path("QUERY_ID"), constant("access"))),
		path("QUERY_ID"),
	),

	RestInRequest: true,
	Response:      parts(member("EXECUTION_STATUS", path("EXECUTION_STATUS"))),
	ErrorCode:     when(snowflakeFailed, first(path("ERROR_CODE"), again(path("EXECUTION_STATUS")))),
	ErrorMessage:  when(snowflakeFailed, path("ERROR_MESSAGE")),
}

var snowflakeFailed = anyOf{
	present{path("ERROR_CODE")},
	is(lower(path("EXECUTION_STATUS")), "fail", "incident", "failed_with_error", "failed_with_incident"),
}

// snowflakeTime reads the ways in which Snowflake writes a TIMESTAMP_LTZ: by default with a space before the offset
// (https://docs.snowflake.com/en/user-guide/date-time-input-output), else in UTC, as the views hold it.
func snowflakeTime(of Expr) Expr {
	return changed{of: of, says: "in UTC where it says no zone", by: func(s string) string {
		date, rest, found := strings.Cut(s, " ")
		if !found || len(date) != len("2006-01-02") {
			return s
		}
		if clock, offset, found := strings.Cut(rest, " "); found {
			return date + "T" + clock + offset
		}
		if strings.ContainsAny(rest, "Z+-") {
			return s
		}
		return date + "T" + rest + "Z"
	}}
}
