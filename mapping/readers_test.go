// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

func TestReadTime(t *testing.T) {
	for _, tt := range []struct {
		raw      any
		want     string // "" = none
		zoneless bool
	}{
		{raw: "2026-03-04T05:06:07Z", want: "2026-03-04T05:06:07Z"},
		{raw: "2026-03-04T05:06:07.123456789+02:00", want: "2026-03-04T03:06:07.123456789Z"},
		{raw: "2026-03-04T05:06:07.5+0200", want: "2026-03-04T03:06:07.5Z"},
		{raw: "2026-03-04 05:06:07.25+00:00", want: "2026-03-04T05:06:07.25Z"},
		{raw: "2026-03-04T05:06:07", want: "2026-03-04T05:06:07Z", zoneless: true},
		{raw: "2026-03-04 05:06:07.123", want: "2026-03-04T05:06:07.123Z", zoneless: true},
		{raw: int64(1772600767), want: "2026-03-04T05:06:07Z"},
		{raw: int64(1772600767123), want: "2026-03-04T05:06:07.123Z"},
		{raw: int64(1772600767123456), want: "2026-03-04T05:06:07.123456Z"},
		{raw: int64(1772600767123456789), want: "2026-03-04T05:06:07.123456789Z"},
		{raw: "1772600767", want: "2026-03-04T05:06:07Z"},
		{raw: "1772600767123", want: "2026-03-04T05:06:07.123Z"},
		{raw: "1772600767.123456789", want: "2026-03-04T05:06:07.123456789Z"},
		{raw: 1772600767.5, want: "2026-03-04T05:06:07.5Z"},
		{raw: 1772600767000.0, want: "2026-03-04T05:06:07Z"},
		{raw: ""},
		{raw: "yesterday"},
		{raw: int64(0)},
		{raw: int64(-5)},
		{raw: math.NaN()},
		{raw: math.Inf(1)},
		{raw: 1e300},
		{raw: -0.5},
		{raw: "0000-01-01T00:00:00Z"},
		{raw: "2026-13-01T00:00:00Z"},
		{raw: "1772600767."},
		{raw: "1772600767.-5"},
		{raw: "1772600767.123456789 and more"},
		{raw: "1.621305118553e12"},
		{raw: true},
		{raw: []any{}},
		{raw: "9999-12-31T23:59:59-01:00"}, // the year 10000 in UTC
	} {
		tr := tree.New()
		v := pcommon.NewValueEmpty()
		require.NoError(t, v.FromRaw(tt.raw))
		at, zoned, ok := readTime(tr, tr.AddValue(v))
		require.Equal(t, tt.want != "", ok, "%v", tt.raw)
		if ok {
			require.Equal(t, tt.want, at.Format(time.RFC3339Nano), "%v", tt.raw)
			require.Equal(t, tt.zoneless, !zoned, "%v", tt.raw)
		}
	}
}

func TestPdataTime(t *testing.T) {
	at, ok := pdataTime(pcommon.Timestamp(math.MaxUint64 - 1_000_000_000)) // beyond an int64
	require.True(t, ok)
	require.Equal(t, "2554-07-21T23:34:32.709551615Z", at.Format(time.RFC3339Nano))
	_, ok = pdataTime(math.MaxUint64)
	require.False(t, ok)
	_, ok = pdataTime(0)
	require.False(t, ok)
}

func TestReadAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"203.0.113.7":              "203.0.113.7",
		" 203.0.113.7 ":            "203.0.113.7",
		"203.0.113.7:443":          "203.0.113.7",
		"2001:db8::1":              "2001:db8::1",
		"2001:DB8::1":              "2001:db8::1",
		"[2001:db8::1]":            "2001:db8::1",
		"[2001:db8::1]:443":        "2001:db8::1",
		"fe80::1%eth0":             "fe80::1",
		"[fe80::1%eth0]:443":       "fe80::1",
		"::ffff:192.0.2.1":         "::ffff:192.0.2.1",
		"":                         "",
		"localhost":                "",
		"203.0.113.7/24":           "",
		"203.0.113":                "",
		"203.0.113.07":             "",
		"[203.0.113.7]":            "",
		"gce-internal-ip":          "",
		"203.0.113.7, 203.0.113.8": "",
	} {
		addr, ok := readAddress(raw)
		require.Equal(t, want != "", ok, raw)
		if ok {
			require.Equal(t, want, addr.String(), raw)
		}
	}
}

func FuzzReadTime(f *testing.F) {
	f.Add("2026-03-04T05:06:07Z")
	f.Add("1772600767.5")
	f.Add("0001-01-01T00:00:00+02:00")
	f.Add("4294967295000")
	f.Fuzz(func(t *testing.T, s string) {
		if at, ok := parseTime(s); ok {
			require.True(t, isPossible(at))
			_, err := time.Parse("2006-01-02T15:04:05Z", at.Format("2006-01-02T15:04:05Z"))
			require.NoError(t, err)
		}
	})
}
