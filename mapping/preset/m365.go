// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// m365 maps the audit log of Microsoft 365 in the common schema of the Office 365 Management Activity API, which the
// unified audit log shares.
//
// CreationTime is in UTC by its documentation, and does not say so itself. A sign-in that failed has the operation
// UserLoginFailed and may have the ResultStatus Success, which is that of writing the record. What a rule against data
// loss blocked has no status; it failed, unless the user overrode the rule (ExceptionInfo). Of the addresses, ClientIPAddress
// (of Exchange) is the client's where ClientIP may be a proxy's. The workload stands in requestParameters.
var m365 = Preset{
	Name: "m365",
	Link: "https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema",
	Mark: "CreationTime",
	Fits: allOf{
		isString(path("CreationTime")),
		isString(path("Operation")),
		isString(path("Id")),
		present{path("Workload"), path("RecordType")},
	},

	Type: first(
		words{of: path("UserType"), as: map[string]string{
			"0": "Regular", "1": "Reserved", "2": "Admin", "3": "DcAdmin", "4": "System", "5": "Application",
			"6": "ServicePrincipal", "7": "CustomPolicy", "8": "SystemPolicy", "9": "PartnerTechnician", "10": "Guest",
		}},
		path("UserType"),
	),
	PrincipalID: first(path("UserId"), path("UserKey")),
	Details: parts(
		member("id", when(not{is(path("UserKey"), "Not Available")}, path("UserKey"))),
		member("Actor", path("Actor")),
		member("ActorUserId", path("ActorUserId")),
		member("ActorContextId", path("ActorContextId")),
		member("LogonType", path("LogonType")),
		member("LogonUserSid", path("LogonUserSid")),
		member("SessionId", first(path("SessionId"), path("AppAccessContext", "AADSessionId"))),
		member("AppAccessContext", path("AppAccessContext")),
	),

	UserAgent: first(
		path("UserAgent"),
		listed{in: path("ExtendedProperties"), key: "Name", equal: "UserAgent", member: "Value"},
		path("ActorInfoString"),
	),
	EventSource: constant("m365"),
	EventName:   path("Operation"),
	EventTime:   []Expr{utc(path("CreationTime"))},
	UID:         path("Id"),
	ID:          path("Id"),

	Request: parts(
		member("Workload", path("Workload")),
		member("ObjectId", path("ObjectId")),
		member("OrganizationId", path("OrganizationId")),
		pairs{in: path("Parameters"), key: "Name", value: "Value"},
		pairs{in: path("ExtendedProperties"), key: "Name", value: "Value"},
	),
	RestInRequest: true,
	ErrorCode: first(
		when(m365Failed, first(
			path("LogonError"),
			when(not{is(path("ErrorNumber"), "0")}, path("ErrorNumber")),
			when(m365FailedStatus, path("ResultStatus")),
			path("Operation"),
		)),
		when(m365Blocked, constant("BlockAccess")),
	),

	SourceIP: []Expr{path("ClientIPAddress"), path("ClientIP"), path("ActorIpAddress")},
}

var (
	m365Failed  = anyOf{m365FailedStatus, is(path("Operation"), "UserLoginFailed")}
	m365Blocked = allOf{
		is(lower(path("Operation")), "dlprulematch"),
		anywhere{path: every("PolicyDetails", "*", "Rules", "*", "Actions", "*"), word: "BlockAccess"},
		not{present{path("ExceptionInfo")}},
	}
	m365FailedStatus = is(lower(path("ResultStatus")), "failed", "failure", "false", "partiallysucceeded")
)
