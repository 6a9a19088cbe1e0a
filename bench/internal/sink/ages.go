// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package sink

import "time"

// ages counts ages by the millisecond up to ten minutes, so that a quantile is exact to the millisecond whatever the number of
// events.
type ages struct {
	counts [600_000]uint32
	n      int64
	max    time.Duration
}

func (a *ages) add(age time.Duration) {
	a.max = max(a.max, age)
	a.counts[min(max(0, int(age.Milliseconds())), len(a.counts)-1)]++
	a.n++
}

// quantile returns the age that a share q of all events does not exceed.
func (a *ages) quantile(q float64) time.Duration {
	left := int64(q * float64(a.n))
	for ms, count := range a.counts {
		if left -= int64(count); left < 0 {
			return time.Duration(ms+1) * time.Millisecond
		}
	}
	return a.max
}
