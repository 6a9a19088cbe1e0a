// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"sync"
	"time"
)

// witness knows when CloudTrail accepted an event.
//
// A refusal for a reason that may be the configuration's is held against an event only if CloudTrail refuses the event, then
// accepts another one, and then refuses the event again. In any other order the configuration may have been broken, or fixed,
// between the two. Its times are in nanoseconds since 1970, so that those on records outlive the process, and no two are equal.
type witness struct {
	mu       sync.Mutex
	last     int64
	accepted int64 // when the latest request was sent of those that are known to have been accepted; 0 = none
}

// now returns the present, later than all times returned before.
func (w *witness) now() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = max(w.last+1, time.Now().UnixNano())
	return w.last
}

// accept notes that CloudTrail accepted an event of a request that was sent at this time.
func (w *witness) accept(sent int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.accepted = max(w.accepted, sent)
}

// seen returns when the latest request was sent of those that CloudTrail is known to have accepted an event of.
func (w *witness) seen() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.accepted
}
