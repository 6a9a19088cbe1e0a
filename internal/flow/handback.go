// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
)

// handBack is an event whose record is to be pushed again.
type handBack struct {
	at      place
	history history
	// untouched says that the record was not looked at: it goes back as it came.
	untouched bool
}

// result returns nil where all events of the push are settled, else an error with copies of the records whose events are
// not.
func (p *push) result(logs plog.Logs) error {
	if len(p.handBack) == 0 {
		return nil
	}
	err := fmt.Errorf("%d of %d records are to be sent again: %s", len(p.handBack), logs.LogRecordCount(), p.reasons)
	if p.stopped != nil {
		err = fmt.Errorf("%w: %w", err, p.stopped)
		if p.stopped.RetryAfter > 0 {
			err = exporterhelper.NewThrottleRetry(err, p.stopped.RetryAfter)
		}
	}
	return consumererror.NewLogs(err, p.copies(logs, time.Now()))
}

// copies returns the records to be pushed again, in their order, each with its history. A record that holds a list comes
// once, with the items of it that are not settled.
func (p *push) copies(logs plog.Logs, now time.Time) plog.Logs {
	out := plog.NewLogs()
	last := place{resource: -1}
	var rl plog.ResourceLogs
	var sl plog.ScopeLogs
	var lr plog.LogRecord
	for _, back := range p.handBack {
		at := back.at
		if sameRecord(at, last) {
			addItem(lr, at.item, back.history)
			continue
		}
		fromResource := logs.ResourceLogs().At(at.resource)
		fromScope := fromResource.ScopeLogs().At(at.scope)
		newResource := at.resource != last.resource
		if newResource {
			rl = out.ResourceLogs().AppendEmpty()
			fromResource.Resource().CopyTo(rl.Resource())
			rl.SetSchemaUrl(fromResource.SchemaUrl())
		}
		if newResource || at.scope != last.scope {
			sl = rl.ScopeLogs().AppendEmpty()
			fromScope.Scope().CopyTo(sl.Scope())
			sl.SetSchemaUrl(fromScope.SchemaUrl())
		}
		last = at
		lr = sl.LogRecords().AppendEmpty()
		fromScope.LogRecords().At(at.record).CopyTo(lr)
		if !back.untouched {
			p.writeHistory(lr, at.item, back.history, now)
		}
	}
	return out
}

func sameRecord(a, b place) bool {
	return a.resource == b.resource && a.scope == b.scope && a.record == b.record
}

// reasons counts why records are handed back, for the text of an error.
type reasons []reason

type reason struct {
	code string
	n    int
}

func (r *reasons) add(code string) {
	i := slices.IndexFunc(*r, func(x reason) bool { return x.code == code })
	if i < 0 {
		*r = append(*r, reason{code: code, n: 1})
		return
	}
	(*r)[i].n++
}

// String lists the codes with their counts.
func (r reasons) String() string {
	parts := make([]string, len(r))
	for i, x := range r {
		parts[i] = fmt.Sprintf("%s (%d)", x.code, x.n)
	}
	return strings.Join(parts, ", ")
}
