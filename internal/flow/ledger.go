// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import "sync"

// ledger names the events that were pushed and are not settled. When the process ends, a queue in memory drops their records,
// and says nothing to us of those that wait for another attempt: the ledger is how they are accounted for.
type ledger struct {
	mu   sync.Mutex
	open map[string]*openEvent // by id
}

type openEvent struct {
	uid, preset, code string
	count             int64 // events that share the id
}

func newLedger() *ledger { return &ledger{open: map[string]*openEvent{}} }

// hold notes that an event was not settled. again says that it is in the ledger already, of an earlier attempt.
func (l *ledger) hold(id, uid []byte, preset, code string, again bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.open[string(id)]
	switch {
	case e == nil:
		l.open[string(id)] = &openEvent{uid: string(uid), preset: preset, code: code, count: 1}
	case again:
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

// clear returns all that is open, and forgets it.
func (l *ledger) clear() map[string]*openEvent {
	l.mu.Lock()
	defer l.mu.Unlock()
	open := l.open
	l.open = map[string]*openEvent{}
	return open
}
