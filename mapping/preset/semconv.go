// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// Semconv maps every record that no other preset takes, by the names of OpenTelemetry's semantic conventions
// (https://opentelemetry.io/docs/specs/semconv/registry/attributes/) and of the Elastic Common Schema, which they have
// absorbed in part (https://www.elastic.co/docs/reference/ecs). Names under audit. come from a proposal for an audit
// signal (https://github.com/open-telemetry/opentelemetry-specification/pull/5059) and are experimental.
var Semconv = Preset{
	Name: "semconv",
	Link: "https://opentelemetry.io/docs/specs/semconv/registry/attributes/",

	Type: first(
		names("audit.actor.type", "aws.principal.type", "azure.identity.authorization.evidence.principal.type", "azure.identity.type"),
		when(present{principal, name("user.full_name"), value("user.roles")}, constant("User")),
	),
	PrincipalID: principal,
	Details: parts(
		member("id", names("audit.actor.id", "user.id", "enduser.id", "source.user.id", "client.user.id")),
		member("email", names("user.email", "source.user.email", "client.user.email")),
		member("name", names("user.name", "source.user.name", "client.user.name")),
		member("user.full_name", names("user.full_name", "source.user.full_name", "client.user.full_name")),
		member("user.domain", names("user.domain", "source.user.domain", "client.user.domain")),
		member("user.effective.name", name("user.effective.name")),
		member("user.effective.id", name("user.effective.id")),
		member("user.roles", value("user.roles")),
		member("session.id", name("session.id")),
		under("geo"),
	),

	UserAgent: name("user_agent.original"),
	EventSource: first(
		names("gcp.audit.service.name", "rpc.service"),
		join("/", name("service.namespace"), name("service.name")),
		names("service.name", "cloudevents.event_source", "event.module", "event.dataset", "event.provider"),
		where(cloudEvent, "source"),
		where(eventBridge, "source"),
		scopeName,
	),
	EventName: first(
		logEventName,
		// The Kubernetes objects receiver names an object here, not what was done.
		when(not{is(name("event.domain"), "k8s")}, name("event.name")),
		names("event.action", "audit.action", "gcp.audit.method.name", "azure.operation.name", "rpc.method", "db.operation.name"),
		join(" ", name("http.request.method"), names("http.route", "url.path")),
		name("event.code"),
		where(cloudEvent, "type"),
		where(eventBridge, "detail-type"),
	),
	TimestampFirst: true,
	EventTime: []Expr{
		name("@timestamp"),
		// https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
		outer("__REALTIME_TIMESTAMP"),
		around("timestamp"),
		around("time"),
		where(cloudEvent, "time"),
		// A number may be how long something took, and a time may be one that somebody chose, as of a meeting.
		when(matches(path("timestamp"), `^\d{4}-\d{2}-\d{2}[T ]`), path("timestamp")),
	},
	UID: first(
		names("log.record.uid", "audit.record.id", "event.id", "cloudevents.event_id", "aws.cloudtrail.event_id"),
		where(cloudEvent, "id"),
		where(eventBridge, "id"),
	),
	// CloudEvents are told apart by id and source together, so their id alone names no event.
	ID: names("log.record.uid", "audit.record.id", "event.id", "aws.cloudtrail.event_id"),

	Request: parts(
		spread{value("aws.request.parameters")},
		under("url"),
		under("http.request"),
		under("db"),
		under("audit.target"),
		under("user.target"),
		under("user.changes"),
		under("group"),
		under("orchestrator"),
	),
	Response: parts(
		spread{value("aws.response.elements")},
		under("http.response"),
		under("db.response"),
		member("rpc.status_code", name("rpc.status_code")),
		member("rpc.response.status_code", name("rpc.response.status_code")),
		member("rpc.grpc.status_code", name("rpc.grpc.status_code")),
		member("rpc.jsonrpc.error_code", name("rpc.jsonrpc.error_code")),
	),
	ErrorCode: first(
		names("error.type", "exception.type", "aws.error.code"),
		when(not{is(name("rpc.response.status_code"), "OK", "0")}, grpcCode{name("rpc.response.status_code")}),
		when(not{is(name("rpc.status_code"), "OK", "0")}, grpcCode{name("rpc.status_code")}),
		when(not{is(name("rpc.grpc.status_code"), "OK", "0")}, grpcCode{name("rpc.grpc.status_code")}),
		when(not{is(name("rpc.jsonrpc.error_code"), "0")}, name("rpc.jsonrpc.error_code")),
		when(atLeast{name("http.response.status_code"), 400}, name("http.response.status_code")),
		// A database's status code is set for success too, and what means success differs from one to the next.
		when(anyOf{present{errorMessage}, failed}, name("db.response.status_code")),
		when(not{is(name("error.code"), "0")}, name("error.code")),
		when(failed, outcome),
	),
	ErrorMessage: first(errorMessage, when(failed, names("event.reason", "message"))),

	SourceIP: []Expr{
		name("client.address"),
		name("source.address"),
		name("network.peer.address"),
		name("client.ip"),
		name("source.ip"),
		name("audit.source.id"),
	},
}

// Keys by which events are known that say of themselves, in a form of their own, what they are.
const (
	cloudEvent  = "specversion" // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
	eventBridge = "detail-type" // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
)

var principal = names("audit.actor.id", "user.id", "enduser.id", "user.email", "user.name", "aws.principal.id",
	"user.hash", "enduser.pseudo.id", "process.user.name",
	// ECS says of the user at either end of a connection what it may say of user as well.
	"source.user.id", "client.user.id", "source.user.email", "client.user.email", "source.user.name", "client.user.name")

// namesActor holds for a record that says itself who did something, in one of the ways that are usual.
var namesActor = present{
	path("user.id"), path("user.name"), path("user.email"), path("user", "id"), path("user", "name"), path("user", "email"),
	path("enduser.id"), path("enduser", "id"), path("audit.actor.id"), path("audit", "actor", "id"),
}

var errorMessage = names("exception.message", "aws.error.message", "error.message", "rpc.jsonrpc.error_message")

var (
	outcome = names("audit.outcome", "event.outcome")
	failed  = is(outcome, "failure")
)
