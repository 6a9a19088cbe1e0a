// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"crypto/sha256"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// push is one call of Flow.Push. A later call uses it again, for its buffers.
type push struct {
	*Flow
	batch *mapping.Batch
	logs  plog.Logs // what is pushed

	body    lake.Body // the request that is being filled
	events  []event   // the events of body, in order
	refused []event   // events that are refused before they are sent
	names   []byte    // the ids and UIDs of both
	part    lake.Body // some of body's events, to be sent by themselves
	answer  lake.Answer

	handBack []handBack
	mappedBy map[string]int64 // events made, by preset
	ingestBy map[string]int64 // events ingested, by preset

	accepted bool        // whether CloudTrail accepted any event of the request that is being filled
	suspects int         // how many events of it were refused one by one without a witness
	sentAt   int64       // when the latest request was sent, by the witness's clock
	seen     int64       // what the witness had seen by then
	stopped  *lake.Error // the failure after which nothing more is sent in this push
	reasons  reasons
}

// event is what is known of one event.
type event struct {
	at       place
	id, uid  []byte
	preset   string
	time     time.Time
	checksum [sha256.Size]byte
	repaired mapping.Repairs
	history  attr.History

	state   outcome.State
	code    string // of the refusal
	message string // of the refusal; it may quote the event's content
	// refusedWithOthers is when a request was first refused as a whole that held this event and others; 0 = none was in this push.
	refusedWithOthers int64
	// lastCode is the code of the last refusal, for an event that the shutdown leaves without an answer.
	lastCode string
	receipt  receipt
	// ingestedAt is when CloudTrail's answer had it among the successful.
	ingestedAt time.Time
	// emitted reports whether the outlet has taken what tells of the event.
	emitted bool
	// settled reports whether the event is counted.
	settled bool
}

// happens moves the event to where it stands after a cause.
func (e *event) happens(c outcome.Cause) { e.state = e.state.Next(c) }

// place says where in the pushed logs a record is, and which of its events is meant.
type place struct {
	resource, scope, record int
	// item is the event's place in the list that the record holds; noItem, where it holds none, or all of it is meant.
	item int
}

// noItem is the item of a record that is not to be taken apart.
const noItem = mapping.NoItem

func newPush(f *Flow) *push {
	return &push{
		Flow:     f,
		batch:    f.opts.Mapper.NewBatch(),
		mappedBy: map[string]int64{},
		ingestBy: map[string]int64{},
	}
}

func (p *push) run(ctx context.Context, logs plog.Logs) error {
	p.begin(logs)
	p.ledger.pushed(logs)
	if p.opts.Durable && p.closing.Load() {
		p.stopped = &lake.Error{Code: lake.CodeCanceled, Class: lake.Passing} // the records are safe where they are
	}
	for r, rl := range logs.ResourceLogs().All() {
		for s, sl := range rl.ScopeLogs().All() {
			p.batch.Within(rl.Resource(), sl.Scope())
			for i, lr := range sl.LogRecords().All() {
				p.take(ctx, place{resource: r, scope: s, record: i}, lr)
			}
		}
	}
	p.flush(ctx)
	return p.result()
}

// count brings the counters of events up to date.
func (p *push) count() {
	for preset, n := range p.mappedBy {
		p.meters.mapped(preset, n)
	}
	for preset, n := range p.ingestBy {
		p.meters.ingested(preset, n)
	}
	clear(p.mappedBy)
	clear(p.ingestBy)
}

func (p *push) begin(logs plog.Logs) {
	p.logs = logs
	p.batch.Begin()
	p.reset()
	p.handBack = p.handBack[:0]
	p.stopped = nil
	p.reasons = p.reasons[:0]
}

// reset empties the request.
func (p *push) reset() {
	p.body.Reset()
	clear(p.events)
	clear(p.refused)
	p.events = p.events[:0]
	p.refused = p.refused[:0]
	p.names = p.names[:0]
	p.accepted, p.suspects = false, 0
}

// take maps a record and adds its events to the request; where the request is full, it sends that first. After a failure the
// record goes back unmapped. It is mapped all the same where its events have to be known: if this was its last attempt, or if
// it was its first and there is a ledger, which names events.
func (p *push) take(ctx context.Context, at place, lr plog.LogRecord) {
	h, named := attr.ReadHistory(lr)
	if p.stopped != nil && !p.final() && (h.Tried || p.ledger == nil) {
		p.handBack = append(p.handBack, handBack{at: at, untouched: true})
		return
	}
	for item, event := range p.batch.Map(lr, h.Ordinal, named) {
		at.item, h.Ordinal = item.Index, item.Ordinal
		p.add(ctx, at, h, event)
	}
	if !h.Tried {
		p.meters.itemsLeftOut(p.batch.LeftOut())
	}
}

// add adds an event to the request, or settles it, where it is refused before it is sent. All events of a record are
// counted at its first attempt.
func (p *push) add(ctx context.Context, at place, h attr.History, made *mapping.Event) {
	h.Ordinal = made.Ordinal
	if !h.Tried {
		p.mappedBy[made.Preset]++
		p.meters.mappingErrors(made.Errors)
	}
	if made.Refused != "" {
		if len(p.refused) == lake.MaxEvents {
			p.flush(ctx)
		}
		e := p.newEvent(at, h, made)
		e.happens(outcome.RefusedForGood)
		e.code, e.message = made.Refused, refusedHere
		p.refused = append(p.refused, e)
		return
	}
	sum, ok := p.body.Append(made.ID, made.Data)
	if !ok {
		p.flush(ctx)
		sum, _ = p.body.Append(made.ID, made.Data) // an event has room in an empty request
	}
	e := p.newEvent(at, h, made)
	e.checksum = sum
	p.events = append(p.events, e)
}

// refusedHere is the message of a refusal that is the exporter's own.
const refusedHere = "The event breaks a limit of CloudTrail's, and on_invalid is reject: it was not sent."

// final says whether records that are not settled now will not be pushed again. They have to be mapped then, so that their
// events are accounted for.
func (p *push) final() bool {
	return !p.opts.Retries || p.ledger != nil && p.closing.Load()
}

// flush sends the request, settles each of its events, and empties it.
func (p *push) flush(ctx context.Context) {
	if len(p.events) > 0 && p.stopped == nil {
		p.send(ctx, p.those(func(*event) bool { return true }))
		p.sendAgain(ctx)
		p.confirm(ctx)
		p.report()
	}
	for i := range p.events {
		p.decide(&p.events[i])
	}
	p.emit(ctx)
	for i := range p.refused {
		p.settle(&p.refused[i])
	}
	for i := range p.events {
		p.settle(&p.events[i])
	}
	p.count()
	p.reset()
}

// newEvent returns the event as it is before it is sent.
func (p *push) newEvent(at place, h attr.History, made *mapping.Event) event {
	return event{
		at: at, id: p.keepName(made.ID), uid: p.keepName(made.UID), preset: made.Preset,
		time: made.Time, repaired: made.Repaired, history: h,
	}
}

func (p *push) keepName(name []byte) []byte {
	from := len(p.names)
	p.names = append(p.names, name...)
	return p.names[from:len(p.names):len(p.names)]
}
