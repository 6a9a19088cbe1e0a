// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// approvals returns n records; every tenth has a comment that is too long for the field that tooLong gives it.
func approvals(n int) (logs plog.Logs, long int) {
	logs = plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "billing")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 5, 4, 7, 0, 0, i, time.UTC)))
		lr.SetEventName("invoice.approve")
		lr.Attributes().PutStr("user.id", "u-1001")
		if i%10 == 0 {
			lr.Attributes().PutStr("app.comment", strings.Repeat("approved. ", 200))
			long++
		}
	}
	return logs, long
}

// tooLong is a mapping that somebody has to mend.
const tooLong = `
connectors:
  aws_cloudtrail_lake:
    on_invalid: reject
    mappings: [{fields: {userAgent: 'log.attributes["app.comment"]'}}]
`

// outcomes reads what file exporters wrote, and counts records by the connector's outcome.
func outcomes(t *testing.T, file string) (records []plog.LogRecord, byOutcome map[string]int) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	byOutcome = map[string]int{}
	for line := range bytes.Lines(text) {
		torn := bytes.LastIndex(line, []byte(`{"resourceLogs"`)) // a write that failed left the beginning of a record
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line[max(0, torn):])
		require.NoError(t, err)
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					outcome, _ := lr.Attributes().Get("aws.cloudtrail_lake.outcome")
					byOutcome[outcome.Str()]++
					records = append(records, lr)
				}
			}
		}
	}
	return records, byOutcome
}

// connectorExample is one of the examples with the connector, as it is, with its files in a folder.
func connectorExample(name, folder string) setup {
	return setup{
		config: repository + "/examples/" + name + ".yaml", kind: "connectors", extensions: "file_storage, ",
		env: []string{"STATE_DIR=" + folder},
	}
}

// The configuration of examples/dead-letter.yaml, as it is: what is rejected is in the file, and goes back in with the
// commands of docs/dead-letter.md when the mapping is mended. It then gives the events that it would have given at once.
func TestDeadLetterExample(t *testing.T) {
	state := t.TempDir()
	set := connectorExample("dead-letter", state)
	set.override = tooLong
	logs, long := approvals(200)
	broken := start(t, set)
	sendGRPC(t, broken.grpc, logs)
	metrics := broken.settled(t, 200)
	assert.EqualValues(t, long, failed(metrics))
	broken.stop(t)
	_, byOutcome := outcomes(t, filepath.Join(state, "dead-letter.json"))
	assert.Equal(t, map[string]int{"rejected": long}, byOutcome)

	set.override = ""
	set.env = append(set.env, "ACCEPT_REPLAY=true")
	mended := start(t, set)
	sendAgain(t, state, mended)
	assert.EqualValues(t, long, ingested(mended.settled(t, long)))
	mended.stop(t)

	set.env = []string{"STATE_DIR=" + t.TempDir()}
	direct := start(t, set)
	sendGRPC(t, direct.grpc, logs)
	direct.settled(t, 200)
	assert.Equal(t, dataOf(direct, `"app.comment"`), dataOf(mended, ""))
	assert.Len(t, dataOf(mended, ""), long)
}

// sendAgain gives what the folder's dead-letter.json holds back, with the commands of docs/dead-letter.md, under the name that these
// have for it.
func sendAgain(t *testing.T, folder string, to *stack) {
	require.NoError(t, os.Rename(filepath.Join(folder, "dead-letter.json"), filepath.Join(folder, "rejected.json")))
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("the commands of docs/dead-letter.md need ", tool)
		}
	}
	page, err := os.ReadFile(repository + "/docs/dead-letter.md")
	require.NoError(t, err)
	const begin = `sed 's/.*{"resourceLogs"`
	_, commands, found := strings.Cut(string(page), "```sh\n"+begin)
	require.True(t, found, "the commands are not where they were")
	commands, _, _ = strings.Cut(begin+commands, "```")
	shell := exec.Command("bash", "-euo", "pipefail", "-c", strings.ReplaceAll(commands, "127.0.0.1:4318", to.http))
	shell.Dir = folder
	output, err := shell.CombinedOutput()
	require.NoError(t, err, string(output))
}

// A trimmed record's event is in CloudTrail: sending again what was rejected must not store it twice.
func TestTrimmedIsNotSentAgain(t *testing.T) {
	const n, wrong, large = 100, 20, 8
	state := t.TempDir()
	set := connectorExample("dead-letter", state)
	set.faults.Events = []emulator.EventFault{{Match: emulator.Match{EventName: "wrong"}, Code: "InvalidData"}}
	logs, _ := approvals(n)
	for i, lr := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		if i < wrong {
			lr.SetEventName("wrong")
		} else if i < wrong+large {
			lr.Attributes().PutStr("app.note", strings.Repeat("x", 40_000))
		}
	}
	refusing := start(t, set)
	sendGRPC(t, refusing.grpc, logs)
	refusing.settled(t, n)
	refusing.stop(t)
	_, rejected := outcomes(t, filepath.Join(state, "dead-letter.json"))
	assert.Equal(t, map[string]int{"rejected": wrong}, rejected)
	_, trimmed := outcomes(t, filepath.Join(state, "trimmed.json"))
	assert.Equal(t, map[string]int{"trimmed": large}, trimmed)

	set.faults = emulator.Faults{}
	set.env = append(set.env, "ACCEPT_REPLAY=true")
	mended := start(t, set)
	sendAgain(t, state, mended)
	assert.EqualValues(t, wrong, ingested(mended.settled(t, wrong)))
	mended.stop(t)
	assert.Len(t, dataOf(mended, `"eventName":"wrong"`), wrong)
	assert.Empty(t, dataOf(mended, `"app.note"`))
}

// dataOf returns the events that hold a text, by their ids.
func dataOf(s *stack, text string) map[string]string {
	data := map[string]string{}
	for _, e := range s.lake.Events() {
		if bytes.Contains(e.EventData, []byte(text)) {
			data[e.ID] = string(e.EventData)
		}
	}
	return data
}

// The configuration of examples/receipts.yaml, as it is, while the service fails in many ways: a receipt for each event that
// it lists as successful, with what it says of it, and the record of each that it does not have.
func TestReceiptsExample(t *testing.T) {
	state := t.TempDir()
	set := connectorExample("receipts", state)
	set.override = tooLong
	set.faults = emulator.Faults{
		Seed:     3,
		Events:   []emulator.EventFault{{Code: "Throttling", Rate: 0.05}, {Code: emulator.CodeNotListed, Rate: 0.05}},
		Requests: []emulator.RequestFault{{Cut: emulator.CutBefore, Rate: 0.1}, {Code: "ServiceUnavailable", Rate: 0.1}},
	}
	s := start(t, set)
	const n = 2000
	logs, long := approvals(n)
	sendGRPC(t, s.grpc, logs)
	s.settled(t, n)
	s.stop(t)

	_, rejected := outcomes(t, filepath.Join(state, "dead-letter.json"))
	assert.Equal(t, map[string]int{"rejected": long}, rejected)
	receipts, ingested := outcomes(t, filepath.Join(state, "receipts.json"))
	assert.Equal(t, map[string]int{"ingested": n - long}, ingested)
	told := map[string]string{} // CloudTrail's id by ours
	for _, lr := range receipts {
		attributes := lr.Attributes().AsRaw()
		told[fmt.Sprint(attributes["aws.cloudtrail_lake.id"])] = fmt.Sprint(attributes["aws.cloudtrail_lake.cloudtrail_event_id"])
	}
	stored := map[string]string{}
	for _, e := range s.lake.Events() {
		require.True(t, json.Valid(e.EventData))
		stored[e.ID] = e.EventID
	}
	assert.Equal(t, stored, told)
}
