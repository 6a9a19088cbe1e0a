// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// identity is what names an event. Copies of a record that meet in one request are numbered, since no two events of a request
// may have one id; the number is no part of the identity.
type identity struct{ id, uid string }

var number = regexp.MustCompile(`-[0-9]+$`)

func identityOf(id, uid string) identity { return identity{number.ReplaceAllString(id, ""), uid} }

// account says what became of each line of a file, by where the line begins.
type account struct {
	ingested map[int64][]identity        // once for each time that the service stored it
	refused  map[int64]map[identity]bool // what the service was asked to take, and refused for good
	rejected map[int64]map[identity]bool // what the collector says that it gave up
}

// take draws up the account from what the service has, and from what the connector emitted or the exporter logged. The
// collector has ended.
func take(t *testing.T, s *stack) account {
	a, lines := seen(t, s)
	if s.rejected != "" {
		for id, line := range emitted(t, s.rejected) {
			note(a.rejected, line, id)
		}
		return a
	}
	for _, id := range logged(t, s.log.Bytes()) {
		line, known := lines[id]
		require.True(t, known, "the collector says that %v was rejected; the service has never seen it", id)
		note(a.rejected, line, id)
	}
	return a
}

// seen is the part of the account that the service knows, and the lines of the events that it refused.
func seen(t *testing.T, s *stack) (account, map[identity]int64) {
	a := account{ingested: map[int64][]identity{}, refused: map[int64]map[identity]bool{}, rejected: map[int64]map[identity]bool{}}
	for _, e := range s.lake.Events() {
		line, uid := lineOf(t, e.EventData)
		a.ingested[line] = append(a.ingested[line], identityOf(e.ID, uid))
	}
	lines := map[identity]int64{}
	for _, r := range s.lake.Refused() {
		if r.Code != refusedCode {
			continue
		}
		line, uid := lineOf(t, []byte(r.EventData))
		lines[identityOf(r.ID, uid)] = line
		note(a.refused, line, identityOf(r.ID, uid))
	}
	return a, lines
}

// settled says whether the service has met each line.
func (a account) settled(in *input) bool { return len(a.ingested)+len(a.refused) == len(in.lines) }

// refusedCode is the code with which the service refuses the planted events.
const refusedCode = "InvalidData"

var refusePlanted = emulator.EventFault{Match: emulator.Match{EventName: refusedName}, Code: refusedCode}

func note(in map[int64]map[identity]bool, line int64, id identity) {
	if in[line] == nil {
		in[line] = map[identity]bool{}
	}
	in[line][id] = true
}

// lineOf finds in an event where its line begins, and its UID.
func lineOf(t *testing.T, event []byte) (line int64, uid string) {
	var data struct {
		UID                 string
		AdditionalEventData map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal(event, &data))
	require.NoError(t, json.Unmarshal(data.AdditionalEventData["log.file.record_offset"], &line))
	return line, data.UID
}

// logged reads the rejected events out of a collector's log.
func logged(t *testing.T, log []byte) (ids []identity) {
	lines := bufio.NewScanner(bytes.NewReader(log))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte("Event rejected.")) {
			continue
		}
		var fields struct{ ID, UID string }
		_, members, found := bytes.Cut(lines.Bytes(), []byte("\t{"))
		require.True(t, found, lines.Text())
		require.NoError(t, json.Unmarshal(append([]byte{'{'}, members...), &fields), lines.Text())
		ids = append(ids, identityOf(fields.ID, fields.UID))
	}
	require.NoError(t, lines.Err())
	return ids
}

// emitted reads the rejected records that the connector handed to the file exporter, by the identity of their events.
func emitted(t *testing.T, file string) map[identity]int64 {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	out := map[identity]int64{}
	for line := range bytes.Lines(text) {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
		require.NoError(t, err, string(line))
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					attributes := lr.Attributes().AsRaw()
					require.Equal(t, "rejected", attributes["aws.cloudtrail_lake.outcome"])
					require.Equal(t, refusedCode, attributes["aws.cloudtrail_lake.error_code"])
					id := identityOf(attributes["aws.cloudtrail_lake.id"].(string), attributes["aws.cloudtrail_lake.uid"].(string))
					out[id] = attributes["log.file.record_offset"].(int64)
				}
			}
		}
	}
	return out
}

// check holds the account to the file: each line was ingested, or rejected if and only if it was planted to be; each has one
// id and UID, however often it was stored, and no two have the same. It returns the number of twins: events more than there
// are lines.
func (a account) check(t *testing.T, in *input) (twins int) {
	owner := map[identity]int64{}
	var lost []int // counted from the first line
	wrong := 0
	for i, line := range in.lines {
		stored := a.ingested[line]
		if in.refused[line] {
			if len(a.rejected[line]) == 0 {
				lost = append(lost, i)
			}
			if len(stored) > 0 || len(a.rejected[line]) > 1 {
				wrong++
				t.Logf("line %d, which was to be refused: stored %v, rejected %v", line, stored, a.rejected[line])
			}
		} else {
			if len(stored) == 0 {
				lost = append(lost, i)
				continue
			}
			if len(a.rejected[line]) > 0 {
				wrong++
			}
			twins += len(stored) - 1
		}
		for id := range a.rejected[line] {
			stored = append(stored, id)
		}
		for _, id := range stored {
			if id != stored[0] {
				wrong++
				t.Logf("line %d has two identities: %v and %v", line, stored[0], id)
			}
			if other, taken := owner[id]; taken && other != line {
				wrong++
				t.Logf("lines %d and %d have one identity, %v", line, other, id)
			}
			owner[id] = line
		}
	}
	assert.Empty(t, lost, "lines that are neither ingested nor rejected")
	assert.Zero(t, wrong, "lines with a wrong outcome or identity")
	assert.Len(t, a.ingested, len(in.lines)-len(in.refused), "lines ingested")
	assert.Len(t, a.rejected, len(in.refused), "lines rejected")
	return twins
}
