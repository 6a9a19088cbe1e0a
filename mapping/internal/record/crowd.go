// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// What stands around a list, in resource, attributes, body and envelopes, goes with the event of each of its items. A record of a few
// hundred kB can hold a list and surroundings that would cost hours. So the sum of all that is bounded by a multiple of the
// record itself; a list beyond that is not opened, and its record stays one event. No real record comes near: to a list of
// records as short as 100 bytes there is room for 6 kB of surroundings, however many they are, and 16 kB to a thousand.
const (
	leastCopied   = 16 << 20
	copiesPerByte = 64
)

// mayCopy says whether what stands around the n items of a list may go with each of them.
func (d *Doc) mayCopy(it *item, list tree.Ref, n int) bool {
	if d.copyable < 0 { // the first list of the record
		if d.weightAround < 0 {
			d.weightAround = d.weight(d.Resource, 0) + d.weight(d.Scope, 0)
		}
		own := d.weight(d.Attributes, 0)
		d.copyable = leastCopied + copiesPerByte*(own+d.weight(d.rawBody, 0))
		d.weightBeside = d.weightAround + d.weight(d.Body, 0)
		if d.located != d.Attributes {
			d.weightBeside += own
		}
	}
	each := d.weightBeside
	for _, envelope := range it.outer[:it.depth] {
		each += d.weight(envelope, list)
	}
	if n*each > d.copyable {
		return false
	}
	d.copyable -= n * each
	return true
}

// weight returns about how many bytes there are at r and below, but for one of the values in it, and for what is used: what an
// envelope holds.
func (d *Doc) weight(r, but tree.Ref) int {
	n := d.At(r)
	if r == 0 || r == but || n.Used {
		return 0
	}
	const node = 16 // what a value costs that has hardly any text
	total := node + len(n.Key.String()) + len(n.Str)
	if n.Kind == tree.Object || n.Kind == tree.Array {
		for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
			total += d.weight(c, but)
		}
	}
	return total
}
