// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"cmp"
	"iter"
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
)

// Item is one item of the list that a record holds.
type Item = attr.Item

// NoItem is the index of the event of a record that holds no list.
const NoItem = attr.NoItem

// Map yields the events that a log record makes: one, or one for each item of the list that it holds. The record must not change
// meanwhile, and an event is valid until the next iteration.
//
// meant are the items of the list that are meant, each with the ordinal that its event had when it was made before; none = all.
// ordinal is that of the event of a record that holds no list; 0 or 1 = it was not made before, or was the first of its id.
func (b *Batch) Map(lr plog.LogRecord, ordinal int, meant []Item) iter.Seq2[Item, *Event] {
	return func(yield func(Item, *Event) bool) {
		n := b.open(lr)
		b.leftOut = 0
		if !b.doc.Fanned() {
			yield(Item{Index: NoItem, Ordinal: ordinal}, b.event(0, ordinal))
			return
		}
		b.items = appendMeant(b.items[:0], meant, n)
		b.leftOut = n - len(b.items)
		for _, item := range b.items {
			if !yield(item, b.event(item.Index, item.Ordinal)) {
				return
			}
		}
	}
}

// LeftOut returns how many items of the list of the latest record are not meant.
func (b *Batch) LeftOut() int { return b.leftOut }

// appendMeant appends the items that are meant of a list of n, in their order: the named ones, or all if none of those exists.
func appendMeant(dst, named []Item, n int) []Item {
	from := len(dst)
	for _, item := range named {
		if item.Index >= 0 && item.Index < n {
			dst = append(dst, item)
		}
	}
	meant := dst[from:]
	slices.SortStableFunc(meant, func(a, b Item) int { return cmp.Compare(a.Index, b.Index) })
	meant = slices.CompactFunc(meant, func(a, b Item) bool { return a.Index == b.Index })
	dst = dst[:from+len(meant)]
	if len(meant) == 0 {
		for i := range n {
			dst = append(dst, Item{Index: i})
		}
	}
	return dst
}
