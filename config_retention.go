// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"encoding"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// Retention is a duration that can be written in days, CloudTrail's own unit of it, as in 2557d.
type Retention time.Duration

var (
	_ encoding.TextUnmarshaler = (*Retention)(nil)
	_ encoding.TextMarshaler   = Retention(0)
)

const retentionDay = 24 * time.Hour

// UnmarshalText reads a whole number of days, or a duration of Go's.
func (r *Retention) UnmarshalText(text []byte) error {
	s := string(text)
	if number, inDays := strings.CutSuffix(s, "d"); inDays {
		if days, err := strconv.ParseUint(number, 10, 64); err == nil && days <= math.MaxInt64/uint64(retentionDay) {
			*r = Retention(time.Duration(days) * retentionDay)
			return nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		*r = Retention(d)
		return nil
	}
	return fmt.Errorf("%q is not a retention: %s", s, retentionForm)
}

// MarshalText writes what UnmarshalText reads.
func (r Retention) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String returns the retention in days where they are whole.
func (r Retention) String() string {
	if d := time.Duration(r); d == 0 || d%retentionDay != 0 {
		return d.String()
	}
	return strconv.FormatInt(int64(time.Duration(r)/retentionDay), 10) + "d"
}

const retentionForm = "write the days that the event data store keeps events (its RetentionPeriod) with their unit, " +
	"from 7d to 3653d, as in 2557d"

// validateRetention holds the retention to what an event data store can have (CloudTrail API Reference, CreateEventDataStore).
func (cfg *Config) validateRetention() error {
	d := time.Duration(cfg.Retention)
	if d == 0 || d >= mapping.MinRetention && d <= mapping.MaxRetention {
		return nil
	}
	return fmt.Errorf("retention: no event data store has a retention of %s: %s", cfg.Retention, retentionForm)
}
