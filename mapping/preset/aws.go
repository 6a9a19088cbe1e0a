// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// awsCloudTrail maps AWS CloudTrail's own records, as they stand in a trail's files, in CloudWatch Logs or in EventBridge.
// Their fields keep their names. The account that the record was delivered to (recipientAccountId) and awsRegion go to
// additionalEventData: the event's own recipient is the account that owns the channel.
var awsCloudTrail = Preset{
	Name: "aws_cloudtrail",
	Link: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
	Mark: "eventName",
	Fits: allOf{
		isString(path("eventName")),
		anyOf{
			hasPrefix(path("eventType"), "Aws"),
			hasSuffix(path("eventSource"), ".amazonaws.com"),
			// Notifications and streams of AWS's services have such a region, too, and a source like aws:s3.
			allOf{isString(path("awsRegion")), not{hasPrefix(path("eventSource"), "aws:")}},
		},
	},

	Version: path("eventVersion"),
	Type:    path("userIdentity", "type"),
	PrincipalID: first(
		path("userIdentity", "principalId"),
		path("userIdentity", "arn"),
		path("userIdentity", "userName"),
		path("userIdentity", "invokedBy"),
	),
	Details: parts(
		member("id", path("userIdentity", "userId")),
		member("name", path("userIdentity", "userName")),
		others{path("userIdentity")},
	),

	UserAgent:   path("userAgent"),
	EventSource: path("eventSource"),
	EventName:   path("eventName"),
	EventTime:   []Expr{path("eventTime")},
	UID:         first(path("requestID"), path("eventID")), // what a service does by itself has no request
	ID:          path("eventID"),
	Request:     parts(spread{path("requestParameters")}),
	Response:    parts(spread{path("responseElements")}),
	// A sign-in that failed has no errorCode:
	// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
	ErrorCode:    first(path("errorCode"), when(signInFailed, constant("Failure"))),
	ErrorMessage: when(anyOf{present{path("errorCode")}, signInFailed}, path("errorMessage")),
	SourceIP:     []Expr{path("sourceIPAddress")}, // a service's name, where it called by itself
}

var signInFailed = is(path("responseElements", "ConsoleLogin"), "Failure")

// awsCloudTrailInsight maps the events of CloudTrail Insights, which nobody did: they say that something was called
// unusually often, or failed so. One opens and one closes an insight; both share its id.
var awsCloudTrailInsight = Preset{
	Name: "aws_cloudtrail",
	Link: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html",
	Mark: "insightDetails",
	Fits: allOf{is(path("eventType"), "AwsCloudTrailInsight"), isObject(path("insightDetails")), not{present{path("eventName")}}},

	Version:     path("eventVersion"),
	EventSource: path("insightDetails", "eventSource"),
	EventName:   path("insightDetails", "eventName"),
	EventTime:   []Expr{path("eventTime")},
	UID:         first(path("sharedEventID"), path("eventID")),
	ID:          path("eventID"),
	Request:     parts(others{path("insightDetails")}),
}

// awsCloudTrailEncoded maps the same as the Collector's awslogs encoding extension takes it apart, with its feature gate
// for the prefix aws.user_identity and without.
var awsCloudTrailEncoded = Preset{
	Name:     "aws_cloudtrail",
	Link:     "https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/encoding/awslogsencodingextension",
	Encoding: "aws.cloudtrail",
	Fits:     isString(attribute("aws.cloudtrail.event_id")), // not a digest file

	Version: attribute("aws.cloudtrail.event_version"),
	Type:    first(attribute("aws.user_identity.principal.type"), attribute("aws.principal.type")),
	PrincipalID: first(
		attribute("aws.user_identity.principal.id"),
		attribute("aws.principal.id"),
		attribute("aws.user_identity.principal.arn"),
		attribute("aws.principal.arn"),
		attribute("user.name"),
		attribute("aws.user_identity.invoked_by"),
	),
	Details: parts(
		member("id", attribute("user.id")),
		member("name", attribute("user.name")),
		member("arn", first(attribute("aws.user_identity.principal.arn"), attribute("aws.principal.arn"))),
		member("accountId", attribute("aws.user_identity.account_id")),
		member("accessKeyId", first(attribute("aws.user_identity.access_key.id"), attribute("aws.access_key.id"))),
		member("identityStoreArn", first(attribute("aws.user_identity.identity_store.arn"), attribute("aws.identity_store.arn"))),
		member("invokedBy", attribute("aws.user_identity.invoked_by")),
		under("aws.user_identity.session_context"),
	),

	UserAgent:   attribute("user_agent.original"),
	EventSource: attribute("rpc.service"),
	EventName:   attribute("rpc.method"),
	UID:         first(attribute("aws.request_id"), attribute("aws.cloudtrail.event_id")),
	ID:          attribute("aws.cloudtrail.event_id"),
	Request:     parts(spread{attribute("aws.request.parameters")}),
	Response:    parts(spread{attribute("aws.response.elements")}),
	ErrorCode:   first(attribute("aws.error.code"), when(encodedSignInFailed, constant("Failure"))),
	ErrorMessage: when(anyOf{present{attribute("aws.error.code")}, encodedSignInFailed},
		attribute("aws.error.message")),
	SourceIP: []Expr{attribute("source.address")},
}

var encodedSignInFailed = is(below{attribute("aws.response.elements"), tree.NewPath("ConsoleLogin")}, "Failure")
