// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"strings"
	"time"
)

// Salesforce's event log files, row by row under the names of their columns:
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_supportedeventtypes.htm
//
// All events of one transaction share REQUEST_ID, so it names the request and no event. USER_ID has 15 characters, which
// each file has; USER_ID_DERIVED is the same in 18. Addresses of Salesforce itself are written "Salesforce.com IP".
var salesforceLog = Preset{
	Name: "salesforce",
	Link: "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_supportedeventtypes.htm",
	Mark: "EVENT_TYPE",
	Fits: allOf{
		isString(path("EVENT_TYPE")),
		present{path("TIMESTAMP_DERIVED"), path("TIMESTAMP")},
		isString(path("ORGANIZATION_ID")),
		isString(path("REQUEST_ID")),
	},

	Type:        first(path("USER_TYPE"), when(present{path("USER_ID"), path("USER_ID_DERIVED")}, constant("User"))),
	PrincipalID: first(path("USER_ID"), path("USER_ID_DERIVED")),
	Details: parts(
		member("id", path("USER_ID_DERIVED")),
		member("name", path("USER_NAME")),
		member("DELEGATED_USER_ID", path("DELEGATED_USER_ID")),
		member("DELEGATED_USER_ID_DERIVED", path("DELEGATED_USER_ID_DERIVED")),
		member("DELEGATED_USER_NAME", path("DELEGATED_USER_NAME")),
		member("SESSION_KEY", path("SESSION_KEY")),
		member("LOGIN_KEY", path("LOGIN_KEY")),
	),

	// Some files have a number for each known agent there.
	UserAgent: first(
		when(text{value: path("USER_AGENT"), says: "has a letter", is: hasLetter}, path("USER_AGENT")),
		when(text{value: path("BROWSER_TYPE"), says: "has a letter", is: hasLetter}, path("BROWSER_TYPE")),
	),
	EventSource: constant("salesforce"),
	EventName:   path("EVENT_TYPE"),
	EventTime:   []Expr{path("TIMESTAMP_DERIVED"), changed{of: path("TIMESTAMP"), says: "read as yyyymmddhhmmss", by: salesforceTime}},
	UID:         path("REQUEST_ID"),

	RestInRequest: true,
	Response: parts(
		member("LOGIN_STATUS", path("LOGIN_STATUS")),
		member("REQUEST_STATUS", path("REQUEST_STATUS")),
		member("STATUS_CODE", path("STATUS_CODE")),
		member("SUCCESS", path("SUCCESS")),
	),
	ErrorCode: first(
		path("EXCEPTION_TYPE"),
		when(not{is(path("LOGIN_STATUS"), "LOGIN_NO_ERROR")}, again(path("LOGIN_STATUS"))),
		when(atLeast{path("STATUS_CODE"), 400}, again(path("STATUS_CODE"))),
		words{of: path("REQUEST_STATUS"), as: map[string]string{"A": "AuthorizationError", "F": "Failure", "N": "NotFound"}},
		when(is(path("SUCCESS"), "0", "false"), constant("Failure")),
	),
	ErrorMessage: when(present{path("EXCEPTION_TYPE")}, path("EXCEPTION_MESSAGE")),

	SourceIP: []Expr{path("CLIENT_IP"), path("SOURCE_IP")},
}

// salesforceObject is an object that holds an audit record, as the API returns it: SetupAuditTrail, LoginHistory
// (https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_setupaudittrail.htm)
// and what real-time event monitoring stores (LoginEvent, ApiEvent, …:
// https://developer.salesforce.com/docs/atlas.en-us.platform_events.meta/platform_events/platform_events_objects_monitoring.htm).
var salesforceObject = Preset{
	Name: "salesforce",
	Link: "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_setupaudittrail.htm",
	Mark: "attributes",
	Fits: allOf{
		hasPrefix(path("attributes", "url"), "/services/data/"),
		anyOf{is(path("attributes", "type"), "SetupAuditTrail", "LoginHistory"), isString(path("EventIdentifier"))},
	},

	Type:        first(path("UserType"), when(present{path("UserId"), path("CreatedById")}, constant("User"))),
	PrincipalID: first(path("UserId"), path("CreatedById")),
	Details: parts(
		member("name", first(path("Username"), path("CreatedBy", "Username"), path("CreatedBy", "Name"))),
		member("DelegateUser", path("DelegateUser")),
		member("CreatedByContext", path("CreatedByContext")),
		member("CreatedByIssuer", path("CreatedByIssuer")),
		member("SessionKey", path("SessionKey")),
		member("LoginKey", path("LoginKey")),
	),

	UserAgent:   path("UserAgent"),
	EventSource: constant("salesforce"),
	EventName:   first(when(is(path("attributes", "type"), "SetupAuditTrail"), path("Action")), path("attributes", "type")),
	EventTime:   []Expr{path("EventDate"), path("LoginTime"), path("CreatedDate")},
	UID:         first(path("EventIdentifier"), path("Id")),
	ID:          first(path("EventIdentifier"), path("Id")),

	RestInRequest: true,
	Response: parts(
		member("Status", path("Status")),
		member("PolicyOutcome", path("PolicyOutcome")),
	),
	ErrorCode: first(
		when(is(path("PolicyOutcome"), "Block", "Denied", "Error", "FailedInvalidPassword", "FailedPasswordLockout"), again(path("PolicyOutcome"))),
		when(allOf{
			is(path("attributes", "type"), "LoginHistory", "LoginEvent"),
			not{is(path("Status"), "Success", "LOGIN_NO_ERROR")},
		}, again(path("Status"))),
	),

	SourceIP: []Expr{path("SourceIp")},
}

func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' })
}

// salesforceTime reads what TIMESTAMP has: 20130715233322.670, in GMT.
func salesforceTime(s string) string {
	at, err := time.Parse("20060102150405", s) // a fraction may follow
	if err != nil {
		return s
	}
	return at.Format(time.RFC3339Nano)
}
