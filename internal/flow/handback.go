// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
)

// handBack is an event whose record is to be pushed again.
type handBack struct {
	at      place
	history attr.History
	// untouched reports whether the record was not mapped. It goes back as it came.
	untouched bool
}

// result returns nil where all events of the push are settled, else an error with copies of the records whose events are
// not.
func (p *push) result() error {
	if len(p.handBack) == 0 {
		return nil
	}
	copies := p.copies()
	if p.opts.Retries {
		p.ledger.wait(copies)
	}
	err := fmt.Errorf("%d of %d records are to be sent again: %s", copies.LogRecordCount(), p.logs.LogRecordCount(), p.reasons)
	if p.stopped != nil {
		err = fmt.Errorf("%w: %w", err, p.stopped)
		if p.stopped.RetryAfter > 0 {
			err = exporterhelper.NewThrottleRetry(err, p.stopped.RetryAfter)
		}
	}
	return consumererror.NewLogs(err, copies)
}

// copies returns the records to be pushed again, in their order, each with its history. A record that holds a list comes
// once, with the items of it that are not settled.
func (p *push) copies() plog.Logs {
	// Records that went back unmapped were noted before the events that waited for the rest of their request. In another order
	// records that are alike would get each other's ids.
	slices.SortStableFunc(p.handBack, func(a, b handBack) int { return a.at.compare(b.at) })
	out := newCopies(p.logs)
	for _, back := range p.handBack {
		if sameRecord(back.at, out.last) {
			attr.AddItem(out.record, back.at.item, back.history)
			continue
		}
		lr := out.add(back.at)
		if !back.untouched {
			attr.WriteHistory(lr, back.at.item, back.history)
		}
	}
	return out.logs
}

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.resource, b.resource), cmp.Compare(a.scope, b.scope), cmp.Compare(a.record, b.record), cmp.Compare(a.item, b.item))
}

func sameRecord(a, b place) bool {
	return a.resource == b.resource && a.scope == b.scope && a.record == b.record
}

// reasons counts events by why they are not settled, for the text of an error.
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
