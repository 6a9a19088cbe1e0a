// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

// Codes of single events that say something of the service or the account.
const (
	codeThrottling           = "Throttling"
	codeAccountNotSubscribed = "AccountNotSubscribed"
)

// maxAttempts is how often an event may be refused while the service takes others. It keeps a few events that the
// service never takes, and never says so, from holding all consumers of the queue.
const maxAttempts = 20

// decide ends what is not decided and gets no other attempt: the event had its last one, its time is up, or its record will not
// be pushed again and the outlet takes what is rejected.
func (p *push) decide(e *event) {
	if e.state == outcome.Pending && e.code == "" {
		e.code = p.stopped.Code // not even tried
	}
	if e.state == outcome.Retryable && e.code != codeAccountNotSubscribed && p.healthy.Load() {
		e.history.Attempts++
	}
	if e.history.Attempts >= maxAttempts {
		e.happens(outcome.Exhausted)
	}
	if p.outOfTime(e) {
		e.happens(outcome.GivenUp)
	}
	if !e.state.Final() && p.final() && p.opts.Outlet.takesRejected() {
		if p.opts.Retries {
			e.lastCode = e.code
			e.code, e.message = codeShutdown, "The collector was shut down, and the sending queue is kept in memory. Last error: "+e.code
		}
		e.happens(outcome.GivenUp)
	}
}

// settle counts the outcome of an event, after emit, and hands its record back where it is not settled.
func (p *push) settle(e *event) {
	untold := p.opts.Outlet.needsEmit(e)
	switch {
	case e.settled:
	case untold && (e.state == outcome.Rejected || p.ledger == nil):
		p.keep(e, codeNotEmitted) // it is decided, but not every pipeline was told: its record is pushed again
	case e.state == outcome.Ingested:
		if untold {
			p.logger.Error("Event ingested, but in shutdown the next pipeline did not take the record that says so.",
				zap.ByteString("id", e.id), zap.ByteString("uid", e.uid), zap.String("preset", e.preset))
		}
		p.ingest(e)
	case e.state == outcome.Rejected:
		p.reject(e)
	default:
		p.keep(e, e.code)
	}
}

// settleDecided settles the events that are decided before the push waits for the others: the counters do not wait.
func (p *push) settleDecided(ctx context.Context) {
	p.emit(ctx)
	for i := range p.events {
		if e := &p.events[i]; e.state.Final() && !p.opts.Outlet.needsEmit(e) {
			p.settle(e)
			e.settled = true
		}
	}
	p.count()
}

// outOfTime reports whether the event was tried for as long as the configuration allows.
func (p *push) outOfTime(e *event) bool {
	return p.opts.GiveUpAfter > 0 && e.history.First != 0 &&
		time.Since(time.Unix(0, e.history.First)) >= p.opts.GiveUpAfter
}

// keep hands the record back, and notes the reason. Without retries nobody here pushes it again, so its event is counted now.
func (p *push) keep(e *event, reason string) {
	p.reasons.add(reason)
	if p.opts.GiveUpAfter > 0 && e.history.First == 0 {
		e.history.First = time.Now().UnixNano()
	}
	if e.state == outcome.Pending && e.history.Suspected == 0 {
		e.history.Suspected = e.refusedWithOthers // the search did not come to an end
	}
	p.handBack = append(p.handBack, handBack{at: e.at, history: e.history})
	if !p.opts.Retries {
		if e.state == outcome.Ingested {
			p.ingest(e) // CloudTrail has it, although the outlet has not taken what tells of it
		} else {
			p.reject(e)
		}
		return
	}
	if e.state == outcome.Retryable || e.state == outcome.Suspected {
		p.meters.failed(e.code, true, 1)
	}
	p.ledger.hold(e.id, e.uid, e.preset, cmp.Or(e.lastCode, e.code), e.history.Tried)
}

// ingest settles an event that CloudTrail has.
func (p *push) ingest(e *event) {
	p.ingestBy[e.preset]++
	p.meters.age(e.ingestedAt, e.time)
	p.warnOfTime(e)
	p.done(e)
}

// reject settles an event that CloudTrail will not have.
func (p *push) reject(e *event) {
	p.meters.failed(e.code, false, 1)
	if e.lastCode != "" {
		p.letOut.add(e.lastCode, 1)
	}
	p.logger.Error("Event rejected.", zap.ByteString("id", e.id), zap.ByteString("uid", e.uid[:min(len(e.uid), maxLoggedUID)]),
		zap.String("preset", e.preset), zap.String("error_code", e.code))
	p.done(e)
}

// maxLoggedUID is the length that the service allows a UID; one that is refused may be longer.
const maxLoggedUID = 1024

// done counts the repairs of an event that is settled, and takes it out of the ledger.
func (p *push) done(e *event) {
	p.meters.repaired(&e.repaired)
	if e.history.Tried {
		p.ledger.settle(e.id)
	}
}
