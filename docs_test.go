// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

func page(t *testing.T, name string) string {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// TestDocsExample maps the record of the example, and compares its event with those that the README and docs/mapping/events.md show.
func TestDocsExample(t *testing.T) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "billing")
	rl.Resource().Attributes().PutStr("host.name", "ip-10-0-3-17")
	sl := rl.ScopeLogs().AppendEmpty()
	lr := sl.LogRecords().AppendEmpty()
	lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 5, 4, 7, 3, 21, 512_000_000, time.UTC)))
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetSeverityText("INFO")
	lr.SetEventName("invoice.approve")
	lr.Body().SetStr("invoice approved")
	for key, value := range map[string]any{
		"user.id": "u-1001", "user.email": "alice@example.com", "client.address": "203.0.113.17:51234",
		"user_agent.original": "billing-cli/2.14.0", "http.request.method": "POST",
		"url.path": "/v1/invoices/4711/approve", "http.response.status_code": int64(403), "app.invoice": "4711",
	} {
		require.NoError(t, lr.Attributes().PutEmpty(key).FromRaw(value))
	}

	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	mapper, err := cfg.NewMapper()
	require.NoError(t, err)
	batch := mapper.NewBatch()
	batch.Begin()
	batch.Within(rl.Resource(), sl.Scope())
	event := ""
	for _, made := range batch.Map(lr, 0, nil) {
		event = string(made.Data)
	}
	for file, heading := range map[string]string{"README.md": "## Example\n", "docs/mapping/events.md": "### An example\n"} {
		_, section, found := strings.Cut(page(t, file), heading)
		require.True(t, found, file)
		block := regexp.MustCompile("(?s)```json\n(.*?)```").FindStringSubmatch(section)
		require.NotNil(t, block, file)
		require.JSONEq(t, block[1], event, file)
	}
}

func TestDocsNameEveryPreset(t *testing.T) {
	text := page(t, "docs/mapping/sources.md")
	for _, p := range preset.All() {
		require.Contains(t, text, "| `"+p.Name+"` |")
	}
}

func TestDocsNameEveryMetric(t *testing.T) {
	documented, err := os.ReadFile("documentation.md")
	require.NoError(t, err)
	names := regexp.MustCompile(`(?m)^### (otelcol_\S+)`).FindAllStringSubmatch(string(documented), -1)
	require.NotEmpty(t, names)
	text := page(t, "docs/monitoring.md")
	for _, name := range names {
		require.Contains(t, text, "`"+name[1]+"`")
	}
}

// TestDocsTwins holds the query for copies with numbers to ids as they are: those of sources that end in a number, and
// those that the mapping makes.
func TestDocsTwins(t *testing.T) {
	found := regexp.MustCompile(`regexp_replace\(element_at\(.*?\), '(.*?)', ''\)`).FindStringSubmatch(page(t, "docs/queries.md"))
	require.NotNil(t, found)
	number := regexp.MustCompile(found[1])

	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	mapper, err := cfg.NewMapper()
	require.NoError(t, err)
	batch := mapper.NewBatch()
	batch.Begin()
	batch.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
	type event struct{ uid, id string }
	var events []event
	for _, id := range []string{
		"", "", "", // alike to the last byte
		"order-17", "order-18", "order-17", "7", "7-2-0", "7-10000000",
		"0a1b2c3d-0000-4000-8000-123456789012", "0a1b2c3d-0000-4000-8000-123456789013", "0a1b2c3d-0000-4000-8000",
		"67f0e9a1.1f2-3", "67f0e9a1-2", "67f0e9a1-3",
	} {
		lr := plog.NewLogRecord()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 5, 4, 7, 3, 21, 0, time.UTC)))
		lr.Body().SetStr("invoice approved")
		if id != "" {
			lr.Attributes().PutStr("log.record.uid", id)
		}
		var data struct {
			UID                 string
			AdditionalEventData struct {
				ID string `json:"exporter.id"`
			}
		}
		for _, made := range batch.Map(lr, 0, nil) {
			require.NoError(t, json.Unmarshal(made.Data, &data))
			events = append(events, event{data.UID, data.AdditionalEventData.ID})
		}
	}
	digest := events[0].id
	var copies []string
	for _, a := range events {
		for _, b := range events {
			if a.id == number.ReplaceAllString(b.id, "") && a.uid == b.uid && a.id != b.id {
				copies = append(copies, b.id)
			}
		}
	}
	require.ElementsMatch(t, []string{digest + "-2", digest + "-3", "order-17-2"}, copies)
}
