// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"

import (
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

// status tells the collector, and through it the health check, whether somebody has to mend something. It reports
// changes only.
type status struct {
	logger *zap.Logger

	mu     sync.Mutex
	host   component.Host
	broken bool
}

func newStatus(logger *zap.Logger) *status { return &status{logger: logger} }

func (s *status) start(host component.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host, s.broken = host, false
}

// bad reports that events wait for something to be mended, as err says.
func (s *status) bad(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken || s.host == nil {
		return
	}
	s.broken = true
	s.logger.Warn("CloudTrail does not take events. They are kept, and sent when this is mended.", zap.Error(err))
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(err))
}

// good reports that events are ingested.
func (s *status) good() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.broken {
		return
	}
	s.broken = false
	s.logger.Info("CloudTrail takes events again.")
	componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
}
