// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// The private attributes of a record that is handed back. They say what became of it so far, stand on copies only, and are no
// part of the event.
const (
	// attributeAttempts is how often the event was refused while the service took others. A record without it was never
	// tried.
	attributeAttempts = "aws.cloudtrail_lake.attempts"
	// attributeFirstAttempt is when the event was first refused, in nanoseconds since 1970.
	attributeFirstAttempt = "aws.cloudtrail_lake.first_attempt"
	// attributeOrdinal is the event's number among those of its push that would have had the same id. The first has none. On a
	// record that holds a list it is a list, with a number for each of attributeItems.
	attributeOrdinal = mapping.AttributeOrdinal
	// attributeItems is on a record that holds a list, and lists the items whose events are not settled, counted from 0.
	attributeItems = mapping.AttributeItems
)

// history is what a record says of its earlier attempts.
type history struct {
	tried    bool
	attempts int   // refusals while the service took others
	first    int64 // when it was first tried, in nanoseconds since 1970; 0 = not noted
	ordinal  int   // 0 = not noted
}

func readHistory(lr plog.LogRecord) (h history) {
	for name, v := range lr.Attributes().All() {
		switch name {
		case attributeAttempts:
			h.tried, h.attempts = true, int(v.Int())
		case attributeFirstAttempt:
			h.first = v.Int()
		case attributeOrdinal:
			h.ordinal = int(v.Int())
		}
	}
	return h
}

// isHistory says whether an attribute is one that only this component may put on a record.
func isHistory(name string) bool {
	return name == attributeAttempts || name == attributeFirstAttempt || name == attributeOrdinal
}

// writeHistory puts the history on a copy. index is that of the first item that is not settled, or whole.
func (p *push) writeHistory(lr plog.LogRecord, index int, h history, now time.Time) {
	attributes := lr.Attributes()
	attributes.Remove(attributeOrdinal) // it may tell of items that are settled now
	attributes.PutInt(attributeAttempts, int64(h.attempts))
	if p.opts.GiveUpAfter > 0 {
		if h.first == 0 {
			h.first = now.UnixNano()
		}
		attributes.PutInt(attributeFirstAttempt, h.first)
	}
	switch {
	case index != whole:
		attributes.PutEmptySlice(attributeItems)
		attributes.PutEmptySlice(attributeOrdinal)
		addItem(lr, index, h)
	case h.ordinal > 1:
		attributes.PutInt(attributeOrdinal, int64(h.ordinal))
	}
}

// addItem names one more item that is not settled. It looks for each name by itself: a sender may have put one on the
// record twice, and only the first is ours.
func addItem(lr plog.LogRecord, index int, h history) {
	attributes := lr.Attributes()
	for name, n := range map[string]int{attributeItems: index, attributeOrdinal: h.ordinal} {
		if v, ok := attributes.Get(name); ok {
			v.Slice().AppendEmpty().SetInt(int64(n))
		}
	}
	if v, ok := attributes.Get(attributeAttempts); ok && v.Int() < int64(h.attempts) {
		v.SetInt(int64(h.attempts))
	}
}
