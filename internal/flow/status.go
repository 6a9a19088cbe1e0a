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

	mu   sync.Mutex
	host component.Host
	// serviceDown and outletDown say that CloudTrail, or a pipeline behind the connector, takes nothing.
	serviceDown, outletDown bool
}

func newStatus(logger *zap.Logger) *status { return &status{logger: logger} }

func (s *status) start(host component.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host, s.serviceDown, s.outletDown = host, false, false
}

// bad reports that events wait for something to be mended, as err says.
func (s *status) bad(err error) {
	s.broken(&s.serviceDown, "CloudTrail does not take events. They are kept, and sent when this is mended.", err)
}

// good reports that events are ingested.
func (s *status) good() { s.mended(&s.serviceDown, "CloudTrail takes events again.") }

// outletBad reports that a pipeline does not take records of what became of events.
func (s *status) outletBad(err error) {
	s.broken(&s.outletDown, "A pipeline behind the connector does not take records. They are kept, and offered again until it does.", err)
}

// outletGood reports that all pipelines take records.
func (s *status) outletGood() {
	s.mended(&s.outletDown, "The pipelines behind the connector take records again.")
}

func (s *status) broken(down *bool, message string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *down || s.host == nil {
		return
	}
	*down = true
	s.logger.Warn(message, zap.Error(err))
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(err))
}

func (s *status) mended(down *bool, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !*down {
		return
	}
	*down = false
	s.logger.Info(message)
	if !s.serviceDown && !s.outletDown {
		componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
}
