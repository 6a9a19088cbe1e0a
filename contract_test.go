// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver"
)

// contractReceiver takes PutAuditEvents, and lets the consumer that the contract's checker gives it decide on each event.
type contractReceiver struct {
	component.StartFunc
	component.ShutdownFunc
	next consumer.Logs
}

func (r *contractReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	type result struct {
		ID      string `json:"id"`
		EventID string `json:"eventID,omitempty"`
		Code    string `json:"errorCode,omitempty"`
	}
	var body struct {
		AuditEvents []struct{ ID, EventData string }
	}
	if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer := map[string][]result{"successful": {}, "failed": {}}
	for _, e := range body.AuditEvents {
		var event struct {
			AdditionalEventData struct {
				TestID string `json:"test_id"`
			}
		}
		if err := json.Unmarshal([]byte(e.EventData), &event); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		logs := plog.NewLogs()
		lr := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.Attributes().PutStr("test_id", event.AdditionalEventData.TestID)
		switch err := r.next.ConsumeLogs(req.Context(), logs); {
		case err == nil:
			answer["successful"] = append(answer["successful"], result{ID: e.ID, EventID: "e"})
		case consumererror.IsPermanent(err):
			answer["failed"] = append(answer["failed"], result{ID: e.ID, Code: "InvalidData"})
		default:
			answer["failed"] = append(answer["failed"], result{ID: e.ID, Code: "InternalFailure"})
		}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func TestConsumeContract(t *testing.T) {
	var at *contractReceiver
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { at.ServeHTTP(w, r) }))
	defer server.Close()

	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	cfg.Endpoint = server.URL
	cfg.RequestsPerSecond = 0
	cfg.RetryConfig.InitialInterval = time.Millisecond
	cfg.RetryConfig.MaxInterval = time.Millisecond
	cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]() // the checker counts as soon as ConsumeLogs returns

	exportertest.CheckConsumeContract(exportertest.CheckConsumeContractParams{
		T:                    t,
		NumberOfTestElements: 200,
		Signal:               pipeline.SignalLogs,
		ExporterFactory:      NewFactory(),
		ExporterConfig:       cfg,
		ReceiverFactory: receiver.NewFactory(component.MustNewType("contract"), func() component.Config { return nil },
			receiver.WithLogs(func(_ context.Context, _ receiver.Settings, _ component.Config, next consumer.Logs) (receiver.Logs, error) {
				at = &contractReceiver{next: next}
				return at, nil
			}, component.StabilityLevelDevelopment)),
	})
}
