// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

// Outlet is where a connector lets out records of what became of events. Each event whose outcome is among those asked
// for is settled only when every pipeline has taken the record that tells of it.
type Outlet struct {
	// Pipelines take the records. Each is asked by itself: what one has taken is not offered to it again because another
	// has not.
	Pipelines []consumer.Logs
	// ChannelARN is an attribute of each record that leaves.
	ChannelARN string
	// Rejected lets out the records of events that CloudTrail, or the exporter's own check, refused for good.
	Rejected bool
	// Trimmed lets out the records of events that were ingested without all that they held.
	Trimmed bool
	// Ingested lets out a receipt for each event that CloudTrail listed as successful.
	Ingested bool
}

func (o *Outlet) takesRejected() bool { return o != nil && o.Rejected }

// needsEmit reports whether a pipeline has still to be told what became of the event.
func (o *Outlet) needsEmit(e *event) bool {
	if o == nil || e.emitted {
		return false
	}
	switch e.state {
	case outcome.Rejected:
		return o.Rejected
	case outcome.Ingested:
		return o.Ingested || o.Trimmed && e.repaired.Trimmed()
	default:
		return false
	}
}

// codeNotEmitted is the reason why a record is handed back although its event is decided: the outlet has not taken it.
const codeNotEmitted = "NotEmitted"

const (
	// firstOffer and longestOffer bound the wait before a pipeline is offered again what it did not take.
	firstOffer   = 100 * time.Millisecond
	longestOffer = 5 * time.Second
	// lastOffer is how long a pipeline has to take records once all waits have ended.
	lastOffer = time.Second
)

// emit lets out what is to leave of the events that are decided, and returns when all pipelines have taken it, or when
// the component is to end.
func (p *push) emit(ctx context.Context) {
	var telling []*event
	for _, events := range [][]event{p.refused, p.events} {
		for i := range events {
			if e := &events[i]; p.opts.Outlet.needsEmit(e) {
				telling = append(telling, e)
			}
		}
	}
	for len(telling) > 0 {
		logs, n := p.opts.Outlet.records(p.logs, telling)
		taken := p.offer(ctx, logs)
		for _, e := range telling[:n] {
			e.emitted = taken
		}
		telling = telling[n:]
	}
}

// offer offers the records to the pipelines until each has taken them, even after an error that is called permanent: what is
// given up here would be lost.
func (p *push) offer(ctx context.Context, logs plog.Logs) bool {
	open := append([]consumer.Logs(nil), p.opts.Outlet.Pipelines...)
	for wait := firstOffer; !p.shut.Load(); wait = min(2*wait, longestOffer) {
		last := p.pace.ended()
		var err error
		if open, err = p.offerOnce(ctx, logs, open); err == nil {
			p.status.outletGood()
			return true
		}
		// Quoted and not wrapped: what it says of retries is meant for others.
		p.status.outletBad(fmt.Errorf("the next pipeline does not take records: %.300q", err.Error()))
		if last {
			p.shut.Store(true)
			return false
		}
		if p.pace.pause(ctx, wait) != nil && ctx.Err() != nil {
			return false
		}
	}
	return false
}

// offerOnce offers the records to each of the pipelines, and returns those that did not take them, with the error of the
// first.
func (p *push) offerOnce(ctx context.Context, logs plog.Logs, to []consumer.Logs) (open []consumer.Logs, first error) {
	for _, next := range to {
		if err := p.offerTo(ctx, logs, next); err != nil {
			open = append(open, next)
			if first == nil {
				first = err
			}
		}
	}
	return open, first
}

// offerTo offers the records to one pipeline. The time that it has is its own.
func (p *push) offerTo(ctx context.Context, logs plog.Logs, next consumer.Logs) error {
	ctx, cancel := p.pace.bound(ctx, lastOffer)
	defer cancel()
	// A copy: the pipeline may change what it is given, also where it then refuses it.
	given := plog.NewLogs()
	logs.CopyTo(given)
	return next.ConsumeLogs(ctx, given)
}
