// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"go.uber.org/zap"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// warnOfTime names an ingested event whose time is marked: CloudTrail has acknowledged it, and may remove it again.
func (p *push) warnOfTime(e *event) {
	for _, action := range [...]mapping.Action{mapping.OutOfRange, mapping.Expired} {
		if e.repaired.Has(mapping.EventTime, action) {
			p.logger.Warn("Event ingested, but CloudTrail may not keep it: check its time.",
				zap.ByteString("id", e.id), zap.ByteString("uid", e.uid), zap.String("preset", e.preset), zap.Stringer("action", action))
		}
	}
}
