// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// The Open Cybersecurity Schema Framework, versions 1.0 and later, of whatever product: its categories Identity & Access
// Management (3; "Audit Activity" in the release candidates) and Application Activity (6), which are those of audit
// records: https://schema.ocsf.io
//
// eventSource is the product that the record says, no constant: the schema is none. Older versions have as account_uid
// and uuid what newer ones have as account.uid and uid_alt.
var ocsf = Preset{
	Name: "ocsf",
	Link: "https://schema.ocsf.io",
	Mark: "class_uid",
	Fits: allOf{
		atLeast{path("class_uid"), 1000},
		is(path("category_uid"), "3", "6"),
		isString(path("metadata", "version")),
		isObject(path("metadata", "product")),
	},
	Version: path("metadata", "version"),

	Type: first(
		when(not{is(path("actor", "user", "type"), "Unknown")}, path("actor", "user", "type")),
		words{of: path("actor", "user", "type_id"), as: map[string]string{
			"1": "User", "2": "Admin", "3": "System", "4": "Service", "99": "Other",
		}},
		when(present{ocsfUser}, constant("User")),
		when(present{path("actor", "app_name"), path("actor", "app_uid")}, constant("Application")),
		when(ocsfLogon, constant("User")),
	),
	PrincipalID: first(
		ocsfUser,
		path("actor", "app_uid"), path("actor", "app_name"), path("actor", "invoked_by"),
		when(ocsfLogon, first(path("user", "uid"), path("user", "email_addr"), path("user", "name"))),
	),
	Details: parts(
		member("id", first(path("actor", "user", "uid"), path("actor", "user", "uid_alt"), path("actor", "user", "uuid"))),
		member("name", first(path("actor", "user", "name"), when(ocsfLogon, again(path("user", "name"))))),
		member("email", first(path("actor", "user", "email_addr"), when(ocsfLogon, again(path("user", "email_addr"))))),
		member("full_name", path("actor", "user", "full_name")),
		member("uid_alt", first(path("actor", "user", "uid_alt"), path("actor", "user", "uuid"))),
		member("account_uid", first(path("actor", "user", "account", "uid"), path("actor", "user", "account_uid"))),
		member("account_name", path("actor", "user", "account", "name")),
		member("credential_uid", path("actor", "user", "credential_uid")),
		member("groups", path("actor", "user", "groups")),
		member("session", path("actor", "session")),
		member("idp", path("actor", "idp")),
		member("invoked_by", path("actor", "invoked_by")),
	),

	UserAgent:   path("http_request", "user_agent"),
	EventSource: first(path("api", "service", "name"), path("metadata", "product", "name"), path("metadata", "product", "vendor_name")),
	EventName: first(
		path("api", "operation"), path("metadata", "event_code"), path("type_name"), path("activity_name"),
		path("class_name"), path("type_uid"),
	),
	EventTime: []Expr{path("time"), path("time_dt")},
	UID:       first(path("metadata", "uid"), path("api", "request", "uid")),
	ID:        path("metadata", "uid"),

	Request: parts(
		member("data", path("api", "request", "data")),
		member("request_uid", path("api", "request", "uid")),
		member("api_version", path("api", "version")),
		member("region", path("cloud", "region")),
		member("user_uid", path("user", "uid")),
		member("user_name", path("user", "name")),
		member("user_email", path("user", "email_addr")),
		member("group", path("group")),
		member("privileges", path("privileges")),
		member("entity", path("entity")),
		member("policy", path("policy")),
		member("resource_uid", again(path("resources", "0", "uid"))),
		member("resource_name", again(path("resources", "0", "name"))),
		member("resource_type", again(path("resources", "0", "type"))),
		member("resource", path("resource")),
		member("resources", path("resources")),
		member("web_resources", path("web_resources")),
		member("service", path("service")),
		member("http_method", path("http_request", "http_method")),
		member("url_path", path("http_request", "url", "path")),
		member("dst_endpoint", path("dst_endpoint")),
	),
	Response: parts(
		member("data", path("api", "response", "data")),
		member("code", path("api", "response", "code")),
		member("status", path("status")),
		member("status_id", path("status_id")),
		member("status_code", path("status_code")),
		member("entity_result", path("entity_result")),
	),
	ErrorCode: when(ocsfFailed, first(
		path("api", "response", "error"), again(path("status_code")), again(path("api", "response", "code")),
		again(path("status")), constant("Failure"),
	)),
	ErrorMessage: when(ocsfFailed, first(path("api", "response", "error_message"), path("status_detail"), path("message"))),

	SourceIP: []Expr{path("src_endpoint", "ip")},
}

var ocsfUser = first(
	path("actor", "user", "uid"), path("actor", "user", "email_addr"), path("actor", "user", "name"),
)

// ocsfLogon holds for an Authentication that says no actor: the user who logs on is the one who acts.
var ocsfLogon = allOf{
	is(path("class_uid"), "3002"),
	not{present{ocsfUser}},
	present{path("user", "uid"), path("user", "email_addr"), path("user", "name")},
}

var ocsfFailed = anyOf{is(path("status_id"), "2"), is(path("status"), "Failure")}
