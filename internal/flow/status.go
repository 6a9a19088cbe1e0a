// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

// outageAfter is how long requests fail for reasons that pass before the component reports an outage. Back-off has tried several
// times by then.
const outageAfter = 15 * time.Second

// status tells the Collector, and through it the health check, whether someone has to fix something. It reports changes of the
// cause only.
type status struct {
	logger *zap.Logger

	mu   sync.Mutex
	host component.Host
	// service and outlet are the causes, by their codes, why CloudTrail, or a pipeline behind the connector, takes nothing;
	// "" = it does.
	service, outlet string
	// failing is since when all requests have failed for reasons that pass; zero = they have not.
	failing time.Time
}

func newStatus(logger *zap.Logger) *status { return &status{logger: logger} }

func (s *status) start(host component.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host, s.service, s.outlet, s.failing = host, "", "", time.Time{}
}

const serviceDown = "CloudTrail does not take events. The exporter keeps them, and sends them when this is fixed."

// bad reports that events wait until someone fixes something, as err says. code names the cause.
func (s *status) bad(code string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = time.Time{}
	s.broken(&s.service, code, serviceDown, err)
}

// unreachable reports a failure that passes by itself, once such failures have lasted.
func (s *status) unreachable(code string, err error, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing.IsZero() {
		s.failing = now
	}
	if now.Sub(s.failing) >= outageAfter {
		s.broken(&s.service, code, serviceDown, err)
	}
}

// answered notes that CloudTrail answered a request, whatever it said about the events.
func (s *status) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = time.Time{}
}

// good reports that CloudTrail accepts events.
func (s *status) good() { s.fixed(&s.service, "CloudTrail takes events again.") }

// outletBad reports that a pipeline does not take records of what became of events.
func (s *status) outletBad(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken(&s.outlet, "outlet",
		"A pipeline behind the connector does not take records. The connector keeps them, and offers them again until it does.", err)
}

// outletGood reports that all pipelines take records.
func (s *status) outletGood() {
	s.fixed(&s.outlet, "The pipelines behind the connector take records again.")
}

func (s *status) broken(current *string, code, message string, err error) {
	if *current == code || s.host == nil {
		return
	}
	*current = code
	s.logger.Warn(message, zap.Error(err))
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(err))
}

func (s *status) fixed(current *string, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if *current == "" {
		return
	}
	*current = ""
	s.logger.Info(message)
	if s.service == "" && s.outlet == "" {
		componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
}
