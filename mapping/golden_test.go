// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden maps the records in testdata/golden/*.otlp.json, each one log record as OTLP has it in JSON, and compares
// the events with *.event.json.
func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/golden/*.otlp.json")
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, input := range inputs {
		name := strings.TrimSuffix(filepath.Base(input), ".otlp.json")
		t.Run(name, func(t *testing.T) {
			e := mapOne(t, Repair, readLogs(t, input))
			accepted(t, e)

			var got bytes.Buffer
			require.NoError(t, json.Indent(&got, e.Data, "", "  "))
			got.WriteByte('\n')
			golden := strings.TrimSuffix(input, ".otlp.json") + ".event.json"
			if *update {
				require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got.String())
		})
	}
}

// readLogs reads a file of OTLP as JSON.
func readLogs(tb testing.TB, file string) plog.Logs {
	text, err := os.ReadFile(file)
	require.NoError(tb, err)
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
	require.NoError(tb, err)
	return logs
}

// mapOne maps the only record of logs.
func mapOne(tb testing.TB, onInvalid OnInvalid, logs plog.Logs) *Event {
	require.Equal(tb, 1, logs.LogRecordCount())
	return mapFirst(batchFor(newMapper(tb, onInvalid), logs), recordOf(logs))
}

// batchFor returns a batch that is within the first resource and scope of logs.
func batchFor(m *Mapper, logs plog.Logs) *Batch {
	b := m.NewBatch()
	begin(b, logs)
	return b
}

// begin begins a batch within the first resource and scope of logs.
func begin(b *Batch, logs plog.Logs) {
	rl := logs.ResourceLogs().At(0)
	b.Begin()
	b.Within(rl.Resource(), rl.ScopeLogs().At(0).Scope())
}

// recordOf returns the first record of logs.
func recordOf(logs plog.Logs) plog.LogRecord {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

// mapFirst makes the first event of a record.
func mapFirst(b *Batch, lr plog.LogRecord) *Event {
	b.open(lr)
	return b.event(0, 0)
}

// accepted asserts that the service would take the event.
func accepted(tb testing.TB, e *Event) {
	require.Empty(tb, refusal(e))
}

// eventID is what the service takes for AuditEvent.id.
var eventID = regexp.MustCompile(`^[-_A-Za-z0-9]{1,128}$`)

// refusal says why the service would not take an event, as the emulator reads its documents; "" where it would.
func refusal(e *Event) string {
	if e.Refused != "" {
		return "refused before it was sent: " + e.Refused
	}
	if !eventID.Match(e.ID) {
		return "id " + strconv.Quote(string(e.ID))
	}
	if code, message := emulator.Check(e.Data, "111122223333"); code != "" {
		return code + ": " + message
	}
	return ""
}
