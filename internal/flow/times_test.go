// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// Events with times that CloudTrail may not keep are sent, counted once and named in the log, however often they are tried.
func TestTimesThatAreNotKept(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name      string
		age       time.Duration
		timestamp pcommon.Timestamp // instead of age
		observed  bool              // at the event's own time
		retention time.Duration
		action    string // "" = the event is not repaired
		warns     bool
	}{
		{name: "of now", age: time.Second, retention: 30 * day},
		{name: "older than the retention", age: 31 * day, retention: 30 * day, action: "expired", warns: true},
		{name: "observed long ago", age: 31 * day, observed: true, retention: 30 * day, action: "expired", warns: true},
		{name: "observed by a clock that is ahead", age: -2 * day, observed: true, action: "out_of_range", warns: true},
		{name: "old, and no retention set", age: 31 * day},
		{name: "older than any retention", age: 3654 * day, action: "out_of_range", warns: true},
		{name: "ahead", age: -2 * day, retention: 30 * day, action: "out_of_range", warns: true},
		{name: "impossible", timestamp: 1_777_885_964, retention: 30 * day, action: "filled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mapper, err := mapping.New(mapping.Config{RecipientAccountID: "111122223333", OnInvalid: mapping.Repair, Retention: tt.retention})
			require.NoError(t, err)
			refusals := 2
			s := &service{code: func(string) string {
				if refusals--; refusals >= 0 {
					return "Throttling"
				}
				return ""
			}}
			r := newRig(t, s, func(o *Options) { o.Mapper, o.Retention = mapper, tt.retention })
			now := time.Now()
			logs := records(1)
			lr := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
			lr.SetTimestamp(pcommon.NewTimestampFromTime(now.Add(-tt.age)))
			if tt.observed {
				lr.SetObservedTimestamp(lr.Timestamp())
			}
			if tt.timestamp != 0 {
				lr.SetTimestamp(tt.timestamp)
			}
			Admit(logs, now, false)
			require.Zero(t, r.push(logs, 5).LogRecordCount())
			require.Len(t, s.stored, 1)
			r.balanced()

			var repaired int64
			if tt.action != "" {
				repaired = 1
				require.EqualValues(t, 1, r.sum("events_repaired", attribute.String("field", "eventTime"), attribute.String("action", tt.action)))
			}
			require.Equal(t, repaired, r.sum("events_repaired"))
			warnings := strings.Count(r.logs.text(), "CloudTrail may not keep it")
			if !tt.warns {
				require.Zero(t, warnings)
				return
			}
			require.Equal(t, 1, warnings)
			require.Contains(t, r.logs.text(), `"id":"e0","uid":"e0","preset":"semconv","action":"`+tt.action+`"`)
		})
	}
}
