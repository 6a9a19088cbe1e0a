// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Times that stand for none, in seconds since 1970.
const (
	// Year 1 holds the zero time of Go and of .NET, in any zone.
	secondOfYear2 = -62_104_060_800 // 0002-01-01T00:00:00Z
	// Windows counts from this second (FILETIME).
	secondOfWindows = -11_644_473_600 // 1601-01-01T00:00:00Z
	// Seconds, milliseconds or microseconds that are given as nanoseconds show a time early in 1970. Microseconds show the latest:
	// a millionth of a microsecond count in seconds is a thousandth of the seconds since 1970. So the last second that a uint32
	// counts, in 2106, shows as 1970-02-19. The bound is the next beginning of a month; it is passed by times from 2131 on.
	secondOfMarch1970 = 5_097_600 // 1970-03-01T00:00:00Z
)

// isPossible reports whether a clock may have shown this time. The others stand for none: they are what is read from a field
// that was never set, from all-ones, or from a count in the wrong unit.
func isPossible(at time.Time) bool {
	switch second := at.Unix(); {
	case second < secondOfYear2, second == secondOfWindows, second >= 0 && second < secondOfMarch1970:
		return false
	case second == math.MaxInt32, second == math.MaxUint32:
		return at.Nanosecond() != 0
	case second == math.MaxInt64/1_000_000_000, second == math.MaxUint64/1_000_000_000: // also where the fraction is cut off
		return false
	default:
		return true
	}
}

// IsPossibleTime reports whether a timestamp of a log record may be a time that a clock has shown. Zero is none, and so is what
// comes of a field that was never set, of all-ones, or of a count in the wrong unit.
func IsPossibleTime(ts pcommon.Timestamp) bool {
	_, ok := pdataTime(ts)
	return ok
}

// What an event data store can keep (CloudTrail API Reference, CreateEventDataStore, RetentionPeriod): CloudTrail removes events
// whose eventTime is older than the retention. An event more than a day ahead is of a clock, or a time zone, that is wrong.
const (
	MinRetention = 7 * 24 * time.Hour
	MaxRetention = 3653 * 24 * time.Hour
	mostAhead    = 24 * time.Hour
)

// CheckTime returns what is to be said of the time of an event that was seen at a time, and false if nothing is: the event data
// store does not keep it, or cannot. retention is the store's; 0 = not known.
func CheckTime(at, seen time.Time, retention time.Duration) (Action, bool) {
	switch age := seen.Sub(at); {
	case retention > 0 && age > retention:
		return Expired, true
	case age > MaxRetention, age < -mostAhead:
		return OutOfRange, true
	default:
		return 0, false
	}
}

// checkTime marks a time that the event data store does not keep, or cannot. It compares with the record's observation, not with
// the present: the event has to be the same at every attempt.
func (f *filler) checkTime() {
	observed, ok := pdataTime(f.doc.Log.ObservedTimestamp())
	if !ok || f.out.time.IsZero() {
		return
	}
	if action, ok := CheckTime(f.out.time, observed, f.retention); ok {
		f.out.repaired.Add(EventTime, action)
	}
}
