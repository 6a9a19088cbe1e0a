// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"strings"
	"time"
)

// clock writes times as time.RFC3339Nano does. The date is the dear part of that: it is written once for records of one day.
type clock struct {
	day  int64  // since 1970
	date []byte // of that day, and T; none before the first
}

// append appends a time in UTC.
func (c *clock) append(dst []byte, at time.Time) []byte {
	const seconds = 24 * 60 * 60
	if day := floor(at.Unix(), seconds); day != c.day || len(c.date) == 0 {
		c.day, c.date = day, at.AppendFormat(c.date[:0], "2006-01-02T")
	}
	dst = append(dst, c.date...)
	hour, minute, second := at.Clock()
	dst = append(dst, digits[2*hour], digits[2*hour+1], ':', digits[2*minute], digits[2*minute+1], ':', digits[2*second], digits[2*second+1])
	if ns := at.Nanosecond(); ns != 0 {
		dst = append(dst, ".000000000"...)
		for ; ns%10 == 0; ns /= 10 {
			dst = dst[:len(dst)-1]
		}
		for i := len(dst) - 1; ns > 0; ns /= 10 {
			dst[i] = byte('0' + ns%10)
			i--
		}
	}
	return append(dst, 'Z')
}

// floor divides and rounds down.
func floor(n, by int64) int64 {
	if n < 0 {
		n -= by - 1
	}
	return n / by
}

// digits holds the numbers from 00 to 99.
var digits = func() string {
	var all strings.Builder
	for i := range byte(100) {
		all.WriteByte('0' + i/10)
		all.WriteByte('0' + i%10)
	}
	return all.String()
}()
