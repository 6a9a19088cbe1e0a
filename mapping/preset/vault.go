// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// vault maps the audit log of HashiCorp Vault and OpenBao.
// Vault writes a record when it takes a request and another when it answers; both share the request's id.
//
// The principal is the identity's entity, which stays the same whatever its auth method calls it:
// https://developer.hashicorp.com/vault/docs/concepts/identity. Its display name and metadata stand in details.
var vault = Preset{
	Name: "vault",
	Link: "https://developer.hashicorp.com/vault/docs/audit/schema",
	Mark: "request",
	Fits: allOf{
		is(path("type"), "request", "response"),
		isString(path("request", "path")),
		anyOf{isString(path("request", "operation")), isString(path("request", "mount_point"))}, // HEAD and OPTIONS are no operations
	},

	Type: first(
		path("auth", "token_type"),
		when(present{path("auth", "entity_id"), path("auth", "display_name")}, constant("token")),
		constant("unauthenticated"),
	),
	PrincipalID: first(
		path("auth", "entity_id"),
		path("auth", "display_name"),
	),
	Details: parts(
		member("id", path("auth", "entity_id")),
		member("name", path("auth", "display_name")),
		member("email", path("auth", "metadata", "email")),
		others{path("auth")},
	),

	UserAgent:   first(path("request", "headers", "user-agent", "0"), path("request", "headers", "user-agent")),
	EventSource: constant("vault"),
	// The type of the mount was added in Vault 1.1.
	EventName: first(
		join(" ", path("request", "operation"), path("request", "mount_type")),
		again(path("request", "operation")),
	),
	EventTime: []Expr{path("time")},
	UID:       path("request", "id"),
	ID:        join("-", path("request", "id"), path("type")),
	Request: parts(
		member("path", path("request", "path")),
		member("operation", path("request", "operation")),
		member("namespace", first(path("request", "namespace", "path"), path("request", "namespace", "id"))),
		member("mount_type", path("request", "mount_type")),
		member("mount_point", path("request", "mount_point")),
		member("mount_class", path("request", "mount_class")),
		member("mount_accessor", path("request", "mount_accessor")),
		member("client_id", path("request", "client_id")),
		member("data", path("request", "data")),
	),
	Response: parts(
		spread{path("response")},
	),
	ErrorCode: first(
		when(anyOf{matches(path("error"), "permission denied"), is(path("auth", "policy_results", "allowed"), "false")}, constant("permission denied")),
		when(anyOf{present{path("error")}, vaultFailed}, constant("error")),
	),
	ErrorMessage: path("error"),
	SourceIP: []Expr{
		path("request", "remote_address"),
		path("request", "headers", "x-forwarded-for", "0"),
	},
}

// vaultFailed holds for a response that is an error though the record has none of its own: a login with a wrong password is
// one. So Vault itself decides on the status of its answer:
// https://pkg.go.dev/github.com/hashicorp/vault/sdk/logical#Response.IsError. What is answered without a mount, as
// sys/generate-root is, has a list.
var vaultFailed = anyOf{
	allOf{present{path("response", "data", "error")}, only(path("response", "data"), "error", "data")},
	allOf{present{path("response", "data", "errors")}, only(path("response", "data"), "errors"), present{path("response", "headers")}},
}
