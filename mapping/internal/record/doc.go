// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package record finds the source's record within an OpenTelemetry log record, and names its parts for the mapping.
package record // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Doc is one log record, located. It is made once and opened for record after record; it is not safe for concurrent
// use.
type Doc struct {
	*tree.Tree

	// Source is the source's own record: the body where that is a map, or text that is a JSON object; else the
	// attributes.
	Source tree.Ref
	// Attributes are the log record's attributes: Source itself, where there is no other.
	Attributes tree.Ref
	// Body is the log record's body where it is not the source record, else none.
	Body tree.Ref
	// Resource and Scope are the attributes of either.
	Resource, Scope tree.Ref
	// ScopeName and ScopeVersion are those of the instrumentation scope, EventName is the log record's; none where
	// they are empty.
	ScopeName, ScopeVersion, EventName tree.Ref

	// Log is the log record itself, for its times, its severity and its ids.
	Log plog.LogRecord

	rawBody   tree.Ref // the body as it came, for the digest
	prefix    []byte   // resource and scope, encoded for the digest
	canonical []byte
	start     tree.Mark // after resource and scope
	names     index
}

// New returns a Doc with nothing in it.
func New() *Doc { return &Doc{Tree: tree.New()} }

// Within opens a resource and a scope, whose records Open then takes.
func (d *Doc) Within(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	d.Reset()
	d.Resource = d.AddMap(resource.Attributes(), nil)
	d.Scope = d.AddMap(scope.Attributes(), nil)
	d.ScopeName = d.addText(scope.Name())
	d.ScopeVersion = d.addText(scope.Version())

	d.prefix = append(d.prefix[:0], digestVersion)
	d.prefix = d.AppendCanonical(d.prefix, d.Resource)
	d.prefix = tree.AppendCanonicalText(d.prefix, scope.Name())
	d.prefix = tree.AppendCanonicalText(d.prefix, scope.Version())
	d.prefix = d.AppendCanonical(d.prefix, d.Scope)
	d.start = d.Mark()
}

// Open locates the source's record in lr, which must not change as long as the Doc is used.
func (d *Doc) Open(lr plog.LogRecord) {
	d.Truncate(d.start)
	d.Unuse(d.Resource)
	d.Unuse(d.Scope)
	d.names.forget()
	d.Log = lr
	d.EventName = d.addText(lr.EventName())
	d.Attributes = d.AddMap(lr.Attributes(), IsPrivate)
	d.rawBody = d.AddValue(lr.Body())
	d.Source, d.Body = d.locate()
	if d.Source != d.Attributes {
		d.useRepeated()
	}
}

// locate says where the source's record is, and what of the body is beside it.
func (d *Doc) locate() (source, body tree.Ref) {
	raw := d.At(d.rawBody)
	switch {
	case raw.Kind == tree.Object && raw.Len > 0:
		return d.rawBody, 0
	case raw.Kind == tree.String:
		if parsed, ok := d.AddJSON(raw.Str); ok && d.At(parsed).Len > 0 {
			return parsed, 0
		}
	}
	if d.Empty(d.rawBody) && d.At(d.rawBody).Kind != tree.String {
		return d.Attributes, 0
	}
	return d.Attributes, d.rawBody
}

// useRepeated marks the attributes that say again what the source's record says, as a receiver leaves them that parsed
// the body into attributes and kept its text.
func (d *Doc) useRepeated() {
	attributes := d.At(d.Attributes)
	for a := attributes.First; a < attributes.First+tree.Ref(attributes.Len); a++ {
		if s := d.Child(d.Source, d.At(a).Key); s != 0 && d.Equal(a, s) {
			d.At(a).Used = true
		}
	}
}

func (d *Doc) addText(s string) tree.Ref {
	if s == "" {
		return 0
	}
	return d.AddString(s)
}
