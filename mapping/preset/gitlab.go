// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "strings"

// GitLab's audit events, as streamed (https://docs.gitlab.com/user/compliance/audit_event_schema/), as the API returns
// them (https://docs.gitlab.com/api/audit_events/), and as audit_json.log has them
// (https://docs.gitlab.com/administration/logs/#audit_jsonlog), where the members of details stand at the top and those
// of meta have dotted keys.
//
// Only newer events have a name (event_type, or event_name in details); what older ones did is told by the key that
// details has. Numbers below zero are authors that are no users, as
// https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/audit/null_author.rb has them.
var gitlab = Preset{
	Name: "gitlab",
	Link: "https://docs.gitlab.com/user/compliance/audit_event_schema/",
	Mark: "author_id",
	Fits: allOf{present{path("author_id")}, isString(path("entity_type")), present{path("entity_id")}},

	Type: first(
		changed{of: gitlabDetail("author_class"), says: "without Gitlab::Audit:: and Author", by: gitlabAuthor},
		words{of: path("author_id"), as: map[string]string{"-1": "Unauthenticated", "-2": "DeployToken", "-3": "DeployKey"}},
		constant("User"),
	),
	PrincipalID: path("author_id"),
	Details: parts(
		member("name", gitlabDetail("author_name")),
		member("email", gitlabDetail("author_email")),
		member("username", path("meta.user")),
	),

	UserAgent:   gitlabDetail("user_agent"),
	EventSource: constant("gitlab"),
	EventName: first(
		path("event_type"),
		gitlabDetail("event_name"),
		again(path("details", "custom_message", "action")),
		again(gitlabDetail("custom_message")),
		join(":", constant("change"), gitlabDetail("change")),
		join(":", constant("add"), gitlabDetail("add")),
		join(":", constant("remove"), gitlabDetail("remove")),
		join(":", constant("failed_login"), gitlabDetail("failed_login")),
		join(":", constant("sign_in"), gitlabDetail("with")),
		path("action"),
	),
	EventTime: []Expr{path("created_at"), path("time")},
	UID:       first(path("id"), path("correlation_id")),
	ID:        path("id"),

	Request: parts(
		member("entity_type", path("entity_type")),
		member("entity_id", path("entity_id")),
		member("entity_path", gitlabDetail("entity_path")),
		member("target_type", gitlabDetail("target_type")),
		member("target_id", gitlabDetail("target_id")),
		member("target_details", gitlabDetail("target_details")),
		member("change", gitlabDetail("change")),
		member("from", gitlabDetail("from")),
		member("to", gitlabDetail("to")),
		member("add", gitlabDetail("add")),
		member("as", gitlabDetail("as")),
		member("remove", gitlabDetail("remove")),
		member("with", gitlabDetail("with")),
		member("custom_message", gitlabDetail("custom_message")),
		others{path("details")},
	),
	ErrorCode: first(
		when(present{gitlabDetail("failed_login")}, constant("failed_login")),
		when(hasPrefix(first(path("event_type"), gitlabDetail("event_name")), "login_failed"), constant("failed_login")),
	),

	SourceIP: []Expr{gitlabDetail("ip_address"), path("meta.remote_ip")},
}

// gitlabDetail gives a member of details, which audit_json.log, and for some members the stream, has at the top.
func gitlabDetail(key string) Expr { return first(path("details", key), path(key)) }

// gitlabAuthor gives what kind of author a class is: of Gitlab::Audit::DeployTokenAuthor, DeployToken.
func gitlabAuthor(class string) string {
	kind, special := strings.CutPrefix(class, "Gitlab::Audit::")
	if !special {
		return class
	}
	return strings.TrimSuffix(kind, "Author")
}
