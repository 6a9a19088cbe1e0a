// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// okta maps Okta's System Log, version 0 of its LogEvent, as the API returns it, as event hooks send it, and as log
// streams put it on EventBridge or into Splunk.
//
// An outcome CHALLENGE, SKIPPED, UNKNOWN or ALLOW is none of a failure. alternateId is the login of a user, mostly his
// email address; of other actors it is a name of another kind. Where Okta knows none of these, it writes "unknown".
var okta = Preset{
	Name: "okta",
	Link: "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/",
	Mark: "published",
	Fits: allOf{
		isString(path("eventType")),
		isString(path("uuid")),
		isString(path("published")),
		isObject(path("actor")),
	},
	Version: path("version"),

	Type:        path("actor", "type"),
	PrincipalID: first(oktaActor("id"), oktaActor("alternateId"), oktaActor("displayName")),
	Details: parts(
		member("name", oktaActor("displayName")),
		member("email", when(matches(path("actor", "alternateId"), "@"), path("actor", "alternateId"))),
		member("alternateId", when(not{matches(path("actor", "alternateId"), "@")}, oktaActor("alternateId"))),
		member("externalSessionId", path("authenticationContext", "externalSessionId")),
		member("detailEntry", path("actor", "detailEntry")),
	),

	UserAgent:   path("client", "userAgent", "rawUserAgent"),
	EventSource: constant("okta"),
	EventName:   path("eventType"),
	EventTime:   []Expr{path("published")},
	UID:         path("uuid"),
	ID:          path("uuid"),

	Request: parts(
		member("target", path("target")),
		others{path("debugContext", "debugData")}, // requestUri, requestId, url, behaviors, risk, …
		member("transactionId", path("transaction", "id")),
		member("transactionType", path("transaction", "type")),
		member("requestApiTokenId", path("transaction", "detail", "requestApiTokenId")),
		member("request", path("request")),
	),
	Response:     parts(spread{path("outcome")}),
	ErrorCode:    when(oktaFailed, path("outcome", "result")),
	ErrorMessage: when(oktaFailed, path("outcome", "reason")),

	SourceIP: []Expr{path("client", "ipAddress"), path("request", "ipChain", "0", "ip")},
}

// oktaActor gives what a record says of its actor.
func oktaActor(key string) Expr {
	return when(not{is(path("actor", key), "unknown")}, path("actor", key))
}

var oktaFailed = is(path("outcome", "result"), "FAILURE", "DENY", "ABANDONED")
