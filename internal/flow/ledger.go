// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"
)

// ledger names the events that were pushed and are not settled, and holds the records that wait for another attempt. When the
// process ends, a queue in memory drops such records without a word to the flow: the ledger is how they are accounted for.
// A nil ledger holds nothing.
type ledger struct {
	mu   sync.Mutex
	open map[string]*openEvent // by id
	// waiting are the records that were handed back and not pushed again. exporterhelper pushes what it was handed back as it
	// is, so the value itself is the key.
	waiting map[plog.Logs]struct{}
}

type openEvent struct {
	uid, preset, code string
	count             int64 // events that share the id
}

func newLedger() *ledger {
	return &ledger{open: map[string]*openEvent{}, waiting: map[plog.Logs]struct{}{}}
}

// wait notes records that are handed back.
func (l *ledger) wait(logs plog.Logs) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[logs] = struct{}{}
}

// pushed notes that records are pushed, perhaps again.
func (l *ledger) pushed(logs plog.Logs) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waiting, logs)
}

// stranded returns the records that wait for another attempt. The ledger forgets them.
func (l *ledger) stranded() map[plog.Logs]struct{} {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := l.waiting
	l.waiting = map[plog.Logs]struct{}{}
	return waiting
}

// hold notes that an event was not settled. isRetry reports whether the ledger has it already, from an earlier attempt.
func (l *ledger) hold(id, uid []byte, preset, code string, isRetry bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.open[string(id)]
	switch {
	case e == nil:
		l.open[string(id)] = &openEvent{uid: string(uid), preset: preset, code: code, count: 1}
	case isRetry:
		e.code = code
	default:
		e.code = code
		e.count++
	}
}

// settle takes an event out.
func (l *ledger) settle(id []byte) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.open[string(id)]
	if e == nil {
		return
	}
	if e.count--; e.count == 0 {
		delete(l.open, string(id))
	}
}

// clear returns the events that are not settled. The ledger forgets them.
func (l *ledger) clear() map[string]*openEvent {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	open := l.open
	l.open = map[string]*openEvent{}
	return open
}
