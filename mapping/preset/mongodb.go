// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

// mongodb maps the audit log that mongod and mongos write, in its schema mongo. (Its other schema is OCSF.)
//
// The log has no id of a request. uuid names the client's connection, which is as near as it comes; the event's id is
// the record's digest.
var mongodb = Preset{
	Name: "mongodb",
	Link: "https://www.mongodb.com/docs/manual/reference/audit-message/mongo/",
	Mark: "atype",
	Fits: allOf{isString(path("atype")), isObject(path("ts")), isObject(path("param"))},

	Type: first(
		when(is(path("remote", "isSystemUser"), "true"), constant("System")),
		when(present{path("users", "0", "user"), mongodbAttempted}, constant("User")),
	),
	PrincipalID: first(
		join("@", path("users", "0", "user"), path("users", "0", "db")),
		path("users", "0", "user"),
		mongodbAttempted,
	),
	Details: parts(
		member("name", path("users", "0", "user")),
		member("users", path("users")),
		member("roles", path("roles")),
	),

	EventSource: constant("mongodb"),
	EventName:   path("atype"),
	EventTime:   []Expr{path("ts", "$date", "$numberLong"), path("ts", "$date")},
	UID:         first(path("uuid", "$binary", "base64"), path("uuid", "$binary")),
	Request:     parts(spread{path("param")}),
	Response:    parts(member("result", path("result"))),
	// https://www.mongodb.com/docs/manual/reference/audit-message/mongo/#audit-event-actions--details--and-results
	ErrorCode: when(allOf{present{path("result")}, not{is(path("result"), "0")}}, again(path("result"))),
	SourceIP:  []Expr{path("remote", "ip")},
}

// mongodbAttempted is the user that somebody authenticates as, who is none of the connection's users yet.
var mongodbAttempted = when(is(path("atype"), "authenticate"), join("@", path("param", "user"), path("param", "db")))

// mongodbAtlas maps the events of MongoDB Atlas, of its projects and its organizations.
var mongodbAtlas = Preset{
	Name: "mongodb",
	Link: "https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-events",
	Mark: "eventTypeName",
	Fits: allOf{isString(path("eventTypeName")), isString(path("created")), isString(path("id"))},

	Type: first(
		when(present{path("userId"), path("username")}, constant("User")),
		when(present{path("apiKeyId"), path("publicKey")}, constant("ApiKey")),
	),
	PrincipalID: first(path("userId"), path("username"), path("apiKeyId"), path("publicKey")),
	Details: parts(
		member("email", path("username")),
		member("publicKey", path("publicKey")),
		member("isGlobalAdmin", path("isGlobalAdmin")),
	),

	EventSource:   constant("mongodb_atlas"),
	EventName:     path("eventTypeName"),
	EventTime:     []Expr{path("created")},
	UID:           path("id"),
	ID:            path("id"),
	SourceIP:      []Expr{path("remoteAddress")},
	RestInRequest: true,
}
