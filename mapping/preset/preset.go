// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package preset says, source by source, which field of an audit event comes from where. A preset is a table: somebody
// who knows the source and no Go can read it, and mend it.
package preset

// Preset is how the records of one source become audit events. A field without an expression, or whose expression gives
// nothing for a record, is left out, or, where the service requires it, repaired.
type Preset struct {
	// Name is what the preset is called in configuration and telemetry. Several may share one, for a source whose
	// records have several shapes.
	Name string
	// Link is the address of the source's own reference, from which the table was made.
	Link string
	// Mark is a key that each record of the source has, at the top or in an envelope of it, and few others have. It
	// spares most records the question whether the preset fits.
	Mark string
	// Encoding is, in place of Mark, the scope attribute encoding.format of records that one of the Collector's
	// encoding extensions has taken apart into attributes.
	Encoding string
	// Fits says whether a record is one of the source's. No two presets may fit the same record.
	Fits Cond

	// Version is the event's version: that of the preset's table, unless the source has one. nil = 1.0.
	Version Expr

	Type        Expr // userIdentity.type
	PrincipalID Expr // userIdentity.principalId
	Details     Parts

	UserAgent    Expr
	EventSource  Expr
	EventName    Expr
	EventTime    []Expr // in any form that the mapping reads: the first that is a possible time is taken, else the log record's own
	UID          Expr   // the source's id of the request
	ID           Expr   // the source's id of the event
	Request      Parts
	Response     Parts
	ErrorCode    Expr
	ErrorMessage Expr
	SourceIP     []Expr // addresses: the first that is one is taken

	// TimestampFirst says that the log record's Timestamp, where it has one, is asked before EventTime.
	TimestampFirst bool
	// RestInRequest says that what no field takes of the record is what was asked for, and belongs in requestParameters;
	// else it goes to additionalEventData.
	RestInRequest bool
	// Secrets are values that stand for a secret whatever their key is called.
	Secrets []Expr
	// Omitted is what is left out of the event on purpose.
	Omitted []Omission
}

// Omission is something that is left out of the event on purpose.
type Omission struct {
	What   Expr
	Reason string
}
