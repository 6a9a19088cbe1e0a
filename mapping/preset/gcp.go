// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// gcpAudit maps Google Cloud's audit logs: a LogEntry
// (https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry) with an AuditLog in its protoPayload. The
// AuditLog is the record, the LogEntry its envelope, so that an AuditLog that comes alone in the body maps as well. GKE's
// Kubernetes audit log comes in this form, too.
//
// insertId is unique only together with log and time, so the event's id is a digest of the three: as in Cloud Logging,
// entries that share all of them are one.
var gcpAudit = Preset{
	Name: "gcp_audit",
	Link: "https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog",
	Mark: "methodName",
	Fits: allOf{
		isString(path("methodName")),
		anyOf{
			hasSuffix(path("@type"), "google.cloud.audit.AuditLog"),
			allOf{isString(path("serviceName")), anyOf{
				isObject(path("authenticationInfo")), isList(path("authorizationInfo")), isObject(path("requestMetadata")),
			}},
		},
	},

	Type: first(
		gcpPrincipalType(path("authenticationInfo", "principalEmail"), path("authenticationInfo", "principalSubject")),
		when(present{path("authenticationInfo", "thirdPartyPrincipal")}, constant("ThirdParty")),
		when(present{gcpDatabaseUser}, constant("User")),
	),
	PrincipalID: first(
		path("authenticationInfo", "principalEmail"),
		path("authenticationInfo", "principalSubject"),
		gcpDatabaseUser,
	),
	Details: parts(
		member("id", path("authenticationInfo", "principalSubject")),
		member("serviceAccountKeyName", path("authenticationInfo", "serviceAccountKeyName")),
		member("serviceAccountDelegationInfo", path("authenticationInfo", "serviceAccountDelegationInfo")),
		member("thirdPartyPrincipal", path("authenticationInfo", "thirdPartyPrincipal")),
		member("authoritySelector", path("authenticationInfo", "authoritySelector")),
		member("authorizationInfo", path("authorizationInfo")),
	),

	UserAgent:   path("requestMetadata", "callerSuppliedUserAgent"),
	EventSource: lower(path("serviceName")),
	EventName:   path("methodName"),
	EventTime:   []Expr{outer("timestamp"), outer("receiveTimestamp"), path("requestMetadata", "requestAttributes", "time")},
	UID:         first(outer("insertId"), attribute("log.record.uid")),
	ID:          digest(join("\n", outer("logName"), outer("timestamp"), outer("insertId"))),
	// Policy changes stand in metadata and serviceData.
	Request: parts(
		member("resourceName", path("resourceName")),
		member("project", outer("resource", "labels", "project_id")),
		member("permission", path("authorizationInfo", "0", "permission")),
		member("request", path("request")),
		member("metadata", path("metadata")),
		member("serviceData", path("serviceData")),
	),
	Response: parts(
		spread{path("response")},
	),
	ErrorCode: first(
		when(gcpFailed(path("status", "code")), grpcCode{path("status", "code")}),
		// The protocol buffer leaves out what is false; Google writes it out in some logs.
		when(present{listed{in: path("authorizationInfo"), key: "granted", equal: "false", member: "granted"}}, constant("PERMISSION_DENIED")),
	),
	ErrorMessage: when(gcpFailed(path("status", "code")), path("status", "message")),
	SourceIP:     []Expr{path("requestMetadata", "callerIp")}, // may be "private" or "gce-internal-ip"

	Secrets: []Expr{ // GKE
		when(gkeSecret, path("request", "data")),
		when(gkeSecret, path("request", "stringData")),
		when(gkeSecret, path("response", "data")),
		when(gkeSecret, path("response", "stringData")),
		when(gkeSecret, every("response", "items", "*", "data")),
		path("request", "metadata", "annotations", lastApplied),
		path("response", "metadata", "annotations", lastApplied),
		every("response", "items", "*", "metadata", "annotations", lastApplied),
	},
}

// gcpDatabaseUser is who ran a statement that pgAudit logged in Cloud SQL or AlloyDB:
// https://cloud.google.com/sql/docs/postgres/pg-audit
var gcpDatabaseUser = when(hasSuffix(path("request", "@type"), ".PgAuditEntry"), again(path("request", "user")))

// gcpAuditEncoded maps the same as the Collector's googlecloudlogentry encoding extension takes it apart.
var gcpAuditEncoded = Preset{
	Name:     "gcp_audit",
	Link:     "https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/encoding/googlecloudlogentryencodingextension",
	Encoding: "gcp.auditlog",
	Fits:     isString(attribute("gcp.audit.method.name")),

	Type:        gcpPrincipalType(attribute("user.email"), attribute("user.id")),
	PrincipalID: first(attribute("user.email"), attribute("user.id")),
	Details: parts(
		member("id", attribute("user.id")),
		member("serviceAccountKeyName", attribute("gcp.audit.authentication.service_account.key.name")),
		member("authoritySelector", attribute("gcp.audit.authentication.authority_selector")),
		member("authorizationInfo", attribute("gcp.audit.authorization")),
	),

	UserAgent:   attribute("user_agent.original"),
	EventSource: lower(attribute("gcp.audit.service.name")),
	EventName:   attribute("gcp.audit.method.name"),
	UID:         attribute("log.record.uid"),
	Request: parts(
		member("resourceName", attribute("gcp.audit.resource.name")),
		member("permission", below{attribute("gcp.audit.authorization"), tree.NewPath("0", "permission")}),
		under("url"),
		under("http.request"),
	),
	Response: parts(
		member("response.items", attribute("gcp.audit.response.items")),
		under("http.response"),
	),
	ErrorCode: first(
		when(gcpFailed(attribute("rpc.jsonrpc.error_code")), grpcCode{attribute("rpc.jsonrpc.error_code")}),
		when(present{listed{in: attribute("gcp.audit.authorization"), key: "granted", equal: "false", member: "granted"}}, constant("PERMISSION_DENIED")),
	),
	ErrorMessage: when(gcpFailed(attribute("rpc.jsonrpc.error_code")), attribute("rpc.jsonrpc.error_message")),
	SourceIP:     []Expr{attribute("client.address")},
}

// gcpFailed holds for each google.rpc.Code but OK.
func gcpFailed(code Expr) Cond { return allOf{present{code}, not{is(code, "0")}} }

var gkeSecret = matches(path("methodName"), `^io\.k8s\.core\.v1\.(secrets|configmaps)\.`)

// gcpPrincipalType tells the kind of a principal by its e-mail address, or by its identifier:
// https://cloud.google.com/iam/docs/principal-identifiers. In GKE the address may be a Kubernetes user.
func gcpPrincipalType(email, subject Expr) Expr {
	return first(
		when(hasSuffix(email, "gserviceaccount.com"), constant("ServiceAccount")),
		when(hasPrefix(email, "system:"), kubernetesUserType(email)),
		when(hasPrefix(subject, "serviceAccount:"), constant("ServiceAccount")),
		when(hasPrefix(subject, "principal:"), constant("Federated")),
		when(present{email, subject}, constant("User")),
	)
}
