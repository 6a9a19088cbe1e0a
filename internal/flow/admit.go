// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
)

// Admit prepares records for the queue, and changes them. A record without any time gets the present as its time of observation,
// which then is the same at every attempt. No attribute of a sender passes for one of this component. With replay, records that
// left through the connector keep what says which of their items are meant.
func Admit(logs plog.Logs, now time.Time, replay bool) {
	observed := pcommon.NewTimestampFromTime(now)
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if lr.Timestamp() == 0 && lr.ObservedTimestamp() == 0 {
					lr.SetObservedTimestamp(observed)
				}
				attr.Admit(lr.Attributes(), replay)
			}
		}
	}
}
