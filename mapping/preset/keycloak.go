// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "strings"

// keycloak maps Keycloak's events, of users and of administrators: the lines and JSON objects of its logger
// org.keycloak.events, and the objects of its REST API and of listeners that send those
// (https://www.keycloak.org/docs-api/latest/rest-api/index.html#EventRepresentation and #AdminEventRepresentation).
//
// The times of log lines say no zone; they are taken as UTC, and the event says so.
var keycloak = Preset{
	Name: "keycloak",
	Link: "https://www.keycloak.org/docs/latest/server_admin/#auditing-and-events",
	Mark: "realmId",
	Fits: allOf{
		isString(path("realmId")),
		anyOf{
			allOf{matches(path("type"), `^[A-Z][A-Z0-9_]+$`), present{path("clientId"), path("ipAddress"), path("userId")}},
			allOf{isString(path("operationType")), anyOf{isString(path("resourceType")), isString(path("resourcePath"))}},
		},
	},

	Type: first(
		when(present{keycloakUser}, constant("User")),
		when(present{keycloakClient}, constant("Client")),
	),
	PrincipalID: first(keycloakUser, keycloakClient),
	Details: parts(
		member("id", path("userId")),
		member("name", first(path("username"), path("details", "username"))),
		member("sessionId", path("sessionId")),
		member("auth", path("authDetails")),
	),

	EventSource: constant("keycloak"),
	EventName: first(
		path("type"),
		join(" ", path("operationType"), path("resourceType")),
		path("operationType"),
	),
	EventTime:     []Expr{path("time"), changed{of: outer("timestamp"), says: "with a decimal point", by: decimalPoint}},
	UID:           path("id"),
	ID:            path("id"),
	Request:       parts(spread{path("details")}),
	ErrorCode:     when(keycloakFailed, first(path("error"), path("type"), path("operationType"))),
	ErrorMessage:  when(keycloakFailed, first(path("reason"), path("details", "reason"))),
	SourceIP:      []Expr{path("ipAddress"), path("authDetails", "ipAddress")},
	RestInRequest: true,
}

var keycloakUser = first(
	path("userId"),
	path("authDetails", "userId"),
	path("username"),
	path("details", "username"),
)

// keycloakClient is the client where it acts by itself, and not for a user.
var keycloakClient = when(hasPrefix(path("type"), "CLIENT_"), path("clientId"))

var keycloakFailed = anyOf{hasSuffix(path("type"), "_ERROR"), present{path("error")}}

// decimalPoint writes the fraction of a second, which Java puts behind a comma, behind a point.
func decimalPoint(s string) string { return strings.Replace(s, ",", ".", 1) }
