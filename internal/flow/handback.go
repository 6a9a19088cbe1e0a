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

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// handBack is a record that is to be pushed again.
type handBack struct {
	at      place
	history history
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

// copies returns the records to be pushed again, in their order, each with its history.
func (p *push) copies(logs plog.Logs, now time.Time) plog.Logs {
	out := plog.NewLogs()
	last := place{resource: -1}
	var rl plog.ResourceLogs
	var sl plog.ScopeLogs
	for _, back := range p.handBack {
		fromResource := logs.ResourceLogs().At(back.at.resource)
		fromScope := fromResource.ScopeLogs().At(back.at.scope)
		newResource := back.at.resource != last.resource
		if newResource {
			rl = out.ResourceLogs().AppendEmpty()
			fromResource.Resource().CopyTo(rl.Resource())
			rl.SetSchemaUrl(fromResource.SchemaUrl())
		}
		if newResource || back.at.scope != last.scope {
			sl = rl.ScopeLogs().AppendEmpty()
			fromScope.Scope().CopyTo(sl.Scope())
			sl.SetSchemaUrl(fromScope.SchemaUrl())
		}
		last = back.at
		lr := sl.LogRecords().AppendEmpty()
		fromScope.LogRecords().At(back.at.record).CopyTo(lr)
		p.writeHistory(lr, back.history, now)
	}
	return out
}

func (p *push) writeHistory(lr plog.LogRecord, h history, now time.Time) {
	if !h.tried {
		return // as if it had not been pushed
	}
	lr.Attributes().PutInt(attributeAttempts, int64(h.attempts))
	if h.ordinal > 1 {
		lr.Attributes().PutInt(mapping.AttributeOrdinal, int64(h.ordinal))
	}
	if p.opts.GiveUpAfter > 0 {
		if h.first == 0 {
			h.first = now.UnixNano()
		}
		lr.Attributes().PutInt(attributeFirstAttempt, h.first)
	}
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
