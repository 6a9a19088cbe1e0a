// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// recovery is how long after the service throttled the full rate is reached again.
	recovery = time.Minute
	// slowest is the rate below which throttling does not press, in requests a second.
	slowest = 1.0
	// halving is how long the rate is left alone after it was halved: answers to requests that were under way by then say
	// nothing about the new rate.
	halving = time.Second
)

var errOver = errors.New("the component shuts down")

// pace spaces requests. The quota is the account's, and nobody knows who else uses it: so the rate halves when the service
// throttles, and recovers.
type pace struct {
	limiter *rate.Limiter // nil = no limit
	full    float64       // requests a second

	mu  sync.Mutex
	low float64   // the rate that the last throttling left
	at  time.Time // of the last throttling; zero = long ago
	end *time.Timer

	// over ends all waiting when it is cancelled.
	over    context.Context
	setOver context.CancelFunc
}

func newPace(full float64) *pace {
	p := &pace{full: full}
	p.over, p.setOver = context.WithCancel(context.Background())
	if full > 0 {
		p.limiter = rate.NewLimiter(rate.Limit(full), 1)
	}
	return p
}

// wait waits for the turn of a request, and no longer once all waiting has ended. Its only error is the context's.
func (p *pace) wait(ctx context.Context) error {
	if p.limiter == nil {
		return ctx.Err()
	}
	now := time.Now()
	p.limiter.SetLimitAt(now, rate.Limit(p.rate(now)))
	turn := p.limiter.ReserveN(now, 1)
	delay := turn.DelayFrom(now)
	if delay <= 0 {
		return ctx.Err()
	}
	err := p.pause(ctx, delay)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		turn.Cancel()
	}
	return err
}

// pause waits. It returns an error where the wait was cut short: errOver, or the context's.
func (p *pace) pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.over.Done():
		return errOver
	case <-ctx.Done():
		return ctx.Err()
	}
}

// throttled halves the rate.
func (p *pace) throttled(now time.Time) {
	current := p.rate(now)
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.at) < halving {
		return
	}
	p.low, p.at = max(current/2, min(slowest, p.full)), now
}

// rate returns the requests a second that are allowed now.
func (p *pace) rate(now time.Time) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	since := now.Sub(p.at)
	if p.at.IsZero() || since >= recovery {
		return p.full
	}
	return p.low + (p.full-p.low)*since.Seconds()/recovery.Seconds()
}

// endAfter ends all waiting in a while.
func (p *pace) endAfter(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end == nil {
		p.end = time.AfterFunc(d, p.setOver)
	}
}

// ended says whether all waiting has ended.
func (p *pace) ended() bool { return p.over.Err() != nil }

// bound returns a context that ends when all waiting does, or, if it has, after a while.
func (p *pace) bound(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
	if p.ended() {
		return context.WithTimeout(ctx, after)
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.over, cancel)
	return ctx, func() { stop(); cancel() }
}

// stop ends all waiting now.
func (p *pace) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end != nil {
		p.end.Stop()
	}
	p.setOver()
}
