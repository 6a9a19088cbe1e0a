// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

// outcome is what an attempt made of an event.
type outcome uint8

const (
	undecided outcome = iota // its request failed as a whole
	ingested                 // CloudTrail has it
	again                    // it was refused for a reason that passes, or that somebody has to mend
	damaged                  // its checksum was wrong
	blamed                   // it was refused for a reason that is its own fault or the configuration's
	rejected                 // it was refused for good
	settled                  // it is counted already
)

// Codes of single events that say something of the service or the account.
const (
	codeThrottling           = "Throttling"
	codeAccountNotSubscribed = "AccountNotSubscribed"
)

// maxAttempts is how often an event may be refused while the service takes others. It keeps a few events that the
// service never takes, and never says so, from holding all consumers of the queue.
const maxAttempts = 20

func outcomeOf(code string) outcome {
	switch lake.VerdictOf(code) {
	case lake.Ingested:
		return ingested
	case lake.Again:
		return again
	case lake.AgainAtOnce:
		return damaged
	case lake.Blamed:
		return blamed
	default:
		return rejected
	}
}

// decide rejects an event that is not settled and gets no other attempt: it had its last one, its time is up, or its record
// will not be pushed again and the outlet takes what is rejected.
func (p *push) decide(e *event) {
	switch e.outcome {
	case again:
		if p.healthy.Load() && e.code != codeAccountNotSubscribed {
			e.history.attempts++
		}
		if e.history.attempts >= maxAttempts || p.outOfTime(e) {
			e.outcome = rejected
		}
	case undecided:
		if e.code == "" {
			e.code = p.stopped.Code // not even tried
		}
		if p.outOfTime(e) {
			e.outcome = rejected
		}
	}
	if (e.outcome == again || e.outcome == undecided) && p.final() && p.opts.Outlet.takesRejected() {
		if p.opts.Retries {
			e.code, e.message = codeShutdown, "The collector was shut down, and the sending queue is kept in memory. Last error: "+e.code
		}
		e.outcome = rejected
	}
}

// settle counts the outcome of an event, after emit, and hands its record back where it is not settled.
func (p *push) settle(e *event) {
	untold := p.opts.Outlet.wants(e)
	switch {
	case e.outcome == settled:
	case untold && (e.outcome == rejected || p.ledger == nil):
		p.keep(e, codeNotEmitted) // it is decided, but not everybody was told: its record is pushed again
	case e.outcome == ingested:
		if untold {
			p.logger.Error("Event ingested, but in shutdown the next pipeline did not take the record that says so.",
				zap.ByteString("id", e.id), zap.ByteString("uid", e.uid), zap.String("preset", e.preset))
		}
		p.ingest(e)
	case e.outcome == rejected:
		p.reject(e)
	default:
		p.keep(e, e.code)
	}
}

// settleDecided settles the events that are decided before the push waits for the others: the counters do not wait.
func (p *push) settleDecided(ctx context.Context) {
	p.emit(ctx)
	for i := range p.events {
		if e := &p.events[i]; (e.outcome == ingested || e.outcome == rejected) && !p.opts.Outlet.wants(e) {
			p.settle(e)
			e.outcome = settled
		}
	}
	p.count()
}

// outOfTime says whether the event was tried for as long as the configuration allows.
func (p *push) outOfTime(e *event) bool {
	return p.opts.GiveUpAfter > 0 && e.history.first != 0 &&
		time.Since(time.Unix(0, e.history.first)) >= p.opts.GiveUpAfter
}

// keep hands the record back, and notes the reason. Without retries nobody here pushes it again, so its event is counted now.
func (p *push) keep(e *event, reason string) {
	p.reasons.add(reason)
	p.handBack = append(p.handBack, handBack{at: e.at, history: e.history})
	if !p.opts.Retries {
		if e.outcome == ingested {
			p.ingest(e) // CloudTrail has it, although the outlet has not taken what tells of it
		} else {
			p.reject(e)
		}
		return
	}
	if e.outcome == again {
		p.meters.failed(e.code, true, 1)
	}
	p.ledger.hold(e.id, e.uid, e.preset, e.code, e.history.tried)
}

// ingest settles an event that CloudTrail has.
func (p *push) ingest(e *event) {
	p.ingestBy[e.preset]++
	p.meters.age(e.ingestedAt, e.time)
	p.done(e)
}

// reject settles an event that CloudTrail will not have.
func (p *push) reject(e *event) {
	p.meters.failed(e.code, false, 1)
	p.logger.Error("Event rejected.", zap.ByteString("id", e.id), zap.ByteString("uid", e.uid[:min(len(e.uid), maxLoggedUID)]),
		zap.String("preset", e.preset), zap.String("error_code", e.code))
	p.done(e)
}

// maxLoggedUID is the length that the service allows a UID; one that is refused may be longer.
const maxLoggedUID = 1024

// done counts the repairs of an event that is settled, and takes it out of the ledger.
func (p *push) done(e *event) {
	p.meters.repaired(&e.repaired)
	if e.history.tried {
		p.ledger.settle(e.id)
	}
}
