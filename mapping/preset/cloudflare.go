// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// Cloudflare's audit logs, as the API returns them: version 1, whose action.result is true or false
// (https://developers.cloudflare.com/api/resources/audit_logs/), and version 2, whose action.result is a word
// (https://developers.cloudflare.com/api/resources/accounts/subresources/logs/subresources/audit/).
var cloudflare = Preset{
	Name: "cloudflare",
	Link: "https://developers.cloudflare.com/api/resources/audit_logs/",
	Mark: "action",
	Fits: allOf{
		isString(path("action", "type")),
		isString(path("resource", "type")),
		isObject(path("actor")),
		anyOf{present{path("when")}, present{path("action", "time")}},
	},

	Type:        first(path("actor", "type"), when(present{path("actor", "id"), path("actor", "email")}, constant("user"))),
	PrincipalID: first(path("actor", "id"), path("actor", "email"), path("actor", "token_id")),
	Details: parts(
		member("email", path("actor", "email")),
		member("token_id", path("actor", "token_id")),
		member("token_name", path("actor", "token_name")),
		member("context", path("actor", "context")),
	),

	UserAgent:   path("raw", "user_agent"),
	EventSource: constant("cloudflare"),
	EventName:   path("action", "type"),
	EventTime:   []Expr{path("when"), path("action", "time")},
	UID:         path("id"),
	ID:          path("id"),

	Request: parts(
		member("resource_type", path("resource", "type")),
		member("resource_id", path("resource", "id")),
		member("resource_product", path("resource", "product")),
		member("resource_scope", path("resource", "scope")),
		member("resource_request", path("resource", "request")),
		member("oldValue", path("oldValue")),
		member("newValue", path("newValue")),
		member("oldValueJson", path("oldValueJson")),
		member("newValueJson", path("newValueJson")),
		member("interface", path("interface")),
		member("description", path("action", "description")),
		member("method", path("raw", "method")),
		member("uri", path("raw", "uri")),
		member("cf_ray_id", path("raw", "cf_ray_id")),
		member("zone_id", path("zone", "id")),
		member("zone_name", path("zone", "name")),
		member("owner_id", path("owner", "id")),
		others{path("metadata")},
	),
	Response: parts(
		member("result", path("action", "result")),
		others{path("resource", "response")},
		member("status_code", path("raw", "status_code")),
	),
	ErrorCode:    when(is(path("action", "result"), "false", "failure"), constant("failure")),
	ErrorMessage: when(is(path("action", "result"), "false", "failure"), path("action", "info")),

	SourceIP: []Expr{path("actor", "ip"), path("actor", "ip_address")},
}

// cloudflareLogpush is the same as Logpush writes it, flat:
// https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/audit_logs/ and
// https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/audit_logs_v2/
var cloudflareLogpush = Preset{
	Name: "cloudflare",
	Link: "https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/audit_logs/",
	Mark: "ActionType",
	Fits: allOf{
		isString(path("ActionType")),
		isString(path("ActorType")),
		isString(path("ResourceType")),
		anyOf{
			allOf{isString(path("ID")), present{path("When")}},
			allOf{isString(path("AuditLogID")), present{path("ActionTimestamp")}},
		},
	},

	Type:        path("ActorType"),
	PrincipalID: first(path("ActorID"), path("ActorEmail")),
	Details: parts(
		member("email", path("ActorEmail")),
		member("context", path("ActorContext")),
		member("token", path("ActorTokenDetails")),
	),

	UserAgent:   first(path("Raw", "user_agent"), path("Raw", "UserAgent")),
	EventSource: constant("cloudflare"),
	EventName:   path("ActionType"),
	EventTime:   []Expr{path("When"), path("ActionTimestamp")},
	UID:         first(path("AuditLogID"), path("ID")),
	ID:          first(path("AuditLogID"), path("ID")),

	Request:       parts(others{path("Metadata")}),
	RestInRequest: true,
	Response: parts(
		member("result", path("ActionResult")),
		others{path("ResourceResponse")},
	),
	ErrorCode: when(is(path("ActionResult"), "false", "failure"), constant("failure")),

	SourceIP: []Expr{path("ActorIP"), path("ActorIPAddress")},
}
