// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"context"
	"fmt"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

// send sends the events [from,to) of the request, in as many requests as it takes to find out which of them is to blame,
// where the service refuses them together.
func (p *push) send(ctx context.Context, from, to int) {
	body := &p.body
	if to-from < len(p.events) {
		p.part.Reset()
		p.body.Slice(&p.part, from, to)
		body = &p.part
	}
	if err := p.put(ctx, body); err != nil {
		p.failed(ctx, err, from, to)
		return
	}
	p.read(from, to)
	p.sendAtOnce(ctx, from, to)
}

// put sends one request when its turn has come.
func (p *push) put(ctx context.Context, body *lake.Body) *lake.Error {
	if p.pace.wait(ctx) != nil {
		return &lake.Error{Code: lake.CodeCanceled, Class: lake.Passing}
	}
	if p.cutOff.Load() {
		return &lake.Error{Code: lake.CodeConnection, Class: lake.Passing}
	}
	start := time.Now()
	err := p.client.Put(ctx, body, &p.answer)
	took := time.Since(start)
	if err == nil {
		p.meters.request("OK", took, body.Len(), body.Size())
		return nil
	}
	failure := asError(err)
	p.meters.request(failure.Code, took, body.Len(), body.Size())
	return failure
}

// failed decides the events [from,to) after a request that failed as a whole.
func (p *push) failed(ctx context.Context, err *lake.Error, from, to int) {
	switch err.Class {
	case lake.Blame:
		p.bisect(ctx, err, from, to)
		return
	case lake.Throttled:
		p.pace.throttled(time.Now())
	case lake.Operator:
		p.status.bad(err)
	case lake.Passing:
		p.unreachable(err)
	}
	p.stop(err, from, to)
}

// stop ends the sending of this push: what else there is would fail alike.
func (p *push) stop(err *lake.Error, from, to int) {
	p.stopped = err
	for i := from; i < to; i++ {
		p.events[i].outcome, p.events[i].code = undecided, err.Code
	}
}

// bisect sends either half by itself, until the events that the service refuses stand alone.
func (p *push) bisect(ctx context.Context, err *lake.Error, from, to int) {
	if to-from == 1 {
		p.events[from].outcome, p.events[from].code = blamed, err.Code
		return
	}
	if whole := to-from == len(p.events); whole && !p.witness.Load() {
		if !p.blaming.TryLock() {
			p.stop(err, from, to) // another push is finding out whether it is the configuration
			return
		}
		defer p.blaming.Unlock()
	}
	middle := (from + to) / 2
	p.send(ctx, from, middle)
	if p.stopped != nil {
		p.stop(p.stopped, middle, to)
		return
	}
	p.send(ctx, middle, to)
}

// read takes the answer to the events [from,to).
func (p *push) read(from, to int) {
	accepted, fresh, throttled := false, false, 0
	for i := from; i < to; i++ {
		e := &p.events[i]
		e.code = p.answer.Results[i-from].Code
		e.outcome = outcomeOf(e.code)
		accepted = accepted || e.outcome == ingested
		fresh = fresh || !e.history.tried
		if e.code == codeThrottling {
			throttled++
		}
	}
	if accepted {
		p.witness.Store(true)
		p.status.good()
	}
	if accepted || fresh {
		p.healthy.Store(accepted)
	}
	if 2*throttled >= to-from {
		p.pace.throttled(time.Now())
	}
}

// sendAtOnce sends those of [from,to) once more whose checksum was found wrong: they may have been damaged on the way.
func (p *push) sendAtOnce(ctx context.Context, from, to int) {
	p.part.Reset()
	for i := from; i < to; i++ {
		if p.events[i].outcome == damaged {
			p.body.Slice(&p.part, i, i+1)
		}
	}
	if p.part.Len() == 0 {
		return
	}
	err := p.put(ctx, &p.part)
	next := 0
	for i := from; i < to; i++ {
		e := &p.events[i]
		if e.outcome != damaged {
			continue
		}
		p.meters.failed(e.code, true, 1)
		if err != nil {
			e.outcome, e.code = undecided, err.Code
			continue
		}
		e.code = p.answer.Results[next].Code
		if e.outcome = outcomeOf(e.code); e.outcome == damaged {
			e.outcome = rejected
		}
		next++
	}
}

// judge decides the events that stand alone with what they are blamed for. Without a witness that this configuration
// can deliver at all, it is the configuration that somebody has to mend, and the events are kept.
func (p *push) judge() {
	witness := p.witness.Load()
	for i := range p.events {
		e := &p.events[i]
		switch {
		case e.outcome == blamed && witness:
			e.outcome = rejected
		case e.outcome == blamed:
			e.outcome = again
			p.status.bad(blameError(e.code))
		case e.code == codeAccountNotSubscribed:
			p.status.bad(blameError(e.code))
		}
	}
}

func blameError(code string) error {
	if advice := lake.Advice(code); advice != "" {
		return fmt.Errorf("CloudTrail refuses every event with %s: %s", code, advice)
	}
	return fmt.Errorf("CloudTrail refuses every event with %s: check channel_arn, external_id and recipient_account_id", code)
}
