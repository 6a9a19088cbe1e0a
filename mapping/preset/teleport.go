// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// teleport maps the audit events of Teleport, from its log files or its event-handler plugin.
//
// Each event has a code, whose last letter is I for what went well, W for a warning, such as an attempt that was denied,
// and E for a failure: https://github.com/gravitational/teleport/blob/master/lib/events/codes.go
var teleport = Preset{
	Name: "teleport",
	Link: "https://goteleport.com/docs/reference/monitoring/audit/",
	Mark: "code",
	Fits: allOf{
		isString(path("event")),
		matches(path("code"), `(?i)^T[A-Z0-9]*[0-9][A-Z0-9]*[IWE]$`),
		isString(path("time")),
	},

	Type: first(
		words{path("user_kind"), map[string]string{"1": "User", "2": "Bot"}},
		when(present{teleportUser}, constant("User")),
		when(present{path("bot_name")}, constant("Bot")),
		when(present{path("host_id")}, constant("Host")),
	),
	// A host acts by itself where it joins the cluster.
	PrincipalID: first(teleportUser, path("bot_name"), path("host_id")),
	Details: parts(
		member("id", path("identity", "user")),
		member("impersonator", path("impersonator")),
		member("login", path("login")),
		member("user_cluster_name", path("user_cluster_name")),
		member("user_roles", path("user_roles")),
		member("user_traits", path("user_traits")),
		member("identity", path("identity")),
	),

	UserAgent:   path("user_agent"),
	EventSource: constant("teleport"),
	EventName:   path("event"),
	EventTime:   []Expr{path("time")},
	UID:         path("uid"),
	ID:          path("uid"),
	ErrorCode:   when(teleportFailed, again(path("code"))),
	ErrorMessage: when(teleportFailed, first(
		path("error"), path("exitError"), path("message"), path("reason"),
	)),
	SourceIP:      []Expr{path("addr.remote")}, // host and port
	RestInRequest: true,
}

var teleportUser = first(path("user"), path("identity", "user"), path("impersonator"))

var teleportFailed = anyOf{
	is(path("success"), "false"),
	present{path("error"), path("exitError")},
	hasSuffix(path("code"), "E"),
	is(path("event"), "session.rejected"),
}
