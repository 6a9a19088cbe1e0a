// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
)

// The attributes by which a record that holds a list says which of its items are meant. They are no part of its events.
const (
	// AttributeItems lists the items, counted from 0.
	AttributeItems = record.PrivatePrefix + "items"
	// AttributeOrdinal lists the ordinal that the event of each had; without it they were never made. See Event.Ordinal.
	AttributeOrdinal = record.PrivatePrefix + "ordinal"
)

// Item is one item of the list that a record holds.
type Item struct {
	Index   int
	Ordinal int // 0 = not noted
}

// Items appends the items of the record that are meant, in their order: those that it names, else all n. Items that do not
// exist are passed over; where none is left, all n are meant.
func Items(dst []Item, lr plog.LogRecord, n int) []Item {
	from := len(dst)
	named, ordinals := intsOf(lr, AttributeItems), intsOf(lr, AttributeOrdinal)
	for i, index := range named {
		if index < 0 || index >= n {
			continue
		}
		one := Item{Index: index}
		if len(ordinals) == len(named) {
			one.Ordinal = ordinals[i]
		}
		dst = append(dst, one)
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

// intsOf returns an attribute that is a list of whole numbers, and nothing of a list that holds anything else.
func intsOf(lr plog.LogRecord, name string) (out []int) {
	v, ok := lr.Attributes().Get(name)
	if !ok || v.Type() != pcommon.ValueTypeSlice {
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
