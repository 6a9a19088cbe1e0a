// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
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

// settle counts the outcome of an event, and hands its record back where it is not settled.
func (p *push) settle(e *event, id []byte) {
	switch e.outcome {
	case settled:
	case ingested:
		p.ingestBy[e.preset]++
		p.meters.age(time.Now(), e.time)
		p.done(e, id)
	case rejected:
		p.reject(e, id)
	case again:
		if p.healthy.Load() && e.code != codeAccountNotSubscribed {
			e.history.attempts++
		}
		if e.history.attempts >= maxAttempts || p.outOfTime(e) {
			p.reject(e, id)
			return
		}
		p.keep(e, id)
	default:
		if e.code == "" {
			e.code = p.stopped.Code // not even tried
		}
		if p.outOfTime(e) {
			p.reject(e, id)
			return
		}
		p.keep(e, id)
	}
}

// outOfTime says whether the event was tried for as long as the configuration allows.
func (p *push) outOfTime(e *event) bool {
	return p.opts.GiveUpAfter > 0 && e.history.first != 0 &&
		time.Since(time.Unix(0, e.history.first)) >= p.opts.GiveUpAfter
}

// keep hands the record back. Where nobody here pushes it again, that is the last that is known of it.
func (p *push) keep(e *event, id []byte) {
	p.reasons.add(e.code)
	p.handBack = append(p.handBack, handBack{at: e.at, history: e.history})
	if !p.opts.Retries {
		p.reject(e, id)
		return
	}
	if e.outcome == again {
		p.meters.failed(e.code, true, 1)
	}
	p.ledger.hold(id, e.uid, e.preset, e.code, e.history.tried)
	p.handBack[len(p.handBack)-1].history.tried = true
}

// reject settles an event that CloudTrail will not have.
func (p *push) reject(e *event, id []byte) {
	p.meters.failed(e.code, false, 1)
	p.logger.Error("Event rejected.", zap.ByteString("id", id), zap.ByteString("uid", e.uid[:min(len(e.uid), maxLoggedUID)]),
		zap.String("preset", e.preset), zap.String("error_code", e.code))
	p.done(e, id)
}

// maxLoggedUID is the length that the service allows a UID; one that is refused may be longer.
const maxLoggedUID = 1024

// done counts what is counted of an event once, when it is settled.
func (p *push) done(e *event, id []byte) {
	p.meters.repaired(&e.repaired)
	if e.history.tried {
		p.ledger.settle(id)
	}
}
