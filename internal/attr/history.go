// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package attr

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Item is one item of the list that a record holds.
type Item struct {
	Index int
	// Ordinal is the number that the item's event had when it was made before; 0 = not noted.
	Ordinal int
}

// History is what a record says of its earlier attempts.
type History struct {
	Tried bool
	// Attempts counts the refusals of the event while CloudTrail accepted others.
	Attempts int
	// First is when the event was first tried, in nanoseconds since 1970; 0 = not noted.
	First int64
	// Suspected is when the event was last refused for a reason that may be the configuration's; 0 = never.
	Suspected int64
	// Ordinal is the number that the event had; 0 = not noted.
	Ordinal int
}

// ReadHistory returns the history of a record, which is zero for one that was never tried, and the items that are meant of the
// list that the record holds; none = all.
func ReadHistory(lr plog.LogRecord) (h History, items []Item) {
	var ordinals []int
	for name, v := range lr.Attributes().All() {
		if !HasPrefix(name) {
			continue
		}
		switch name {
		case Attempts:
			h.Tried, h.Attempts = true, int(v.Int())
		case FirstAttempt:
			h.First = v.Int()
		case SuspectedAt:
			h.Suspected = v.Int()
		case Ordinal:
			h.Ordinal, ordinals = int(v.Int()), ints(v)
		case Items:
			for _, index := range ints(v) {
				items = append(items, Item{Index: index})
			}
		}
	}
	if len(ordinals) == len(items) {
		for i, ordinal := range ordinals {
			items[i].Ordinal = ordinal
		}
	}
	return h, items
}

// ints returns the values of a list of whole numbers, and nothing for a list that holds anything else.
func ints(v pcommon.Value) (out []int) {
	if v.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	for _, x := range v.Slice().All() {
		if x.Type() != pcommon.ValueTypeInt {
			return nil
		}
		out = append(out, int(x.Int()))
	}
	return out
}

// NoItem is the index of an event that was not made of an item of a list.
const NoItem = -1

// WriteHistory puts the history of one event on a record that is handed back. index is that of the item that the event was made
// of, or NoItem.
func WriteHistory(lr plog.LogRecord, index int, h History) {
	attributes := lr.Attributes()
	attributes.RemoveIf(func(name string, _ pcommon.Value) bool {
		return IsHistory(name) || name == Items && index != NoItem // they may tell of items that are settled now
	})
	attributes.PutInt(Attempts, int64(h.Attempts))
	if h.First != 0 {
		attributes.PutInt(FirstAttempt, h.First)
	}
	if h.Suspected != 0 {
		attributes.PutInt(SuspectedAt, h.Suspected)
	}
	switch {
	case index != NoItem:
		attributes.PutEmptySlice(Items).AppendEmpty().SetInt(int64(index))
		attributes.PutEmptySlice(Ordinal).AppendEmpty().SetInt(int64(h.Ordinal))
	case h.Ordinal > 1:
		attributes.PutInt(Ordinal, int64(h.Ordinal))
	}
}

// AddItem adds the history of the event of another item to a record that has the history of one.
func AddItem(lr plog.LogRecord, index int, h History) {
	attributes := lr.Attributes()
	for name, n := range map[string]int{Items: index, Ordinal: h.Ordinal} {
		if v, ok := attributes.Get(name); ok {
			v.Slice().AppendEmpty().SetInt(int64(n))
		}
	}
	if v, ok := attributes.Get(Attempts); ok {
		v.SetInt(max(v.Int(), int64(h.Attempts)))
	}
	// The record has one time for all of its items. It must not make an item suspected that is not.
	if v, ok := attributes.Get(SuspectedAt); ok {
		if h.Suspected == 0 {
			attributes.Remove(SuspectedAt)
		} else {
			v.SetInt(max(v.Int(), h.Suspected))
		}
	}
}

// Clear removes the history and the outcome of a record, apart from Items.
func Clear(attributes pcommon.Map) {
	attributes.RemoveIf(func(name string, _ pcommon.Value) bool { return IsPrivate(name) && name != Items })
}

// Admit moves a sender's attributes that begin with Prefix under SourcePrefix, where they have no effect and stay in the event.
// With replay, the record may be one that left through the connector: it keeps its outcome, and Items.
func Admit(attributes pcommon.Map, replay bool) {
	type attribute struct {
		name  string
		value pcommon.Value
	}
	var moved []attribute
	attributes.RemoveIf(func(name string, v pcommon.Value) bool {
		if !HasPrefix(name) || replay && (name == Items || IsOutcome(name)) {
			return false
		}
		value := pcommon.NewValueEmpty()
		v.CopyTo(value)
		moved = append(moved, attribute{name: SourcePrefix + name, value: value})
		return true
	})
	for _, m := range moved {
		name := m.name
		for taken := true; taken; {
			if _, taken = attributes.Get(name); taken {
				name = SourcePrefix + name
			}
		}
		m.value.CopyTo(attributes.PutEmpty(name))
	}
}
