// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// googleWorkspace maps the activities of Google Workspace's Reports API. An activity holds one or more events: each is a
// record, and the activity its envelope. Some exports have one event in each record, its name, type and parameters beside
// actor and id; and parameters as one object in place of a list.
//
// An activity is unique by id as a whole (uniqueQualifier is only "if multiple events have the same time"), so that is
// the UID; its events are told apart by digest and place.
var googleWorkspace = Preset{
	Name: "google_workspace",
	Link: "https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list",
	Mark: "id",
	Fits: allOf{
		isString(outer("id", "applicationName")),
		anyOf{is(outer("kind"), "admin#reports#activity"), isObject(outer("actor")), isString(outer("id", "customerId"))},
	},

	Type: first(
		words{of: outer("actor", "callerType"), as: googleTypes},
		outer("actor", "callerType"),
		when(present{outer("actor", "email"), outer("actor", "profileId")}, constant("User")),
	),
	PrincipalID: first(outer("actor", "email"), outer("actor", "profileId"), outer("actor", "key")),
	Details: parts(
		member("id", outer("actor", "profileId")),
		member("key", outer("actor", "key")),
		member("applicationInfo", outer("actor", "applicationInfo")),
	),

	UserAgent:   first(googleParameter("user_agent"), googleParameter("USER_AGENT")),
	EventSource: constant("google_workspace"),
	EventName:   path("name"),
	EventTime:   []Expr{outer("id", "time")},
	UID:         join("/", outer("id", "customerId"), outer("id", "applicationName"), outer("id", "time"), outer("id", "uniqueQualifier")),

	Request: parts(
		member("applicationName", outer("id", "applicationName")),
		member("customerId", outer("id", "customerId")),
		member("type", path("type")),
		pairs{in: path("parameters"), key: "name", value: "value"},
		pairs{in: path("parameters"), key: "name", value: "intValue"},
		pairs{in: path("parameters"), key: "name", value: "boolValue"},
		pairs{in: path("parameters"), key: "name", value: "multiValue"},
		pairs{in: path("parameters"), key: "name", value: "multiIntValue"},
		pairs{in: path("parameters"), key: "name", value: "messageValue"},
		pairs{in: path("parameters"), key: "name", value: "multiMessageValue"},
		others{path("parameters")},
		member("resourceDetails", outer("resourceDetails")),
	),
	// Nothing says failure in each event: there are events of that name, and challenges with a status.
	ErrorCode: first(
		when(googleFailed, first(googleParameter("login_failure_type"), path("name"))),
		when(is(googleParameter("login_challenge_status"), "Challenge Failed."), googleParameter("login_challenge_status")),
	),

	SourceIP: []Expr{outer("ipAddress")},

	Omitted: []Omission{{
		What:   when(present{words{of: outer("actor", "callerType"), as: googleTypes}}, outer("actor", "callerType")),
		Reason: "userIdentity.type says it",
	}},
}

var googleTypes = map[string]string{"USER": "User", "KEY": "Key", "APPLICATION": "Application"}

var googleFailed = anyOf{hasSuffix(path("name"), "_failure"), hasSuffix(path("name"), "_failed"), is(path("name"), "ACCESS_DENY_EVENT")}

// googleParameter gives the value of an event's parameter.
func googleParameter(name string) Expr {
	return first(listed{in: path("parameters"), key: "name", equal: name, member: "value"}, path("parameters", name))
}
