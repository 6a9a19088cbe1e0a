// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// slack maps the entries of Slack's Audit Logs API.
//
// Slack says no outcome; what failed has an action of its own, such as user_login_failed. What was acted on stands under
// the name of its type (entity.user, entity.file, …).
var slack = Preset{
	Name: "slack",
	Link: "https://docs.slack.dev/reference/audit-logs-api/methods-actions-reference",
	Mark: "context",
	Fits: allOf{
		isString(path("action")),
		isString(path("actor", "type")),
		isObject(path("context")),
		anyOf{
			isObject(path("context", "location")),
			isString(path("context", "ip_address")),
			isString(path("context", "ua")),
		},
	},

	Type:        first(words{of: path("actor", "type"), as: slackTypes}, path("actor", "type")),
	PrincipalID: first(slackActor("id"), slackActor("email"), slackActor("name")),
	Details: parts(
		member("name", slackActor("name")),
		member("email", slackActor("email")),
		member("team", slackActor("team")),
		member("session_id", path("context", "session_id")),
	),

	UserAgent:   path("context", "ua"),
	EventSource: constant("slack"),
	EventName:   path("action"),
	EventTime:   []Expr{path("date_create")},
	UID:         path("id"),
	ID:          path("id"),

	Request: parts(
		member("entity_type", path("entity", "type")),
		member("entity_id", slackEntity("id")),
		member("entity_name", slackEntity("name")),
		member("entity_email", slackEntity("email")),
		member("location_type", path("context", "location", "type")),
		member("location_id", path("context", "location", "id")),
		member("location_name", path("context", "location", "name")),
		member("location_domain", path("context", "location", "domain")),
		others{path("details")},
	),
	RestInRequest: true,
	ErrorCode:     when(hasSuffix(path("action"), "_failed"), path("action")),

	SourceIP: []Expr{path("context", "ip_address")},

	Omitted: []Omission{{
		What:   when(present{words{of: path("actor", "type"), as: slackTypes}}, path("actor", "type")),
		Reason: "userIdentity.type says it",
	}},
}

var slackTypes = map[string]string{"user": "User", "app": "App", "workflow": "Workflow"}

// slackActor gives what an entry says of its actor, who stands under the name of his type.
func slackActor(key string) Expr {
	return first(path("actor", "user", key), path("actor", "app", key), path("actor", "workflow", key))
}

// slackEntity gives what an entry says of what was acted on.
func slackEntity(key string) Expr {
	var all []Expr
	for _, kind := range []string{
		"user", "file", "app", "channel", "workspace", "enterprise", "workflow", "usergroup", "role", "message", "huddle",
		"canvas", "list", "account_type_role", "barrier", "emoji", "saved_search",
	} {
		all = append(all, path("entity", kind, key))
	}
	return first(all...)
}
