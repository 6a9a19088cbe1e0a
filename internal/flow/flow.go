// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

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
	// Retries says whether records that are handed back are pushed again.
	Retries bool
	// GiveUpAfter is how long after its first attempt an event is given up, at its next refusal; 0 = never.
	GiveUpAfter time.Duration
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

	// witness says that an event has been accepted under this configuration. Before that, no event is blamed for a refusal.
	witness atomic.Bool
	// healthy says whether the service takes events at the moment. A request sets it if any event of it is accepted, and clears
	// it if none is and some had never been tried before.
	healthy atomic.Bool
	// blaming is held by the push that looks for a culprit while there is no witness. One does so at a time: the search costs
	// two requests an event, and the quota is shared.
	blaming sync.Mutex

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

// Shutdown is called when nothing is pushed any more. What is not settled by now, and kept nowhere, is counted and named
// here.
func (f *Flow) Shutdown(context.Context) error {
	f.pace.stop()
	f.abandon()
	if f.client != nil {
		f.client.Close()
	}
	return nil
}

// codeShutdown is the error code of events that the end of the process leaves nowhere.
const codeShutdown = "Shutdown"

// abandon settles what is left in the ledger.
func (f *Flow) abandon() {
	if f.ledger == nil {
		return
	}
	for id, e := range f.ledger.clear() {
		f.meters.failed(codeShutdown, false, e.count)
		f.logger.Error("Event lost in shutdown: the sending queue is kept in memory. Set sending_queue.storage to keep it on disk.",
			zap.String("id", id), zap.String("uid", e.uid), zap.String("preset", e.preset),
			zap.String("error_code", codeShutdown), zap.String("last_error_code", e.code), zap.Int64("events", e.count))
	}
}

// asError returns the client's error as the type that it documents.
func asError(err error) *lake.Error {
	var e *lake.Error
	if errors.As(err, &e) {
		return e
	}
	return &lake.Error{Code: lake.CodeClient, Class: lake.Passing}
}
