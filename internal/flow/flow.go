// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// Client sends requests: *lake.Client.
type Client interface {
	Put(ctx context.Context, body *lake.Body, answer *lake.Answer) error
	Close()
}

// Options is what a Flow is made of.
type Options struct {
	ID        component.ID
	Telemetry component.TelemetrySettings
	Mapper    *mapping.Mapper
	// Connect makes the client when the component starts.
	Connect func(ctx context.Context) (Client, error)
	// RequestsPerSecond is the most requests that this instance sends; 0 = no limit.
	RequestsPerSecond float64
	// Grace is how long after Closing requests still wait for their turn.
	Grace time.Duration
	// ResendAfter is the first wait before events that were refused are sent again within a push; 0 = they are not.
	ResendAfter time.Duration
	// Retries reports whether records that are handed back are pushed again.
	Retries bool
	// GiveUpAfter is how long after its first attempt an event is given up, at its next refusal; 0 = never.
	GiveUpAfter time.Duration
	// Retention is how long the event data store keeps events; 0 = not known.
	Retention time.Duration
	// Durable says that records which are not settled outlive the process: in the queue's storage, or with their sender.
	Durable bool
	// Outlet is where records leave that CloudTrail does not take whole; nil = nowhere.
	Outlet *Outlet
}

// Flow is the way from records to outcomes. Its methods are safe for concurrent use.
type Flow struct {
	opts   Options
	client Client
	meters *meters
	pace   *pace
	status *status
	ledger *ledger // nil where the queue is durable
	logger *zap.Logger
	pushes sync.Pool

	// witness knows when CloudTrail accepted an event. Without it, no event is blamed for a refusal.
	witness witness
	// healthy reports whether CloudTrail takes events at the moment. A request sets it if any event of it is accepted, and clears
	// it if none is and some had never been tried before. A search for a culprit in which no event is accepted clears it too.
	healthy atomic.Bool
	// blaming is held by the push that looks for a culprit while CloudTrail takes nothing. One push does so at a time: the
	// search costs two requests an event, and all share the quota.
	blaming sync.Mutex
	// lost and letOut count the events that the shutdown leaves without an answer.
	lost, letOut tally

	closing atomic.Bool
	// cutOff says that the service could not be reached after Closing. Nothing more is tried then.
	cutOff atomic.Bool
	// shut says that a pipeline of the outlet did not take its last offer, made after all waits had ended. No other offer is
	// made then.
	shut atomic.Bool
}

// New returns a Flow that Start makes ready.
func New(opts Options) (*Flow, error) {
	meters, err := newMeters(opts.ID, opts.Telemetry)
	if err != nil {
		return nil, err
	}
	f := &Flow{
		opts:   opts,
		meters: meters,
		pace:   newPace(opts.RequestsPerSecond),
		status: newStatus(opts.Telemetry.Logger),
		logger: opts.Telemetry.Logger,
	}
	if !opts.Durable {
		f.ledger = newLedger()
	}
	f.pushes.New = func() any { return newPush(f) }
	return f, nil
}

// Start makes the client. It needs no network.
func (f *Flow) Start(ctx context.Context, host component.Host) error {
	client, err := f.opts.Connect(ctx)
	if err != nil {
		return err
	}
	f.client = client
	f.status.start(host)
	if f.opts.Outlet == nil {
		f.logger.Info("What CloudTrail rejects will be counted and logged, but not kept. " +
			"Use aws_cloudtrail_lake as a connector to keep it: it lets such records out into a pipeline.")
	}
	return nil
}

// Push maps the records and sends their events. The error, if any, holds the records that are to be pushed again
// (consumererror.Logs); it never says that records are lost, and holds nothing of what is in them.
func (f *Flow) Push(ctx context.Context, logs plog.Logs) error {
	p := f.pushes.Get().(*push)
	defer f.pushes.Put(p)
	return p.run(ctx, logs)
}

// durableGrace is how long, after Closing, a push may go on where records outlive the process. If only a part of its events is
// settled by then, the queue keeps the whole payload, and that part is sent twice.
const durableGrace = 5 * time.Second

// Closing is called when the shutdown of the component begins, before the queue is emptied. From then on pushes have a limited
// time for their waits. Where records outlive the process, only pushes that are under way go on at all.
func (f *Flow) Closing() {
	f.closing.Store(true)
	grace := f.opts.Grace
	if f.opts.Durable {
		grace = min(grace, durableGrace)
	}
	f.pace.endAfter(grace)
}

// Shutdown is called when nothing is pushed anymore.
func (f *Flow) Shutdown(ctx context.Context) error {
	f.Closing()
	// exporterhelper gives up the records that wait for another attempt. This is their last one.
	for logs := range f.ledger.stranded() {
		_ = f.Push(ctx, logs) // the ledger has what is not settled
	}
	f.pace.stop()
	f.abandon()
	f.summarize()
	if f.client != nil {
		f.client.Close()
	}
	return nil
}

// asError returns the client's error as the type that it documents.
func asError(err error) *lake.Error {
	if e, ok := errors.AsType[*lake.Error](err); ok {
		return e
	}
	return &lake.Error{Code: lake.CodeClient, Class: lake.Passing}
}
