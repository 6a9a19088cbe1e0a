// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"math"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// timeLayouts are the forms of time: RFC 3339, and what is common near it.
type timeLayouts struct {
	zoned    []string
	zoneless string // taken as UTC, and the event says so
}

// Fractions of a second are read behind the seconds of all of them.
var (
	layoutsWithT     = timeLayouts{zoned: []string{time.RFC3339, "2006-01-02T15:04:05Z0700"}, zoneless: "2006-01-02T15:04:05"}
	layoutsWithBlank = timeLayouts{zoned: []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700 MST"}, zoneless: "2006-01-02 15:04:05"}
)

// readTime reads a possible time from text, or from a number of seconds, milliseconds, microseconds or nanoseconds since 1970.
// zoned is false where a text said no zone.
func readTime(t *tree.Tree, r tree.Ref) (at time.Time, zoned, ok bool) {
	at, zoned, ok = readAnyTime(t, r)
	return at, zoned, ok && isPossible(at)
}

// parseTime reads a possible time from text.
func parseTime(s string) (time.Time, bool) {
	at, _, ok := parseAnyTime(s)
	return at, ok && isPossible(at)
}

func readAnyTime(t *tree.Tree, r tree.Ref) (at time.Time, zoned, ok bool) {
	n := t.At(r)
	switch n.Kind {
	case tree.String:
		return parseAnyTime(n.Str)
	case tree.Int, tree.Number:
		if i, whole := t.Int64(r); whole {
			at, ok = epoch(i)
			return at, true, ok
		}
		if n.Kind == tree.Number {
			at, ok = parseSeconds(n.Str)
			return at, true, ok
		}
	case tree.Double:
		f := math.Float64frombits(n.Num)
		if i, whole := t.Int64(r); whole {
			at, ok = epoch(i)
		} else if f > 0 && f < 1e11 {
			sec, fraction := math.Modf(f)
			at, ok = time.Unix(int64(sec), int64(fraction*1e9)).UTC(), true
		}
		return at, true, ok
	}
	return time.Time{}, false, false
}

func parseAnyTime(s string) (at time.Time, zoned, ok bool) {
	const longest = 64 // no form of time is longer
	if len(s) > longest {
		return time.Time{}, false, false
	}
	if at, ok = parseSeconds(s); ok {
		return at, true, true
	}
	const date = len("2006-01-02")
	if len(s) <= date {
		return time.Time{}, false, false
	}
	layouts := &layoutsWithT
	if s[date] == ' ' {
		layouts = &layoutsWithBlank
	}
	// Which of them it is shows first: an error of time.Parse costs more than a time that it reads.
	if last := s[len(s)-1]; '0' <= last && last <= '9' && !strings.ContainsAny(s[date:], "+-") {
		if at, err := time.Parse(layouts.zoneless, s); err == nil {
			return inRange(at, false)
		}
		return time.Time{}, false, false
	}
	for _, layout := range layouts.zoned {
		if at, err := time.Parse(layout, s); err == nil {
			return inRange(at, true)
		}
	}
	return time.Time{}, false, false
}

// inRange refuses what yyyy-MM-ddTHH:mm:ssZ cannot say.
func inRange(at time.Time, zoned bool) (time.Time, bool, bool) {
	at = at.UTC()
	if at.Year() < 1 || at.Year() > 9999 {
		return time.Time{}, false, false
	}
	return at, zoned, true
}

// epoch reads a whole number of units since 1970. The unit is told by the size: seconds reach the year 5138, where
// milliseconds begin in 1973.
func epoch(i int64) (time.Time, bool) {
	const units = 100_000_000_000 // 1e11
	switch {
	case i <= 0:
		return time.Time{}, false
	case i < units:
		return time.Unix(i, 0).UTC(), true
	case i < units*1_000:
		return time.UnixMilli(i).UTC(), true
	case i < units*1_000_000:
		return time.UnixMicro(i).UTC(), true
	default:
		return time.Unix(0, i).UTC(), true
	}
}

// parseSeconds reads a number as text: whole units since 1970, or seconds with a fraction.
func parseSeconds(s string) (time.Time, bool) {
	for i := range len(s) {
		if s[i] < '+' || s[i] > '9' {
			return time.Time{}, false // most times: an error of strconv's costs more than all the rest
		}
	}
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return epoch(i)
	}
	whole, fraction, found := strings.Cut(s, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if !found || err != nil || sec < 0 || sec >= 100_000_000_000 || fraction == "" || strings.Trim(fraction, "0123456789") != "" {
		return time.Time{}, false
	}
	// Digits, not a float64: that cannot tell nanoseconds of today apart.
	digits := (fraction + "000000000")[:9]
	nsec, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(sec, int64(nsec)).UTC(), true
}

// pdataTime converts a pdata timestamp, which may be later than an int64 of nanoseconds reaches, and reports whether it is a
// possible time.
func pdataTime(ts pcommon.Timestamp) (at time.Time, ok bool) {
	const second = 1_000_000_000
	at = time.Unix(int64(ts/second), int64(ts%second)).UTC()
	return at, isPossible(at)
}
