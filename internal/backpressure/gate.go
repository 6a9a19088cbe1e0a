// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package backpressure lets senders wait while the sending queue is full.
//
// The queue of exporterhelper v0.161.0 must not let them wait itself: if several waiting senders give up at the same moment, the
// queue blocks forever with its lock held (https://github.com/open-telemetry/opentelemetry-collector/issues/15700). So the
// exporter configures that queue to refuse what does not fit, and the Gate in front of it waits and offers again.
package backpressure

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"golang.org/x/time/rate"
)

const (
	// firstPause and longestPause bound the time between two offers of the sender whose turn it is. The pauses double. The end of
	// a push starts them anew, since the queue frees the room a moment after it.
	firstPause   = time.Millisecond
	longestPause = 50 * time.Millisecond
	// refusalTime is how long the queue may take to refuse an offer with wait_for_result. An offer that takes longer was
	// accepted and waits for its result, so the next sender has its turn. If the queue refuses an offer later than that, its
	// sender goes to the end of the line.
	refusalTime = 5 * time.Millisecond
	// logInterval is the shortest time between two log lines about the same kind of refusal.
	logInterval = 10 * time.Second
)

// ErrShutdown is the error of records that wait for room in the queue when the exporter shuts down. Their sender has them still.
var ErrShutdown = errors.New("the exporter shuts down, and its sending queue is full")

// Config says which queue the gate stands in front of.
type Config struct {
	// Queue is the queue's configuration as the user wrote it.
	Queue exporterhelper.QueueBatchConfig
	// Logger gets a line about records that are refused, at most one in 10 seconds for each reason.
	Logger *zap.Logger
}

// Gate puts records into the queue. While the queue is full, senders wait in the order in which they came. It is safe for
// concurrent use.
type Gate struct {
	cfg   Config
	queue consumer.ConsumeLogsFunc

	// waiting counts the senders that wait for their turn or have it. A new sender that finds none offers its records at once.
	waiting atomic.Int64
	// turn is held by the sender whose turn it is.
	turn chan struct{}
	// freed tells the sender whose turn it is that there may be room.
	freed chan struct{}

	close  sync.Once
	closed chan struct{}

	fullLine, sizeLine rate.Sometimes
}

// New returns a gate in front of queue, which has to be configured with Config.Inner and made with the settings that Quiet
// returns.
func New(cfg Config, queue consumer.ConsumeLogsFunc) *Gate {
	return &Gate{
		cfg: cfg, queue: queue,
		turn: make(chan struct{}, 1), freed: make(chan struct{}, 1), closed: make(chan struct{}),
		fullLine: rate.Sometimes{Interval: logInterval}, sizeLine: rate.Sometimes{Interval: logInterval},
	}
}

// Inner returns the configuration of the queue behind the gate: that of the user, but the queue refuses what does not fit.
func (c Config) Inner() exporterhelper.QueueBatchConfig {
	inner := c.Queue
	inner.BlockOnOverflow = false
	return inner
}

// ConsumeLogs puts records into the queue. While there is no room it waits, if block_on_overflow is set, until ctx is done or
// Close is called. An error means that the queue does not have the records. No error is permanent: the sender keeps the records.
func (g *Gate) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if size := g.size(logs); size > g.cfg.Queue.QueueSize {
		return g.refuseSize(ctx, logs, size)
	}
	select {
	case <-g.closed:
		return ErrShutdown
	default:
	}
	if !g.cfg.Queue.BlockOnOverflow {
		err := g.queue(withOffer(ctx, onlyOffer), logs)
		if isFull(err) {
			g.logFull("Records are refused to their sender: sending_queue is full, and block_on_overflow is false.", logs)
		}
		return err
	}
	kind := firstOffer
	if g.waiting.Load() == 0 {
		if err := g.queue(withOffer(ctx, kind), logs); !isFull(err) {
			return err
		}
		kind = laterOffer
	}
	return g.wait(ctx, logs, kind)
}

// wait offers the records each time that it is the sender's turn, until the queue accepts them.
func (g *Gate) wait(ctx context.Context, logs plog.Logs, kind offerKind) error {
	for ; ; kind = laterOffer {
		err := g.takeTurn(ctx)
		if err == nil {
			err = g.offerInTurn(ctx, logs, kind)
		}
		switch {
		case errors.Is(err, errGaveUp):
			return g.giveUp(ctx, logs)
		case !isFull(err):
			return err
		}
	}
}

// errGaveUp says that the sender's context ended while it waited.
var errGaveUp = errors.New("the sender stopped waiting")

// takeTurn waits for the sender's turn. passTurn ends it.
func (g *Gate) takeTurn(ctx context.Context) error {
	g.waiting.Add(1)
	select {
	case g.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		g.waiting.Add(-1)
		return errGaveUp
	case <-g.closed:
		g.waiting.Add(-1)
		return ErrShutdown
	}
}

func (g *Gate) passTurn() {
	<-g.turn
	g.waiting.Add(-1)
}

// offerInTurn offers the records until the queue accepts them, and passes the turn on. It returns that the queue is full only if
// the turn was over before the queue refused.
func (g *Gate) offerInTurn(ctx context.Context, logs plog.Logs, kind offerKind) error {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		myTurn, err := g.offer(withOffer(ctx, kind), logs)
		if !myTurn {
			return err
		}
		if !isFull(err) {
			g.passTurn()
			return err
		}
		kind = laterOffer
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
			continue
		case <-g.freed:
			timer.Stop()
			pause = firstPause / 2
			continue
		case <-ctx.Done():
			err = errGaveUp
		case <-g.closed:
			err = ErrShutdown
		}
		timer.Stop()
		g.passTurn()
		return err
	}
}

// offer offers the records once, and reports whether it is still the sender's turn. With wait_for_result, an accepted offer
// returns only with its result, so the turn passes on meanwhile.
func (g *Gate) offer(ctx context.Context, logs plog.Logs) (myTurn bool, err error) {
	if !g.cfg.Queue.WaitForResult {
		return true, g.queue(ctx, logs)
	}
	pass := time.AfterFunc(refusalTime, g.passTurn)
	err = g.queue(ctx, logs)
	return pass.Stop(), err
}

// giveUp offers the records a last time. The queue counts them as refused if it is still full.
func (g *Gate) giveUp(ctx context.Context, logs plog.Logs) error {
	err := g.queue(withOffer(ctx, lastOffer), logs)
	if !isFull(err) {
		return err
	}
	g.logFull("Records are refused to their sender: sending_queue is full, and the sender stopped waiting.", logs)
	return fmt.Errorf("%w: the sender stopped waiting for room: %w", err, context.Cause(ctx))
}

// refuseSize refuses records that can never fit. It asks the queue all the same, which counts them as refused.
func (g *Gate) refuseSize(ctx context.Context, logs plog.Logs, size int64) error {
	if err := g.queue(withOffer(ctx, onlyOffer), logs); err == nil {
		return nil
	}
	err := fmt.Errorf("sending_queue.queue_size: a payload of %d %s is larger than the whole queue of %d: "+
		"raise queue_size above the largest payload, or let the sender send smaller ones",
		size, g.cfg.Queue.Sizer.String(), g.cfg.Queue.QueueSize)
	g.sizeLine.Do(func() {
		g.cfg.Logger.Error("A payload is refused to its sender: it is larger than the whole sending queue.", zap.Error(err))
	})
	return err
}

func (g *Gate) logFull(message string, logs plog.Logs) {
	g.fullLine.Do(func() {
		g.cfg.Logger.Error(message, zap.Int("records", logs.LogRecordCount()), zap.Int64("queue_size", g.cfg.Queue.QueueSize),
			zap.String("sizer", g.cfg.Queue.Sizer.String()))
	})
}

// Freed tells the gate that the queue may have room: a push has ended.
func (g *Gate) Freed() {
	select {
	case g.freed <- struct{}{}:
	default:
	}
}

// Close ends all waiting. Records that wait, and those that come later, are refused with ErrShutdown.
func (g *Gate) Close() { g.close.Do(func() { close(g.closed) }) }

// size returns how much of the queue the records take, in the unit of its sizer.
func (g *Gate) size(logs plog.Logs) int64 {
	switch g.cfg.Queue.Sizer {
	case exporterhelper.RequestSizerTypeBytes:
		return int64((&plog.ProtoMarshaler{}).LogsSize(logs))
	case exporterhelper.RequestSizerTypeItems:
		return int64(logs.LogRecordCount())
	default:
		return 1
	}
}

func isFull(err error) bool { return errors.Is(err, exporterhelper.ErrQueueIsFull) }
