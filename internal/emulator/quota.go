// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"time"

	"golang.org/x/time/rate"
)

// quota is the service's limit of requests a second for each account and Region: AWS General Reference, "AWS CloudTrail
// endpoints and quotas". Nothing is published about bursts; a bucket of one second's requests is the least that lets a
// client use what it is allowed.
type quota struct {
	limiter *rate.Limiter // nil = no limit
}

func newQuota(perSecond int) quota {
	if perSecond == 0 {
		return quota{}
	}
	return quota{rate.NewLimiter(rate.Limit(perSecond), perSecond)}
}

func (q quota) take(now time.Time) *apiError {
	if q.limiter == nil || q.limiter.AllowN(now, 1) {
		return nil
	}
	return refusal("ThrottlingException", "Rate exceeded")
}
