// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// ottlContext is what OTTL expressions see of a record: what the mapping sees, without secrets and private attributes. It is
// made when the first expression is evaluated.
type ottlContext struct {
	doc      *record.Doc
	needs    *ottlNeeds
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	around   bool // resourceLogs and scopeLogs are those of the record
	rl       plog.ResourceLogs
	sl       plog.ScopeLogs
	cache    pcommon.Map
	at       logContext // nil = not opened for this event
	// seen is the log record without its secrets, the same for each item of a list, where seenOnce says that it was made.
	seen     plog.LogRecord
	seenOnce bool
}

func (c *ottlContext) within(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	c.resource, c.scope, c.around = resource, scope, false
}

// open returns the context of the event that is being made.
func (c *ottlContext) open() logContext {
	if c.at != nil {
		return c.at
	}
	if !c.around {
		c.openAround(c.doc)
	}
	lr, needs := c.doc.Log, c.needs
	switch {
	case c.doc.IsPlaced(): // for this item alone
		lr = seen(c.doc, needs)
	case c.seenOnce:
		lr = c.seen
	case c.doc.IsChanged() || hasPrivate(lr.Attributes()):
		lr = seen(c.doc, needs)
		c.seen, c.seenOnce = lr, true
	}
	if needs.allCache || len(needs.cache) > 0 {
		c.cache = pcommon.NewMap()
		fillCache(c.cache, c.doc, needs)
	}
	c.at = ottllog.NewTransformContext(c.rl, c.sl, lr, ottllog.WithCache(&c.cache))
	return c.at
}

// close ends the context of an event.
func (c *ottlContext) close() {
	if c.at != nil {
		c.at.Close()
		c.at = nil
	}
}

func (c *ottlContext) openAround(d *record.Doc) {
	c.around = true
	c.rl = plog.NewResourceLogs()
	d.PutObject(c.rl.Resource().Attributes(), d.Resource)
	c.rl.Resource().SetDroppedAttributesCount(c.resource.DroppedAttributesCount())
	c.sl = c.rl.ScopeLogs().AppendEmpty()
	scope := c.sl.Scope()
	if d.ScopeName != 0 {
		scope.SetName(strings.Clone(d.String(d.ScopeName)))
	}
	if d.ScopeVersion != 0 {
		scope.SetVersion(strings.Clone(d.String(d.ScopeVersion)))
	}
	d.PutObject(scope.Attributes(), d.Scope)
	scope.SetDroppedAttributesCount(c.scope.DroppedAttributesCount())
}

func hasPrivate(attributes pcommon.Map) bool {
	for key := range attributes.All() {
		if attr.IsPrivate(key) {
			return true
		}
	}
	return false
}

// seen returns a copy of the log record as the mapping sees it, as far as any expression reads it.
func seen(d *record.Doc, needs *ottlNeeds) plog.LogRecord {
	lr := plog.NewLogRecord()
	lr.SetTimestamp(d.Log.Timestamp())
	lr.SetObservedTimestamp(d.Log.ObservedTimestamp())
	lr.SetSeverityNumber(d.Log.SeverityNumber())
	lr.SetSeverityText(d.Log.SeverityText())
	lr.SetDroppedAttributesCount(d.Log.DroppedAttributesCount())
	lr.SetFlags(d.Log.Flags())
	lr.SetTraceID(d.Log.TraceID())
	lr.SetSpanID(d.Log.SpanID())
	if d.EventName != 0 {
		lr.SetEventName(strings.Clone(d.String(d.EventName)))
	}
	d.PutObject(lr.Attributes(), d.Attributes)
	if needs.body {
		d.PutValue(lr.Body(), d.LogBody())
	}
	return lr
}

// forget forgets what was made of the log record before.
func (c *ottlContext) forget() { c.seen, c.seenOnce = plog.LogRecord{}, false }

// fillCache fills log.cache from the located record, as far as any expression reads it.
func fillCache(cache pcommon.Map, d *record.Doc, needs *ottlNeeds) {
	if needs.allCache {
		d.PutObject(cache, d.Source)
		return
	}
	for _, key := range needs.cache {
		if r := d.Child(d.Source, d.Key(key)); r != 0 {
			d.PutValue(cache.PutEmpty(key), r)
		}
	}
}

// candidate is one of the sources of a target's value.
type candidate struct {
	when *condition // nil = always
	// One of these says what it gives.
	removes  bool
	constant pcommon.Value
	path     *recordPath
	ottl     valueExpression
}

// value is what a candidate gives.
type value struct {
	ref     tree.Ref // 0 = nothing
	removes bool
	// inRecord says that ref stands in the record, and is not left over where it is used.
	inRecord bool
	// isConstant reports whether the configuration has the value. It is one even if the same text in a record would be none, as "-".
	isConstant bool
}

func (c *candidate) value(ottl *ottlContext) (value, error) {
	if c.when != nil {
		if holds, err := c.when.holds(ottl); err != nil || !holds {
			return value{}, err
		}
	}
	switch {
	case c.removes:
		return value{removes: true}, nil
	case c.path != nil:
		r, err := c.path.find(ottl.doc)
		return value{ref: r, inRecord: true}, err
	case c.ottl != nil:
		v, err := evaluate(c.ottl, ottl)
		if err != nil {
			return value{}, err
		}
		r, err := addAny(ottl.doc.Tree, v)
		return value{ref: r}, err
	default:
		return value{ref: ottl.doc.AddValue(c.constant), isConstant: true}, nil
	}
}
