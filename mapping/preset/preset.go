// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package preset says, source by source, which field of an audit event comes from where. A preset is a table: somebody
// who knows the source and no Go can read it, and mend it.
package preset // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"

// Preset is how the records of one source become audit events. A field without an expression, or whose expression gives
// nothing for a record, is left out, or, where the service requires it, repaired.
type Preset struct {
	// Name is what the preset is called in configuration and telemetry.
	Name string
	// Version is the event's version: that of the preset's table, unless the source has one.
	Version Expr

	Type        Expr // userIdentity.type
	PrincipalID Expr // userIdentity.principalId
	Details     []Part

	UserAgent    Expr
	EventSource  Expr
	EventName    Expr
	EventTime    Expr // in any form that the mapping reads; the log record's own times are tried where it gives none
	UID          Expr // the source's id of the request
	ID           Expr // the source's id of the event
	Request      []Part
	Response     []Part
	ErrorCode    Expr
	ErrorMessage Expr
	SourceIP     []Expr // addresses: the first that is one is taken
}
