// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"context"
	"fmt"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
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
			return e.outcome == again && e.code != codeAccountNotSubscribed && e.history.attempts+1 < maxAttempts
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
			p.events[i].history.attempts++
		}
		p.send(ctx, which)
		p.sendDamaged(ctx)
	}
}

// sendDamaged sends once more what arrived with a wrong checksum: it may have been damaged on the way.
func (p *push) sendDamaged(ctx context.Context) {
	which := p.those(func(e *event) bool { return e.outcome == damaged })
	if len(which) == 0 || p.stopped != nil {
		return
	}
	for _, i := range which {
		p.meters.failed(p.events[i].code, true, 1)
	}
	p.send(ctx, which)
	for _, i := range which {
		if p.events[i].outcome == damaged {
			p.events[i].outcome = rejected
		}
	}
}

// those returns the indices of the events of a kind.
func (p *push) those(are func(*event) bool) []int {
	p.which = p.which[:0]
	for i := range p.events {
		if are(&p.events[i]) {
			p.which = append(p.which, i)
		}
	}
	return p.which
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

// failed decides events after a request that failed as a whole.
func (p *push) failed(ctx context.Context, err *lake.Error, which []int) {
	switch err.Class {
	case lake.Blame:
		p.bisect(ctx, err, which)
		return
	case lake.Throttled:
		p.pace.throttled(time.Now())
	case lake.Operator:
		p.status.bad(err)
	case lake.Passing:
		if p.closing.Load() && err.Status == 0 {
			p.cutOff.Store(true)
		}
	}
	p.stop(err, which)
}

// stop ends the sending of this push: other requests would fail in the same way.
func (p *push) stop(err *lake.Error, which []int) {
	p.stopped = err
	for _, i := range which {
		p.events[i].outcome, p.events[i].code = undecided, err.Code
	}
}

// bisect sends either half by itself, until the events that the service refuses stand alone.
func (p *push) bisect(ctx context.Context, err *lake.Error, which []int) {
	if len(which) == 1 {
		e := &p.events[which[0]]
		e.outcome, e.code, e.message = blamed, err.Code, err.Error()
		return
	}
	if whole := len(which) == len(p.events); whole && !p.witness.Load() {
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

// read takes the answer to a request with these events.
func (p *push) read(which []int) {
	now := time.Now()
	accepted, fresh, throttled := false, false, 0
	for n, i := range which {
		e := &p.events[i]
		result := &p.answer.Results[n]
		e.code, e.message = result.Code, result.Message
		e.outcome = outcomeOf(e.code)
		if e.outcome == ingested {
			e.ingestedAt = now
			e.receipt = receipt{eventID: result.EventID, requestID: p.answer.RequestID}
		}
		accepted = accepted || e.outcome == ingested
		fresh = fresh || !e.history.tried && e.history.attempts == 0
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
	// A few throttled events are no sign of the quota, which counts requests.
	if 2*throttled >= lake.MaxEvents {
		p.pace.throttled(now)
	}
}

// judge decides the events that are blamed. Without a witness that this configuration can deliver at all, somebody has to mend
// the configuration, and the events are kept.
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
