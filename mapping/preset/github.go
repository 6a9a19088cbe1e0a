// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "strings"

// GitHub's audit log, of organizations and enterprises, in GitHub Enterprise Cloud and Server: as the stream writes it,
// as the API returns it, and as it is exported:
// https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise
//
// The principal is the login, since that is what each form has; only the stream says the account's number as well. How
// the actor authenticated (programmatic_access_type) is no type of actor: a user who comes with a token remains a user.
var github = Preset{
	Name: "github",
	Link: "https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise",
	Mark: "action",
	Fits: allOf{
		text{value: path("action"), says: "has a dot", is: func(s string) bool { return strings.Contains(s, ".") }},
		anyOf{
			isString(path("_document_id")),
			allOf{
				isString(path("actor")), // may be empty, as in events of git
				present{path("@timestamp"), path("created_at")},
				present{
					path("org"), path("business"), path("repo"), path("user"), path("team"), path("actor_id"),
					path("actor_location"), path("operation_type"), path("data", "team"),
				},
			},
		},
	},

	Type: first(
		when(anyOf{is(path("actor_is_bot"), "true"), hasSuffix(path("actor"), "[bot]")}, constant("Bot")),
		when(present{githubActor}, constant("User")),
	),
	PrincipalID: githubActor,
	Details: parts(
		member("id", githubActorID),
		member("external_identity_nameid", path("external_identity_nameid")),
		member("external_identity_username", path("external_identity_username")),
		member("programmatic_access_type", path("programmatic_access_type")),
		member("token_id", path("token_id")),
		member("hashed_token", path("hashed_token")),
		member("token_scopes", path("token_scopes")),
		member("actor_location", path("actor_location", "country_code")),
		member("actor_is_bot", path("actor_is_bot")),
	),

	UserAgent:   path("user_agent"),
	EventSource: constant("github"),
	EventName:   path("action"),
	EventTime:   []Expr{path("@timestamp"), path("created_at")}, // of the event; of its recording
	UID:         path("_document_id"),
	ID:          path("_document_id"),

	Request:       parts(others{path("data")}), // where the API puts what the stream has at the top
	RestInRequest: true,
	Response: parts(
		member("status_code", path("status_code")),
		member("conclusion", path("conclusion")),
	),
	// Nothing says failure in each record: there are API requests with a status, workflow runs with a conclusion, and
	// actions that are failures by name.
	ErrorCode: first(
		when(atLeast{path("status_code"), 400}, again(path("status_code"))),
		when(is(path("conclusion"), "failure", "timed_out", "startup_failure"), again(path("conclusion"))),
		when(text{value: path("action"), says: "is a failure by name", is: namesFailure}, changed{of: path("action"), says: "its last part", by: operation}),
	),

	SourceIP: []Expr{path("actor_ip")},
}

// githubActor is the login, else the number, which is 0 where there is none.
var (
	githubActor   = first(path("actor"), githubActorID)
	githubActorID = when(not{is(path("actor_id"), "0")}, path("actor_id"))
)

// operation gives the last part of an action: of org.recovery_code_failed, recovery_code_failed.
func operation(action string) string { return action[strings.LastIndexByte(action, '.')+1:] }

// namesFailure says whether an action is named for what was not done: protected_branch.rejected_ref_update,
// org.recovery_code_failed, user.failed_login.
func namesFailure(action string) bool {
	op := operation(action)
	return strings.HasPrefix(op, "failed_") || strings.HasPrefix(op, "rejected_") || strings.HasSuffix(op, "_failed")
}
