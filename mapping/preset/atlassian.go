// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "strings"

// The audit log of Jira, Confluence and Bitbucket Data Center, as their audit log file has it, with auditType, and as
// their REST API returns it, with type:
// https://confluence.atlassian.com/adminjiraserver/audit-log-integrations-in-jira-998879037.html
//
// An event is called by the key of its action, which is the same in each language; the action in words stands beside the
// request. None has an id. The authors -1 and -2 are the product itself and nobody known.
var atlassianDataCenter = Preset{
	Name: "atlassian",
	Link: "https://confluence.atlassian.com/adminjiraserver/audit-log-integrations-in-jira-998879037.html",
	Mark: "affectedObjects",
	Fits: allOf{
		isList(path("affectedObjects")),
		isObject(path("author")),
		isString(atlassianAction("action")),
		isString(atlassianAction("category")),
	},
	Version: path("version"),

	Type: first(
		words{of: path("author", "id"), as: map[string]string{"-1": "System", "-2": "Anonymous"}},
		path("author", "type"),
	),
	PrincipalID: first(path("author", "id"), path("author", "name")),
	Details: parts(
		member("name", path("author", "name")),
		member("type", path("author", "type")),
		member("uri", path("author", "uri")),
	),

	EventSource: constant("atlassian"),
	EventName:   first(atlassianAction("actionI18nKey"), atlassianAction("action")),
	EventTime: []Expr{
		join(".", path("timestamp", "epochSecond"), changed{of: path("timestamp", "nano"), says: "in nine digits", by: nineDigits}),
		path("timestamp", "epochSecond"),
		path("timestamp"),
	},

	Request: parts(
		member("action", atlassianAction("action")),
		member("category", atlassianAction("category")),
		member("area", atlassianAction("area")),
		member("object_id", again(path("affectedObjects", "0", "id"))),
		member("object_name", again(path("affectedObjects", "0", "name"))),
		member("object_type", again(path("affectedObjects", "0", "type"))),
		member("affectedObjects", path("affectedObjects")),
		member("changedValues", path("changedValues")),
		pairs{in: path("extraAttributes"), key: "name", value: "value"},
		member("method", path("method")),
		member("system", path("system")),
		member("node", path("node")),
	),
	ErrorCode: when(atlassianFailed, changed{of: atlassianAction("actionI18nKey"), says: "its last part", by: operation}),
	ErrorMessage: when(atlassianFailed, listed{
		in: path("extraAttributes"), key: "nameI18nKey",
		equal: "bitbucket.service.user.audit.attribute.authenticationfailure.error", member: "value",
	}),

	SourceIP: []Expr{path("source")},
}

func atlassianAction(key string) Expr { return first(path("auditType", key), path("type", key)) }

// atlassianFailed holds for actions that are failures by name, such as
// bitbucket.service.user.audit.action.authenticationfailure.
var atlassianFailed = text{
	value: atlassianAction("actionI18nKey"),
	says:  "ends in failed or failure",
	is:    func(s string) bool { return strings.HasSuffix(s, "failed") || strings.HasSuffix(s, "failure") },
}

// nineDigits writes a number of nanoseconds as the fraction of a second that it is.
func nineDigits(s string) string { return strings.Repeat("0", max(0, 9-len(s))) + s }

// atlassianCloud is the audit log of Jira and Confluence Cloud, and of older Jira servers, as their APIs return it:
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-audit-records/ and
// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-audit/
var atlassianCloud = Preset{
	Name: "atlassian",
	Link: "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-audit-records/",
	Mark: "summary",
	Fits: allOf{
		isString(path("summary")),
		isString(path("category")),
		anyOf{
			allOf{isString(path("created")), anyOf{isString(path("eventSource")), isObject(path("objectItem"))}},
			allOf{present{path("creationDate")}, isObject(path("author")), present{path("sysAdmin"), path("superAdmin")}},
		},
	},

	Type:        first(path("author", "type"), when(present{atlassianAuthor}, constant("User"))),
	PrincipalID: atlassianAuthor,
	Details: parts(
		member("id", first(path("authorKey"), path("author", "userKey"))),
		member("name", first(path("author", "displayName"), path("author", "publicName"))),
		member("username", path("author", "username")),
		member("accountType", path("author", "accountType")),
		member("sysAdmin", path("sysAdmin")),
		member("superAdmin", path("superAdmin")),
	),

	EventSource: constant("atlassian"),
	EventName:   path("summary"),
	EventTime:   []Expr{path("created"), path("creationDate")},
	UID:         path("id"),
	ID:          path("id"),

	Request: parts(
		member("category", path("category")),
		member("object_id", path("objectItem", "id")),
		member("object_name", first(path("objectItem", "name"), path("affectedObject", "name"))),
		member("object_type", first(path("objectItem", "typeName"), path("affectedObject", "objectType"))),
		member("changedValues", path("changedValues")),
		member("associatedItems", path("associatedItems")),
		member("associatedObjects", path("associatedObjects")),
		member("description", path("description")),
		member("eventSource", path("eventSource")),
	),

	SourceIP: []Expr{path("remoteAddress")},
}

var atlassianAuthor = first(
	path("authorAccountId"), path("author", "accountId"), path("authorKey"), path("author", "userKey"),
	path("author", "username"), path("author", "displayName"),
)

// atlassianOrganization is the audit log of an organization in Atlassian's cloud:
// https://developer.atlassian.com/cloud/admin/organization/rest/api-group-events/
var atlassianOrganization = Preset{
	Name: "atlassian",
	Link: "https://developer.atlassian.com/cloud/admin/organization/rest/api-group-events/",
	Mark: "attributes",
	Fits: allOf{
		isString(path("id")),
		isString(path("attributes", "action")),
		isString(path("attributes", "time")),
		isObject(path("attributes", "actor")),
	},

	Type:        first(path("attributes", "actor", "type"), constant("User")),
	PrincipalID: first(path("attributes", "actor", "id"), path("attributes", "actor", "email"), path("attributes", "actor", "name")),
	Details: parts(
		member("name", path("attributes", "actor", "name")),
		member("email", path("attributes", "actor", "email")),
		member("auth", path("attributes", "actor", "auth")),
		member("onBehalfOf", path("attributes", "actor", "onBehalfOf")),
	),

	EventSource: constant("atlassian"),
	EventName:   path("attributes", "action"),
	EventTime:   []Expr{path("attributes", "time")},
	UID:         path("id"),
	ID:          path("id"),

	Request: parts(
		member("context", path("attributes", "context")),
		member("container", path("attributes", "container")),
		member("message", first(path("message", "content"), path("message"))),
	),

	SourceIP: []Expr{path("attributes", "location", "ip")},
}
