// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"cmp"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// The private attributes by which a record that is handed back says what became of it so far. They are put on copies
// only, and are no part of the event.
const (
	// attributeAttempts is how often the event was refused while the service took others. A record without it was never
	// tried.
	attributeAttempts = "aws.cloudtrail_lake.attempts"
	// attributeFirstAttempt is when the event was first refused, in nanoseconds since 1970.
	attributeFirstAttempt = "aws.cloudtrail_lake.first_attempt"
	// attributeOrdinal is the number that the event had among those of its push that would have had the same id; it is not
	// there for the first. Of a record that holds a list it is a list itself, beside attributeItems.
	attributeOrdinal = "aws.cloudtrail_lake.ordinal"
	// attributeItems lists, of a record that holds a list, the items whose events are not settled, counted from 0.
	attributeItems = "aws.cloudtrail_lake.items"
)

// history is what a record says of its earlier attempts.
type history struct {
	tried    bool
	attempts int   // refusals while the service took others
	first    int64 // when it was first tried, in nanoseconds since 1970; 0 = not noted
	ordinal  int   // 0 = not noted
}

// item is one item of the list that a record holds.
type item struct {
	index   int
	ordinal int // 0 = not noted
}

func readHistory(lr plog.LogRecord) (h history) {
	attributes := lr.Attributes()
	if v, ok := attributes.Get(attributeAttempts); ok {
		h.tried, h.attempts = true, int(v.Int())
	}
	if v, ok := attributes.Get(attributeFirstAttempt); ok {
		h.first = v.Int()
	}
	if v, ok := attributes.Get(attributeOrdinal); ok {
		h.ordinal = int(v.Int())
	}
	return h
}

// readItems appends the items of the record that are to be sent: those that it names, else all n. Unlike the rest of its
// history that may come from outside, with a record that was rejected before; an item that does not exist is no reason
// to send none.
func readItems(dst []item, lr plog.LogRecord, n int) []item {
	named, ordinals := intsOf(lr, attributeItems), intsOf(lr, attributeOrdinal)
	for i, index := range named {
		if index < 0 || index >= n {
			continue
		}
		one := item{index: index}
		if len(ordinals) == len(named) {
			one.ordinal = ordinals[i]
		}
		dst = append(dst, one)
	}
	slices.SortStableFunc(dst, func(a, b item) int { return cmp.Compare(a.index, b.index) })
	dst = slices.CompactFunc(dst, func(a, b item) bool { return a.index == b.index })
	if len(dst) == 0 {
		for i := range n {
			dst = append(dst, item{index: i})
		}
	}
	return dst
}

// intsOf returns an attribute that is a list of whole numbers; it stops at what is none.
func intsOf(lr plog.LogRecord, name string) (out []int) {
	v, ok := lr.Attributes().Get(name)
	if !ok || v.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	for _, x := range v.Slice().All() {
		if x.Type() != pcommon.ValueTypeInt {
			break
		}
		out = append(out, int(x.Int()))
	}
	return out
}

// writeHistory puts the history on a copy. index is that of the first item that is not settled, or whole.
func (p *push) writeHistory(lr plog.LogRecord, index int, h history, now time.Time) {
	attributes := lr.Attributes()
	attributes.Remove(attributeOrdinal) // those that it came with are of items that may be settled
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

// addItem names one more item that is not settled.
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
