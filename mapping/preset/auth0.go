// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// auth0 maps the tenant logs of Auth0, as log streams send them ({log_id, data}) and as the Management API returns them.
//
// The actor is the user, else the application. Auth0 says no outcome: what failed is told by the type, of which
// auth0Failures has the rules, or, for calls of the Management API, by the status of the response. eventName is the
// documented meaning of types that are mere letters (f, sapi, seacft), and any other type itself; the type stands in
// requestParameters in either case.
var auth0 = Preset{
	Name: "auth0",
	Link: "https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes",
	Mark: "log_id",
	Fits: allOf{
		matches(path("type"), `^[a-z][a-z0-9_]*$`),
		matches(path("date"), `^\d{4}-\d\d-\d\d[T ]`),
		isString(outer("log_id")),
		anyOf{matches(outer("log_id"), `^\d{20,}`), present{words{of: path("type"), as: auth0Types}}},
	},

	Type: first(
		when(present{auth0User}, constant("User")),
		when(present{auth0Client}, constant("Client")),
	),
	PrincipalID: first(auth0User, auth0Client),
	Details: parts(
		member("id", path("user_id")),
		member("name", first(path("user_name"), path("details", "request", "auth", "user", "name"))),
		member("email", path("details", "request", "auth", "user", "email")),
		member("strategy", path("strategy")),
		member("strategy_type", path("strategy_type")),
		member("session_id", path("details", "session_id")),
	),

	UserAgent:   path("user_agent"),
	EventSource: constant("auth0"),
	EventName:   first(words{of: path("type"), as: auth0Types}, again(path("type"))),
	EventTime:   []Expr{path("date")},
	UID:         first(path("log_id"), outer("log_id")),
	ID:          first(path("log_id"), outer("log_id")),

	Request: parts(
		member("type", path("type")),
		member("description", path("description")),
		member("client_id", path("client_id")),
		member("client_name", path("client_name")),
		member("connection", path("connection")),
		member("connection_id", path("connection_id")),
		member("organization_id", path("organization_id")),
		member("organization_name", path("organization_name")),
		member("tenant_name", path("tenant_name")),
		member("hostname", path("hostname")),
		member("audience", path("audience")),
		member("scope", path("scope")),
		others{path("details", "request")}, // method, path, query, body, channel, auth
	),
	Response: parts(others{path("details", "response")}), // statusCode, body
	ErrorCode: first(
		when(auth0Failed, again(path("type"))),
		when(auth0Refused, path("details", "response", "statusCode")),
	),
	ErrorMessage: when(anyOf{auth0Failed, auth0Refused}, first(
		path("details", "error", "message"), path("details", "error"), path("description"),
	)),

	SourceIP: []Expr{path("ip"), path("client_ip"), path("details", "request", "ip")},

	Secrets: []Expr{
		path("details", "code"),           // an authorization code
		path("details", "body", "ticket"), // verifies an address or resets a password
		path("details", "ticket"),         // the same
		path("details", "qs", "id_token_hint"),
		path("details", "request", "body", "sink", "httpAuthorization"), // what a log stream signs in with
		path("details", "request", "body", "sink", "segmentWriteKey"),
		path("details", "response", "body", "sink", "httpAuthorization"),
		path("details", "response", "body", "sink", "segmentWriteKey"),
	},
}

var auth0User = first(
	path("user_id"), path("details", "request", "auth", "user", "user_id"),
	path("user_name"), path("details", "request", "auth", "user", "name"),
)

var auth0Client = first(path("client_id"), path("details", "qs", "client_id"))

var (
	auth0Refused = atLeast{path("details", "response", "statusCode"), 400}
	auth0Failed  = anyOf{
		// Of the types that are mere letters, those of failures begin with f.
		matches(path("type"), `^f[a-z]{0,9}$`),
		matches(path("type"), `_(failed|failure|rejected|error|exceed)$|^failed_|_fail_`),
		// Auth0 lists these as errors, too: https://auth0.com/docs/deploy-monitor/logs/log-event-filters
		is(path("type"), "api_limit", "limit_wc", "limit_mu", "limit_sul", "limit_delegation", "limit_ui",
			"pwd_leak", "signup_pwd_leak", "reset_pwd_leak"),
	}
)
