// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

// maxResend is the longest wait before events are sent again within a push.
const maxResend = 2 * time.Second

// send sends some events of the request, given by their indices. Where the service refuses them together, it sends them in
// ever smaller requests until it is known which of them is to blame.
func (p *push) send(ctx context.Context, which []int) {
	body := &p.body
	if len(which) < len(p.events) {
		p.part.Pick(&p.body, which)
		body = &p.part
	}
	if err := p.put(ctx, body); err != nil {
		p.failed(ctx, err, which)
		return
	}
	p.read(which)
}

// sendAgain sends again what was refused for a reason that passes, and only that. It waits here because the queue's back-off is
// made for outages: one event that the service never takes would hold a consumer of the queue for minutes.
func (p *push) sendAgain(ctx context.Context) {
	p.sendDamaged(ctx)
	for wait := p.opts.ResendAfter; wait > 0; wait = min(wait*3/2, maxResend) {
		if p.stopped != nil || !p.healthy.Load() {
			return // nothing passes at the moment: that is for the queue to wait out
		}
		which := p.those(func(e *event) bool {
			return e.state == outcome.Retryable && e.code != codeAccountNotSubscribed && e.history.Attempts+1 < maxAttempts
		})
		if len(which) == 0 {
			return
		}
		p.settleDecided(ctx)
		if p.pace.pause(ctx, wait) != nil {
			return
		}
		for _, i := range which {
			p.meters.failed(p.events[i].code, true, 1)
			p.events[i].history.Attempts++
		}
		p.send(ctx, which)
		p.sendDamaged(ctx)
	}
}

// sendDamaged sends once more what arrived with a wrong checksum: it may have been damaged on the way.
func (p *push) sendDamaged(ctx context.Context) {
	which := p.those(func(e *event) bool { return e.state == outcome.Damaged })
	if len(which) == 0 || p.stopped != nil {
		return
	}
	for _, i := range which {
		p.meters.failed(p.events[i].code, true, 1)
	}
	p.send(ctx, which)
}

// confirm sends the suspected events again for which CloudTrail accepted another event after it had refused them. If it refuses
// them again, they are to blame.
func (p *push) confirm(ctx context.Context) {
	seen := p.witness.seen()
	which := p.those(func(e *event) bool { return e.state == outcome.Suspected && e.history.Suspected < seen })
	if len(which) == 0 || p.stopped != nil {
		return
	}
	p.send(ctx, which)
}

// those returns the indices of the events of a kind.
func (p *push) those(are func(*event) bool) []int {
	which := make([]int, 0, len(p.events))
	for i := range p.events {
		if are(&p.events[i]) {
			which = append(which, i)
		}
	}
	return which
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
	p.sentAt, p.seen = p.witness.now(), p.witness.seen()
	err := p.client.Put(ctx, body, &p.answer)
	took := time.Since(start)
	if err == nil {
		p.meters.request("OK", took, body.Len(), body.Size())
		p.status.answered()
		return nil
	}
	failure := asError(err)
	p.meters.request(failure.Code, took, body.Len(), body.Size())
	return failure
}

// failed decides events after a request that failed as a whole.
func (p *push) failed(ctx context.Context, err *lake.Error, which []int) {
	switch err.Class {
	case lake.Blame:
		p.status.answered()
		p.bisect(ctx, err, which)
		return
	case lake.Throttled:
		p.status.answered()
		p.pace.throttled(time.Now())
	case lake.Operator:
		p.status.bad(err.Code, err)
	case lake.Passing:
		if p.closing.Load() {
			if err.Status == 0 {
				p.cutOff.Store(true)
			}
		} else if err.Code != lake.CodeCanceled {
			p.status.unreachable(err.Code, err, time.Now())
		}
	}
	p.stop(err, which)
}

// stop ends the sending of this push: other requests would fail in the same way.
func (p *push) stop(err *lake.Error, which []int) {
	p.stopped = err
	for _, i := range which {
		e := &p.events[i]
		e.happens(outcome.RequestFailed)
		if e.state == outcome.Pending {
			e.code = err.Code
		}
	}
}

// bisect sends either half by itself, until the events that CloudTrail refuses stand alone.
func (p *push) bisect(ctx context.Context, err *lake.Error, which []int) {
	if len(which) == 1 {
		p.blame(&p.events[which[0]], err.Code, err.Error(), false)
		return
	}
	refused := p.witness.now()
	for _, i := range which {
		if e := &p.events[i]; e.refusedWithOthers == 0 {
			e.refusedWithOthers = refused
		}
	}
	if isEntireRequest := len(which) == len(p.events); isEntireRequest && !p.healthy.Load() {
		if !p.blaming.TryLock() {
			p.stop(err, which) // another push is finding out whether it is the configuration
			return
		}
		defer p.blaming.Unlock()
	}
	middle := len(which) / 2
	p.send(ctx, which[:middle])
	if p.stopped != nil {
		p.stop(p.stopped, which[middle:])
		return
	}
	p.send(ctx, which[middle:])
}

// blame holds a refusal against an event if CloudTrail is known to accept others at this time: it accepted one in the same
// answer, or between an earlier refusal of this event, alone or with others, and this one. Else the configuration may be at fault,
// and the event is suspected.
func (p *push) blame(e *event, code, message string, sameAnswer bool) {
	e.code, e.message = code, message
	between := func(before int64) bool { return before != 0 && before < p.seen }
	if sameAnswer || between(e.history.Suspected) || between(e.refusedWithOthers) {
		e.happens(outcome.BlamedWitnessed)
		return
	}
	e.happens(outcome.Blamed)
	e.history.Suspected = p.witness.now()
	// A search takes long at the quota's rate, so the operator is told before its end.
	if p.suspects++; p.suspects == manySuspects && !p.accepted {
		p.refusedAlike(code)
	}
}

// manySuspects is how many events of a request have to be refused one by one, and none accepted, until the configuration is taken
// to be at fault. An event or two may be at fault themselves.
const manySuspects = 3

// refusedAlike tells the operator that CloudTrail refuses everything.
func (p *push) refusedAlike(code string) {
	p.healthy.Store(false)
	advice := lake.Advice(code)
	if advice == "" {
		advice = "check channel_arn, external_id and recipient_account_id"
	}
	p.status.bad(code, fmt.Errorf("CloudTrail refuses every event with %s: %s", code, advice))
}

// read takes the answer to a request with these events.
func (p *push) read(which []int) {
	now := time.Now()
	accepted, fresh, throttled := false, false, 0
	for n, i := range which {
		accepted = accepted || p.answer.Results[n].Code == ""
		e := &p.events[i]
		fresh = fresh || !e.history.Tried && e.history.Attempts == 0
	}
	for n, i := range which {
		e := &p.events[i]
		result := &p.answer.Results[n]
		if result.Code == codeThrottling {
			throttled++
		}
		cause := lake.CauseOf(result.Code)
		if cause == outcome.Blamed {
			p.blame(e, result.Code, result.Message, accepted)
			continue
		}
		e.code, e.message = result.Code, result.Message
		e.history.Suspected, e.refusedWithOthers = 0, 0 // it is no longer refused for that
		e.happens(cause)
		if cause == outcome.Accepted {
			e.ingestedAt = now
			e.receipt = receipt{eventID: result.EventID, requestID: p.answer.RequestID}
		}
	}
	if accepted {
		p.accepted = true
		p.witness.accept(p.sentAt)
		p.status.good()
	}
	if accepted || fresh {
		p.healthy.Store(accepted)
	}
	// A few throttled events are no sign of the quota, which counts requests.
	if 2*throttled >= lake.MaxEvents {
		p.pace.throttled(now)
	}
}

// report tells the operator of events that are refused while none is accepted: someone has to fix the configuration.
func (p *push) report() {
	seen := p.witness.seen()
	for i := range p.events {
		e := &p.events[i]
		switch {
		case e.state == outcome.Suspected && seen < e.history.Suspected && !p.accepted:
			p.refusedAlike(e.code)
			return
		case e.code == codeAccountNotSubscribed:
			p.status.bad(e.code, fmt.Errorf("CloudTrail refuses events with %s: %s", e.code, lake.Advice(e.code)))
			return
		}
	}
}
