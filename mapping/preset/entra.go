// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// Microsoft Entra's logs come in the envelope of Azure Monitor (see azure.go). Its properties are the objects of
// Microsoft Graph of the same names, so that a record is known by them: other logs share the categories (Intune has
// AuditLogs as well).

var (
	entraAudit        = entraAuditIn(azureJSON, Preset{Mark: "properties", Fits: entraAuditProperties(azureJSON)})
	entraAuditEncoded = entraAuditIn(azureEncoded, Preset{Encoding: "azure.resource", Fits: entraAuditProperties(azureEncoded)})

	entraSignin        = entraSigninIn(azureJSON, Preset{Mark: "category", Fits: entraSigninCategory(azureJSON)})
	entraSigninEncoded = entraSigninIn(azureEncoded, Preset{Encoding: "azure.resource", Fits: entraSigninCategory(azureEncoded)})
)

func entraAuditProperties(at azureForm) Cond {
	return allOf{
		isString(at("properties", "activityDateTime")),
		present{at("properties", "initiatedBy"), at("properties", "loggedByService")},
	}
}

func entraSigninCategory(at azureForm) Cond {
	return allOf{
		hasSuffix(at("category"), "SignInLogs"),
		present{at("properties", "appId"), at("properties", "userId"), at("properties", "servicePrincipalId"), at("properties", "ipAddress"), at("properties", "id")},
	}
}

// entraAuditIn maps Entra's audit log.
func entraAuditIn(at azureForm, p Preset) Preset {
	user := func(key string) Expr { return at("properties", "initiatedBy", "user", key) }
	app := func(key string) Expr { return at("properties", "initiatedBy", "app", key) }
	failed := is(lower(at("properties", "result")), "failure", "failed", "timeout")

	p.Name = "entra_audit"
	p.Link = "https://learn.microsoft.com/graph/api/resources/directoryaudit"

	p.Type = first(
		when(present{user("id"), user("userPrincipalName")}, constant("User")),
		when(present{app("servicePrincipalId"), app("appId"), app("displayName")}, constant("ServicePrincipal")),
	)
	p.PrincipalID = first(
		user("id"), user("userPrincipalName"),
		app("servicePrincipalId"), app("appId"), app("servicePrincipalName"), app("displayName"),
	)
	p.Details = parts(
		member("name", first(user("displayName"), app("displayName"))),
		member("email", user("userPrincipalName")),
		member("appId", app("appId")),
		member("servicePrincipalName", app("servicePrincipalName")),
		member("roles", user("roles")),
	)

	p.UserAgent = first(
		listed{in: at("properties", "additionalDetails"), key: "key", equal: "User-Agent", member: "value"},
		at("properties", "userAgent"),
	)
	p.EventSource = constant("entra")
	p.EventName = first(at("operationName"), at("properties", "activityDisplayName"))
	p.EventTime = []Expr{at("properties", "activityDateTime"), at("time")}
	p.UID = first(at("properties", "id"), at("properties", "correlationId"), at("correlationId"))
	p.ID = at("properties", "id")

	p.Request = parts(
		member("category", at("properties", "category")),
		member("operationType", at("properties", "operationType")),
		member("loggedByService", at("properties", "loggedByService")),
		member("targetResources", at("properties", "targetResources")),
		pairs{in: at("properties", "additionalDetails"), key: "key", value: "value"},
	)
	p.Response = parts(
		member("result", at("properties", "result")),
		member("resultReason", at("properties", "resultReason")),
	)
	p.ErrorCode = when(failed, at("properties", "result"))
	p.ErrorMessage = when(failed, first(at("properties", "resultReason"), at("resultDescription")))

	p.SourceIP = []Expr{user("ipAddress"), at("callerIpAddress"), azureTranslated("callerIpAddress")}
	return p
}

// entraSigninIn maps Entra's sign-in logs: of users, interactive or not, of service principals, of managed identities, and
// of AD FS.
//
// The principal is the id of the user or service principal, names stand in details: names change and are reused. A user
// who is not known has an id of zeros.
func entraSigninIn(at azureForm, p Preset) Preset {
	property := func(steps ...string) Expr { return at(append([]string{"properties"}, steps...)...) }
	userID := when(not{is(property("userId"), "00000000-0000-0000-0000-000000000000")}, property("userId"))
	code := first(property("status", "errorCode"), at("resultType"))
	failed := allOf{present{code}, not{is(code, "0", "Success", "SUCCESS", "success")}}

	p.Name = "entra_signin"
	p.Link = "https://learn.microsoft.com/graph/api/resources/signin"

	p.Type = first(
		words{of: at("category"), as: map[string]string{
			"ServicePrincipalSignInLogs": "ServicePrincipal",
			"ManagedIdentitySignInLogs":  "ManagedIdentity",
		}},
		constant("User"),
	)
	p.PrincipalID = first(
		userID, property("servicePrincipalId"), property("userPrincipalName"), property("servicePrincipalName"), property("appId"),
	)
	p.Details = parts(
		member("name", first(property("userDisplayName"), property("servicePrincipalName"))),
		member("email", property("userPrincipalName")),
		member("servicePrincipalId", property("servicePrincipalId")),
		member("userType", property("userType")),
		member("homeTenantId", property("homeTenantId")),
		member("sessionId", property("sessionId")),
	)

	p.UserAgent = property("userAgent")
	p.EventSource = constant("entra")
	p.EventName = first(at("operationName"), constant("Sign-in activity"))
	p.EventTime = []Expr{at("time"), property("createdDateTime")}
	p.UID = first(property("id"), property("correlationId"), at("correlationId"))
	p.ID = property("id")

	p.Request = parts(
		member("category", at("category")),
		member("appId", property("appId")),
		member("appDisplayName", property("appDisplayName")),
		member("resourceId", property("resourceId")),
		member("resourceDisplayName", property("resourceDisplayName")),
		member("clientAppUsed", property("clientAppUsed")),
		member("authenticationProtocol", property("authenticationProtocol")),
		member("authenticationRequirement", property("authenticationRequirement")),
		member("isInteractive", property("isInteractive")),
		member("location", property("location")),
		member("deviceDetail", property("deviceDetail")),
	)
	p.Response = parts(
		member("conditionalAccessStatus", property("conditionalAccessStatus")),
		member("appliedConditionalAccessPolicies", property("appliedConditionalAccessPolicies")),
		member("authenticationDetails", property("authenticationDetails")),
		member("riskState", property("riskState")),
		member("riskLevelDuringSignIn", property("riskLevelDuringSignIn")),
		member("riskLevelAggregated", property("riskLevelAggregated")),
		member("riskDetail", property("riskDetail")),
	)
	p.ErrorCode = when(failed, code)
	p.ErrorMessage = when(failed, first(property("status", "failureReason"), at("resultDescription"), property("status", "additionalDetails")))

	p.SourceIP = []Expr{property("ipAddress"), at("callerIpAddress"), azureTranslated("callerIpAddress")}
	return p
}
