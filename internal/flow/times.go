// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"go.uber.org/zap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// warnOfTime names and counts an ingested event that CloudTrail has acknowledged and may remove again. The mapping has marked most
// of them. It compares with the time of observation, which a sender may have set to the event's own; here the present counts.
func (p *push) warnOfTime(e *event) {
	var action mapping.Action
	var found bool
	for _, action = range [...]mapping.Action{mapping.OutOfRange, mapping.Expired} {
		if found = e.repaired.Has(mapping.EventTime, action); found {
			break
		}
	}
	if !found {
		if action, found = mapping.CheckTime(e.time, e.ingestedAt, p.opts.Retention); !found {
			return
		}
		e.repaired.Add(mapping.EventTime, action)
	}
	p.logger.Warn("Event ingested, but CloudTrail may not keep it: check its time.",
		zap.ByteString("id", e.id), zap.ByteString("uid", e.uid), zap.String("preset", e.preset), zap.Stringer("action", action))
}
