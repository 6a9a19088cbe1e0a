// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import "go.opentelemetry.io/collector/pdata/plog"

// copies are copies of some of the records that were pushed, each under its resource and scope.
type copies struct {
	logs   plog.Logs
	record plog.LogRecord // the last one

	from     plog.Logs
	last     place
	resource plog.ResourceLogs
	scope    plog.ScopeLogs
}

func newCopies(from plog.Logs) *copies {
	return &copies{logs: plog.NewLogs(), from: from, last: place{resource: -1}}
}

// add copies the record at a place. Records of one scope should follow each other.
func (c *copies) add(at place) plog.LogRecord {
	fromResource := c.from.ResourceLogs().At(at.resource)
	fromScope := fromResource.ScopeLogs().At(at.scope)
	newResource := at.resource != c.last.resource
	if newResource {
		c.resource = c.logs.ResourceLogs().AppendEmpty()
		fromResource.Resource().CopyTo(c.resource.Resource())
		c.resource.SetSchemaUrl(fromResource.SchemaUrl())
	}
	if newResource || at.scope != c.last.scope {
		c.scope = c.resource.ScopeLogs().AppendEmpty()
		fromScope.Scope().CopyTo(c.scope.Scope())
		c.scope.SetSchemaUrl(fromScope.SchemaUrl())
	}
	c.last = at
	c.record = c.scope.LogRecords().AppendEmpty()
	recordAt(c.from, at).CopyTo(c.record)
	return c.record
}

func recordAt(logs plog.Logs, at place) plog.LogRecord {
	return logs.ResourceLogs().At(at.resource).ScopeLogs().At(at.scope).LogRecords().At(at.record)
}
