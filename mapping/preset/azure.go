// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Azure Monitor hands out three sources in one envelope of time, resourceId, operationName, category, … and properties
// (https://learn.microsoft.com/azure/azure-monitor/platform/resource-logs-schema): the activity log and the logs of
// resources, Entra's audit log, and Entra's sign-in log. They arrive in three forms, for each of which the tables say what
// they say: as JSON, as the Collector's azure encoding extension takes it apart into attributes, and as its receiver for
// Event Hubs does into a body.

// azureForm says where the value at a path of an Azure Monitor record stands.
type azureForm func(steps ...string) Expr

// azureJSON is the record as Azure writes it. Some transports write the keys of the envelope in lower case.
func azureJSON(steps ...string) Expr {
	if key := strings.ToLower(steps[0]); key != steps[0] {
		return first(path(steps...), path(append([]string{key}, steps[1:]...)...))
	}
	return path(steps...)
}

// azureEncoded is the record as azureencodingextension takes it apart
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/encoding/azureencodingextension/internal/unmarshaler/logs).
// Where it does not know the category, each of the properties is an attribute.
func azureEncoded(steps ...string) Expr {
	dotted := strings.Join(steps, ".")
	if known, ok := azureAttributes[dotted]; ok {
		return value(known)
	}
	if steps[0] == "properties" && len(steps) > 2 {
		return below{of: attribute(steps[1]), path: tree.NewPath(steps[2:]...)}
	}
	dotted = strings.TrimPrefix(dotted, "properties.")
	return attribute(dotted)
}

// azureAttributes are the attributes, of log record or resource, that azureencodingextension makes.
var azureAttributes = map[string]string{
	"resourceId":        "cloud.resource_id",
	"tenantId":          "azure.tenant.id",
	"location":          "cloud.region",
	"operationName":     "azure.operation.name",
	"category":          "azure.category",
	"resultType":        "azure.result.type",
	"resultSignature":   "azure.result.signature",
	"resultDescription": "azure.result.description",
	"callerIpAddress":   "network.peer.address",
	"correlationId":     "azure.correlation_id",
	"statusCode":        "http.response.status_code",
	"statusText":        "http.response.status_text",
	"uri":               "url.original",

	"identity.authorization.scope":                        "azure.identity.authorization.scope",
	"identity.authorization.action":                       "azure.identity.authorization.action",
	"identity.authorization.evidence.role":                "azure.identity.authorization.evidence.role",
	"identity.authorization.evidence.roleAssignmentScope": "azure.identity.authorization.evidence.role.assignment.scope",
	"identity.authorization.evidence.roleAssignmentId":    "azure.identity.authorization.evidence.role.assignment.id",
	"identity.authorization.evidence.roleDefinitionId":    "azure.identity.authorization.evidence.role.definition.id",
	"identity.authorization.evidence.principalId":         "azure.identity.authorization.evidence.principal.id",
	"identity.authorization.evidence.principalType":       "azure.identity.authorization.evidence.principal.type",

	"identity.claims.idtyp":                  "azure.identity.type",
	"identity.claims.appid":                  "azure.identity.application.id",
	"identity.claims." + claimObjectID:       "azure.identity.identifier.object",
	"identity.claims." + claimEmailAddress:   "user.email",
	"identity.claims." + claimNameIdentifier: "user.id",
	"identity.requester":                     "azure.identity.requester",
	"identity.requester.objectId":            "azure.identity.requester.objectId",
	"identity.authorization":                 "azure.identity.authorization",
	"identity.type":                          "azure.identity.type",
	"identity.tokenHash":                     "azure.identity.tokenHash",
	"properties.userAgentHeader":             "user_agent.original",
	"properties.accountName":                 "azure.storage.namespace",
	"properties.objectKey":                   "azure.storage.object.key",
	"properties.entity":                      "azure.administrative.entity",
	"properties.statusMessage":               "azure.administrative.status_message.text",
}

// azureTranslated is the record as the receiver for Event Hubs takes it apart by its format azure: a body in which some of the
// envelope's keys have other names (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/translator/azurelogs).
// What the tables of Entra's logs need has its own name, but for the address.
func azureTranslated(steps ...string) Expr {
	switch name, renamed := azureTranslations[steps[0]]; {
	case steps[0] == "resourceId":
		return value("cloud.resource_id")
	case renamed:
		return path(append([]string{name}, steps[1:]...)...)
	}
	return path(steps...)
}

var azureTranslations = map[string]string{
	"operationName":     "operation.name",
	"resultType":        "result.type",
	"resultSignature":   "result.signature",
	"resultDescription": "result.description",
	"callerIpAddress":   "network.peer.address",
	"correlationId":     "correlation.id",
	"location":          "cloud.region",
}

// Claims of Entra's tokens that have an address for a name:
// https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
const (
	claimObjectID       = "http://schemas.microsoft.com/identity/claims/objectidentifier"
	claimEmailAddress   = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
	claimNameIdentifier = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"
	claimUPN            = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
	claimName           = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"
)

var (
	azureActivity      = azureActivityIn(azureJSON, Preset{Mark: "operationName", Fits: azureMonitor})
	azureActivityLower = azureActivityIn(azureJSON, Preset{Mark: "operationname", Fits: azureMonitor})

	azureActivityTranslated = azureActivityIn(azureTranslated, Preset{Mark: "operation.name", Fits: allOf{
		isString(azureTranslated("operationName")),
		isString(path("category")),
		text{value: azureTranslated("resourceId"), says: "is the id of an Azure resource", is: isAzureResource},
		not{entraAuditProperties(azureTranslated)},
		not{entraSigninCategory(azureTranslated)},
	}})

	azureActivityEncoded = azureActivityIn(azureEncoded, Preset{Encoding: "azure.activity"})
	azureAuditEncoded    = azureActivityIn(azureEncoded, Preset{Encoding: "azure.audit"})
	azureStorageEncoded  = azureActivityIn(azureEncoded, Preset{Encoding: "azure.storage"})
	azureResourceEncoded = azureActivityIn(azureEncoded, Preset{Encoding: "azure.resource", Fits: allOf{
		present{azureEncoded("operationName")}, not{entraAuditProperties(azureEncoded)}, not{entraSigninCategory(azureEncoded)},
	}})
)

// azureMonitor holds for records of Azure Monitor but those of Entra's audit and sign-in logs.
var azureMonitor = allOf{
	present{azureJSON("time"), path("eventTimestamp")},
	present{azureJSON("operationName")},
	anyOf{
		text{value: azureJSON("resourceId"), says: "is the id of an Azure resource", is: isAzureResource},
		allOf{hasPrefix(azureJSON("category"), "Storage"), isString(azureJSON("callerIpAddress")), isObject(path("properties"))},
	},
	not{entraAuditProperties(azureJSON)},
	not{entraSigninCategory(azureJSON)},
}

// azureActivityIn maps the activity log, as it is exported (time, identity) and as the API returns it (eventTimestamp,
// caller, claims; operationName, status and category as objects); and the logs of resources.
//
// correlationId is shared by all records of an operation, and thus UID; only the API names the record (eventDataId).
// The role assignment that let the caller in may be that of a group, so its principal is not taken for the caller.
// Requests to storage accounts that come with a shared access signature or an account key have no actor but that key.
func azureActivityIn(at azureForm, p Preset) Preset {
	claims := func(key string) Expr {
		return first(at("identity", "claims", key), at("identity", "claim", key), at("claims", key))
	}
	evidence := func(key string) Expr {
		return first(at("identity", "authorization", "evidence", key), at("authorization", "evidence", key))
	}
	failed := anyOf{
		is(lower(at("resultType")), "failed", "failure", "error"),
		is(lower(at("status", "value")), "failed", "failure"),
		atLeast{at("statusCode"), 400},
		atLeast{at("properties", "statusCode"), 400},
		atLeast{at("properties", "httpStatusCode"), 400},
	}
	user := first(
		claims(claimObjectID), claims("oid"), at("identity", "requester", "objectId"),
		claims(claimUPN), claims("upn"), claims(claimEmailAddress), at("identity", "requester", "upn"), at("caller"),
		claims(claimName), claims("name"),
	)

	p.Name = "azure_activity"
	p.Link = "https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema"

	p.Type = first(
		words{of: claims("idtyp"), as: map[string]string{"user": "User", "app": "ServicePrincipal"}},
		when(not{is(evidence("principalType"), "Group")}, evidence("principalType")),
		when(anyOf{
			present{claims(claimUPN), claims("upn"), at("identity", "requester", "upn")},
			matches(claims(claimEmailAddress), "@"), matches(at("caller"), "@"), matches(claims("name"), "@"),
		}, constant("User")),
		when(present{claims("appid"), at("identity", "requester", "appId")}, constant("ServicePrincipal")),
		at("identity", "type"),
		when(present{user}, constant("Service")), // such as Microsoft.Advisor
	)
	p.PrincipalID = first(
		user,
		claims("appid"), at("identity", "requester", "appId"), at("identity", "tokenHash"), at("identity", "type"),
		claims(claimNameIdentifier),
	)
	p.Details = parts(
		member("name", first(claims("name"), claims(claimName))),
		member("email", first(claims(claimEmailAddress), claims(claimUPN), claims("upn"), at("identity", "requester", "upn"), at("caller"))),
		member("appid", first(claims("appid"), at("identity", "requester", "appId"))),
		member("ipaddr", claims("ipaddr")),
		member("groups", claims("groups")),
		member("nameidentifier", claims(claimNameIdentifier)),
		others{at("identity", "claims")},
		others{at("identity", "claim")},
		others{at("claims")},
		others{at("identity", "requester")},
	)

	p.UserAgent = first(at("properties", "userAgentHeader"), at("properties", "clientInfo")) // of storage, of key vaults
	p.EventSource = first(
		lower(when(matches(operationName(at), `^[\w.]+/`), before("/", operationName(at)))),
		changed{of: at("resourceId"), says: "its resource provider", by: azureProvider},
		when(hasPrefix(at("category"), "Storage"), constant("microsoft.storage")),
		constant("azure"),
	)
	p.EventName = operationName(at)
	p.EventTime = []Expr{at("time"), at("eventTimestamp")}
	p.UID = first(at("correlationId"), at("eventDataId"))
	p.ID = at("eventDataId")

	p.Request = parts(
		member("resourceId", at("resourceId")),
		member("category", first(at("category", "value"), at("category"))),
		member("location", at("location")),
		member("action", first(at("identity", "authorization", "action"), at("authorization", "action"))),
		member("scope", first(at("identity", "authorization", "scope"), at("authorization", "scope"))),
		member("role", first(evidence("role"), at("authorization", "role"))),
		member("roleAssignmentScope", evidence("roleAssignmentScope")),
		member("roleAssignmentId", evidence("roleAssignmentId")),
		member("roleDefinitionId", evidence("roleDefinitionId")),
		member("uri", first(at("uri"), at("properties", "requestUri"), at("httpRequest", "uri"))),
		member("method", at("httpRequest", "method")),
		member("accountName", at("properties", "accountName")),
		member("objectKey", at("properties", "objectKey")),
		member("entity", at("properties", "entity")),
		member("id", at("properties", "id")), // of a key vault's object
		member("requestbody", first(at("properties", "requestbody"), at("properties", "requestBody"))),
		member("authorization", when(isList(at("identity", "authorization")), at("identity", "authorization"))), // of storage
	)
	p.Response = parts(
		member("statusCode", at("statusCode")),
		member("httpStatusCode", at("properties", "httpStatusCode")),
		member("resultType", at("resultType")),
		member("resultSignature", at("resultSignature")),
		member("responseBody", first(at("properties", "responseBody"), at("properties", "responsebody"))),
	)
	p.ErrorCode = when(failed, first(
		at("resultSignature"), at("statusText"), at("properties", "statusCode"), at("subStatus", "value"),
		at("statusCode"), at("properties", "httpStatusCode"), at("status", "value"), at("resultType"),
	))
	p.ErrorMessage = when(failed, first(at("resultDescription"), at("properties", "statusMessage")))

	p.SourceIP = []Expr{
		at("callerIpAddress"), at("httpRequest", "clientIpAddress"), claims("ipaddr"),
		attribute("client.address"), attribute("source.address"),
	}
	return p
}

// operationName gives the name of an operation, which the API puts into an object.
func operationName(at azureForm) Expr {
	return first(at("operationName", "value"), at("operationName"))
}

func isAzureResource(id string) bool {
	for _, prefix := range []string{"/subscriptions/", "/providers/", "/tenants/"} {
		if len(id) >= len(prefix) && strings.EqualFold(id[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// azureProvider gives the provider of a resource: of
// /subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/z, microsoft.storage.
func azureProvider(id string) string {
	_, rest, found := strings.Cut(strings.ToLower(id), "/providers/")
	if !found {
		return "microsoft.resources" // subscriptions and resource groups
	}
	provider, _, _ := strings.Cut(rest, "/")
	return provider
}
