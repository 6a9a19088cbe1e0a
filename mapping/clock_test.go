// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzClock writes times one after the other, and each as the library does.
func FuzzClock(f *testing.F) {
	day := int64(24 * 60 * 60)
	for _, sec := range []int64{0, -1, 1, day - 1, day, -day, -day - 1, 951_782_400, 1_772_600_800, -62_135_596_800, 253_402_300_799} {
		for _, ns := range []int64{0, 1, 10, 999_999_999, 500_000_000, 120_000_000, 10_000} {
			f.Add(sec, ns)
		}
	}
	var c clock
	f.Fuzz(func(t *testing.T, sec, ns int64) {
		at, _, ok := inRange(time.Unix(sec%(1<<38), ns), true)
		if !ok {
			return
		}
		for _, at := range []time.Time{at, at.Add(time.Second), at.Truncate(time.Second)} {
			require.Equal(t, at.Format(time.RFC3339Nano), string(c.append(nil, at)))
		}
	})
}
