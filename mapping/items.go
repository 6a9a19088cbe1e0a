// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"cmp"
	"slices"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
)

// Item is one item of the list that a record holds.
type Item = attr.Item

// Items appends the items that are meant of a list of n, in their order: the named ones, or all if none of those exists.
func Items(dst, named []Item, n int) []Item {
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
