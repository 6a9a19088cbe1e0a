// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// The three kinds of record of 1Password's Events API, versions 1 and 2: audit events (action, object_type), uses of items
// (item_uuid, vault_uuid) and attempts to sign in (category, type):
// https://developer.1password.com/docs/events-api/reference
//
// An attempt to sign in has no action: what it is called is its category, which is its outcome at once. A use of an item
// has an action only since 1Password began to tell them.
var onepassword = Preset{
	Name: "onepassword",
	Link: "https://developer.1password.com/docs/events-api/reference",
	Mark: "uuid",
	Fits: allOf{
		isString(path("uuid")),
		present{path("timestamp")},
		anyOf{
			allOf{isString(path("actor_uuid")), isString(path("action")), isString(path("object_type"))},
			allOf{isString(path("item_uuid")), isString(path("vault_uuid"))},
			allOf{isString(path("session_uuid")), isString(path("category")), isObject(path("target_user"))},
		},
	},

	Type: first(
		path("actor_type"), path("user", "type"), path("target_user", "type"),
		when(present{path("actor_uuid"), path("user", "uuid"), path("target_user", "uuid")}, constant("User")),
	),
	PrincipalID: first(path("actor_uuid"), path("user", "uuid"), path("target_user", "uuid")),
	Details: parts(
		member("id", path("actor_details", "uuid")),
		member("name", first(path("actor_details", "name"), path("user", "name"), path("target_user", "name"))),
		member("email", first(path("actor_details", "email"), path("user", "email"), path("target_user", "email"))),
		member("account_uuid", first(path("account_uuid"), path("actor_account_uuid"))),
		member("session_uuid", first(path("session_uuid"), path("session", "uuid"))),
		member("device_uuid", path("session", "device_uuid")),
	),

	UserAgent:   join("/", path("client", "app_name"), path("client", "app_version")),
	EventSource: constant("onepassword"),
	EventName:   first(path("action"), again(path("category")), constant("item_usage")),
	EventTime:   []Expr{path("timestamp")},
	UID:         path("uuid"),
	ID:          path("uuid"),

	Request: parts(
		member("object_type", path("object_type")),
		member("object_uuid", path("object_uuid")),
		member("object_details", path("object_details")),
		member("aux_id", path("aux_id")),
		member("aux_uuid", path("aux_uuid")),
		member("aux_details", path("aux_details")),
		member("aux_info", path("aux_info")),
		member("vault_uuid", path("vault_uuid")),
		member("item_uuid", path("item_uuid")),
		member("used_version", path("used_version")),
		member("type", path("type")),
		member("details", path("details")),
	),
	Response:     parts(member("category", path("category"))),
	ErrorCode:    when(onepasswordFailed, again(path("category"))),
	ErrorMessage: when(onepasswordFailed, again(path("type"))),

	SourceIP: []Expr{path("session", "ip"), path("client", "ip_address")},
}

// onepasswordFailed holds for attempts of each other category: credentials_failed, mfa_failed, sso_failed,
// modern_version_failed, firewall_failed, and what may come.
var onepasswordFailed = allOf{
	present{path("category")},
	not{is(path("category"), "success", "firewall_reported_success")},
}
