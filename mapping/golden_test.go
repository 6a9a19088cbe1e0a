// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
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
			text, err := os.ReadFile(input)
			require.NoError(t, err)
			logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
			require.NoError(t, err)
			e := mapOne(t, Repair, logs)
			require.Empty(t, e.Refused)
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

// mapOne maps the only record of logs.
func mapOne(tb testing.TB, onInvalid OnInvalid, logs plog.Logs) *Event {
	require.Equal(tb, 1, logs.LogRecordCount())
	rl := logs.ResourceLogs().At(0)
	sl := rl.ScopeLogs().At(0)
	b := newMapper(tb, onInvalid).NewBatch()
	b.Begin()
	b.Within(rl.Resource(), sl.Scope())
	return mapFirst(b, sl.LogRecords().At(0))
}

// mapFirst makes the first event of a record.
func mapFirst(b *Batch, lr plog.LogRecord) *Event {
	b.Open(lr)
	return b.Event(0, 0)
}

// accepted asserts that the service would take the event, as the emulator reads its documents.
func accepted(tb testing.TB, e *Event) {
	code, message := emulator.Check(e.Data, "111122223333")
	require.Empty(tb, code, message)
	require.Regexp(tb, `^[-_A-Za-z0-9]{1,128}$`, string(e.ID))
}
