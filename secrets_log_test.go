// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadatatest"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// canary is in each part of each record, but for what becomes its id and UID, and in each secret of the configuration.
const canary = "zqCanary7"

// canaries returns a record that has it in each of its parts.
func canaries() plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.SetSchemaUrl("https://example.com/" + canary)
	rl.Resource().Attributes().PutStr("service.name", canary)
	rl.Resource().Attributes().PutStr(canary+".key", "x")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(canary)
	sl.Scope().SetVersion(canary)
	sl.Scope().Attributes().PutStr(canary, canary)
	lr := sl.LogRecords().AppendEmpty()
	lr.SetTimestamp(1)
	lr.SetEventName(canary)
	lr.SetSeverityText(canary)
	lr.Body().SetStr(canary + " " + strings.Repeat("x", 300))
	a := lr.Attributes()
	a.PutStr("log.record.uid", "id-1")
	a.PutStr("user.id", canary+strings.Repeat("u", 2000)) // too long: repaired, or refused
	a.PutStr("password", canary)
	a.PutStr("client.address", canary)
	a.PutStr("http.request.method", canary)
	a.PutStr("not.utf8", canary+"\xff")
	a.PutInt(canary, 1)
	a.PutStr("aws.cloudtrail_lake.outcome", canary)
	return logs
}

// TestNothingOfEventsInLogs plays whatever can happen to a record, and looks through all that is logged at any level, and
// through the errors that are returned.
func TestNothingOfEventsInLogs(t *testing.T) {
	const temporaryKey = "ASIAIOSFODNN7EXAMPLE" // only such a key has a session token
	t.Setenv("AWS_ACCESS_KEY_ID", temporaryKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", canary)
	t.Setenv("AWS_SESSION_TOKEN", canary)
	quote := "The value '" + canary + "' of eventName is invalid"
	event := func(code string) emulator.Faults {
		return emulator.Faults{Events: []emulator.EventFault{{Code: code, Message: quote, Rate: 1}}}
	}
	request := func(code string, status int) emulator.Faults {
		return emulator.Faults{Requests: []emulator.RequestFault{{Code: code, Status: status, Message: quote, Rate: 1}}}
	}
	for name, c := range map[string]struct {
		faults emulator.Faults
		change func(*Config)
		logged string // a text that has to be in the log: what is looked for happened
	}{
		"ingested, repaired":  {},
		"rejected":            {faults: event("InvalidData"), logged: "Event rejected"},
		"rejected by a limit": {change: func(cfg *Config) { cfg.OnInvalid = mapping.Reject }, logged: "Event rejected"},
		"throttled":           {faults: event("Throttling"), logged: "Throttling"},
		"failed inside":       {faults: event("InternalFailure"), logged: "InternalFailure"},
		"an unknown code":     {faults: event("Teapot"), logged: "Event rejected"},
		"requests throttled":  {faults: request("ThrottlingException", 400), logged: "ThrottlingException"},
		"requests refused":    {faults: request("ValidationException", 400), logged: "ValidationException"},
		"an unknown answer":   {faults: request("Teapot", 418), logged: "418"},
		"server errors":       {faults: request("InternalServerError", 500), logged: "500"},
		"cut":                 {faults: emulator.Faults{Requests: []emulator.RequestFault{{Cut: emulator.CutBefore, Rate: 1}}}, logged: "are to be sent again"},
		"no service":          {faults: emulator.Faults{Outage: true}, logged: "are to be sent again"},
		"rules that fail": {change: func(cfg *Config) {
			cfg.Mappings = []mapping.Rule{
				{Name: "a", Condition: `Int(log.attributes["user.id"]["` + canary + `"]) == 1`},
				{Name: "b", Fields: map[string]any{"errorCode": `ParseJSON(log.body)`, "errorMessage": `Substring(log.event_name, 5, 5000)`}},
			}
		}},
		"a preset that does not fit": {change: func(cfg *Config) { cfg.Mappings = []mapping.Rule{{Preset: "okta"}} }},
	} {
		for _, queued := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, queued %t", name, queued), func(t *testing.T) {
				lake, err := emulator.New(emulator.Config{ChannelARN: testARN, ExternalID: canary, Keys: map[string]string{temporaryKey: canary}})
				require.NoError(t, err)
				server := httptest.NewServer(lake)
				defer server.Close()
				require.NoError(t, lake.SetFaults(c.faults))

				cfg := NewFactory().CreateDefaultConfig().(*Config)
				cfg.ChannelARN, cfg.Endpoint, cfg.Timeout = testARN, server.URL, time.Second
				cfg.ExternalID = configopaque.String(canary)
				cfg.RetryConfig.InitialInterval, cfg.RetryConfig.MaxInterval = time.Millisecond, 2*time.Millisecond
				if queued {
					cfg.QueueConfig.Get().Batch.Get().FlushTimeout = time.Millisecond
				} else {
					cfg.RetryConfig.Enabled = false
					cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
				}
				if c.change != nil {
					c.change(cfg)
				}
				require.NoError(t, cfg.Validate())

				core, logs := observer.New(zapcore.DebugLevel)
				telemetry := componenttest.NewTelemetry()
				defer func() { require.NoError(t, telemetry.Shutdown(context.Background())) }()
				set := metadatatest.NewSettings(telemetry)
				set.Logger = zap.New(core)
				exp, err := NewFactory().CreateLogs(context.Background(), set, cfg)
				require.NoError(t, err)
				require.NoError(t, exp.Start(context.Background(), componenttest.NewNopHost()))
				returned := exp.ConsumeLogs(context.Background(), canaries())
				require.Eventually(t, func() bool { return len(lake.Counts().Requests) > 0 || logs.Len() > 0 }, time.Minute, time.Millisecond)
				require.NoError(t, exp.Shutdown(context.Background()))

				said := fmt.Sprintf("%v", returned)
				for _, entry := range logs.All() {
					text, err := json.Marshal(entry.ContextMap())
					require.NoError(t, err)
					said += fmt.Sprintf("\n%s %s %s %s", entry.Level, entry.Message, entry.Stack, text)
				}
				require.NotContains(t, said, canary)
				require.Contains(t, said, c.logged)
			})
		}
	}
}
