// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Admit prepares records for the queue, and changes them. One without any time gets the present as its time of observation,
// which then is the same at every attempt. The private attributes are removed: only this component says how often a record
// was tried.
func Admit(logs plog.Logs, now time.Time) {
	observed := pcommon.NewTimestampFromTime(now)
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if lr.Timestamp() == 0 && lr.ObservedTimestamp() == 0 {
					lr.SetObservedTimestamp(observed)
				}
				lr.Attributes().RemoveIf(func(name string, _ pcommon.Value) bool { return isHistory(name) }) // forged
			}
		}
	}
}
