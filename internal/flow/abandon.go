// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.uber.org/zap"
)

// codeShutdown is the error code of events that the end of the process leaves without an answer.
const codeShutdown = "Shutdown"

// abandon counts and names what is left in the ledger: nothing keeps it.
func (f *Flow) abandon() {
	for id, e := range f.ledger.clear() {
		f.meters.failed(codeShutdown, false, e.count)
		f.lost.add(e.code, e.count)
		f.logger.Error("Event lost in shutdown.",
			zap.String("id", id), zap.String("uid", e.uid), zap.String("preset", e.preset),
			zap.String("error_code", codeShutdown), zap.String("last_error_code", e.code), zap.Int64("events", e.count))
	}
}

// summarize logs how many events the shutdown left without an answer. The Collector samples log lines that are alike, such as
// those of single events. A line with its own number is not sampled.
func (f *Flow) summarize() {
	if n, codes := f.letOut.sum(); n > 0 {
		f.logger.Error(fmt.Sprintf("%d events not delivered before the shutdown left through the connector as rejected, "+
			"by their last error: %s.", n, codes), zap.Int64("events", n))
	}
	if n, codes := f.lost.sum(); n > 0 {
		f.logger.Error(fmt.Sprintf("%d events lost in shutdown, by their last error: %s. The sending queue is kept in memory: "+
			"set sending_queue.storage to keep it on disk.", n, codes), zap.Int64("events", n))
	}
}

// tally counts events by error code. It is safe for concurrent use.
type tally struct {
	mu     sync.Mutex
	byCode map[string]int64
}

func (t *tally) add(code string, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byCode == nil {
		t.byCode = map[string]int64{}
	}
	if _, known := t.byCode[code]; !known && len(t.byCode) >= maxCodes {
		code = otherCode
	}
	t.byCode[code] += n
}

// sum returns the number of events, and the codes with theirs.
func (t *tally) sum() (n int64, codes string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	parts := make([]string, 0, len(t.byCode))
	for _, code := range slices.Sorted(maps.Keys(t.byCode)) {
		n += t.byCode[code]
		parts = append(parts, fmt.Sprintf("%s %d", code, t.byCode[code]))
	}
	return n, strings.Join(parts, ", ")
}
