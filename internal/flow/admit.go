// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// Admit prepares records for the queue, and changes them. A record without a possible time of observation gets the present, which
// then is the same at every attempt: it stands for a time that the source does not say, and the mapping compares other times with
// it. No attribute of a sender passes for one of this component. With replay, records that left through the connector keep what
// says which of their items are meant.
func Admit(logs plog.Logs, now time.Time, replay bool) {
	observed := pcommon.NewTimestampFromTime(now)
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if !mapping.IsPossibleTime(lr.ObservedTimestamp()) {
					lr.SetObservedTimestamp(observed)
				}
				attr.Admit(lr.Attributes(), replay)
			}
		}
	}
}
