// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// corpusRecord is one line of the corpus.
type corpusRecord struct {
	set    string // complete, fragments or extra
	source string
	line   int
	// text is the record as its source writes it: JSON, or a format of its own, and then parsed is nil.
	text   string
	parsed any
	// expected are what others made of the record, by who they are.
	expected map[string]map[string]any
}

func (r *corpusRecord) String() string { return fmt.Sprintf("%s/%s:%d", r.set, r.source, r.line) }

// The sets of the corpus, and the folders that they are in.
const (
	complete  = "complete"  // whole records
	fragments = "fragments" // records of the same sources, of which parts were cut away
	extra     = "extra"     // records of other sources
)

var corpusFolders = map[string]string{complete: ".", fragments: "fragments", extra: "extra"}

// restore undoes what was done to records on their way into the corpus, and no source does: key by key, below the member
// "in" where that is given.
var restore = append([]restoration{
	{"gcp_audit", "", "at_sign_type", "@type", "names of the columns of a database may not begin with an @"},
	{"github", "", "at_sign_timestamp", "@timestamp", "the same"},
	{"gcp_audit", "requestMetadata", "callerIP", "callerIp", "AuditLog spells it callerIp: https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog#RequestMetadata"},
}, lowered("aws_cloudtrail", "awsRegion", "eventCategory", "eventID", "eventName", "eventSource", "eventTime", "eventVersion", "managementEvent", "userIdentity")...)

type restoration struct{ source, in, from, to, reason string }

// lowered restores keys that a database has written in lower case.
func lowered(source string, keys ...string) (out []restoration) {
	for _, key := range keys {
		out = append(out, restoration{source, "", strings.ToLower(key), key, "names of columns are lower case"})
	}
	return out
}

// loadCorpus reads the corpus: real audit records with independent expectations, where AUDIT_CORPUS_DIR says.
func loadCorpus(tb testing.TB) []*corpusRecord {
	root := os.Getenv("AUDIT_CORPUS_DIR")
	if root == "" {
		tb.Skip("AUDIT_CORPUS_DIR is not set")
	}
	var all []*corpusRecord
	for _, set := range []string{complete, fragments, extra} {
		files, err := filepath.Glob(filepath.Join(root, corpusFolders[set], "*.jsonl"))
		require.NoError(tb, err)
		require.True(tb, set != complete || len(files) > 0, "no records in AUDIT_CORPUS_DIR")
		for _, file := range files {
			source := strings.TrimSuffix(filepath.Base(file), ".jsonl")
			if strings.Contains(source, ".") {
				continue // says something of the records of another file
			}
			all = append(all, loadSource(tb, set, source, file)...)
		}
	}
	return all
}

func loadSource(tb testing.TB, set, source, file string) []*corpusRecord {
	var records []*corpusRecord
	for i, line := range readLines(tb, file) {
		r := &corpusRecord{set: set, source: source, line: i + 1, text: line, expected: map[string]map[string]any{}}
		switch v := decodeJSON(tb, line).(type) {
		case string:
			r.text = v
		default:
			var changed bool
			r.parsed, changed = restored(source, "", v)
			if changed {
				r.text = encodeJSON(tb, r.parsed)
			}
		}
		records = append(records, r)
	}
	for _, who := range []string{"ecs", "panther"} {
		expectations := strings.TrimSuffix(file, ".jsonl") + ".expected-" + who + ".jsonl"
		if _, err := os.Stat(expectations); err != nil {
			continue
		}
		lines := readLines(tb, expectations)
		require.Len(tb, lines, len(records), expectations)
		for i, line := range lines {
			if e, ok := decodeJSON(tb, line).(map[string]any); ok {
				records[i].expected[who] = e
			}
		}
	}
	if source == "ecs" {
		for _, r := range records {
			r.expected["ecs"], _ = r.parsed.(map[string]any) // such a record says itself what it means
		}
	}
	return records
}

func readLines(tb testing.TB, file string) (lines []string) {
	f, err := os.Open(file)
	require.NoError(tb, err)
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	require.NoError(tb, s.Err())
	return lines
}

// decodeJSON keeps numbers as they are written.
func decodeJSON(tb testing.TB, text string) (v any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	require.NoError(tb, d.Decode(&v))
	return v
}

func encodeJSON(tb testing.TB, v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	require.NoError(tb, e.Encode(v))
	return strings.TrimSuffix(b.String(), "\n")
}

// restored returns v, which stands under a key of a source's record, as the source has it.
func restored(source, under string, v any) (_ any, changed bool) {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, child := range v {
			child, c := restored(source, key, child)
			changed = changed || c
			for _, r := range restore {
				if r.source == source && r.from == key && (r.in == "" || r.in == under) {
					key, changed = r.to, true
				}
			}
			out[key] = child
		}
		return out, changed
	case []any:
		out := make([]any, len(v))
		for i := range v {
			var c bool
			out[i], c = restored(source, under, v[i])
			changed = changed || c
		}
		return out, changed
	default:
		return v, false
	}
}

// observed is when the records of the corpus are observed: no source says this time.
const observed = pcommon.Timestamp(2_000_000_000_000_000_000)

// forms are the ways in which a receiver may hand a record on.
var forms = []struct {
	name string
	// put puts the record into the body, or says that it cannot come in this form.
	put func(r *corpusRecord, body pcommon.Value) bool
}{
	{"map", func(r *corpusRecord, body pcommon.Value) bool {
		if r.parsed == nil {
			return false
		}
		putValue(body, r.parsed, false)
		return true
	}},
	// As the Collector's own parsers of JSON leave it: contrib's json_parser, unless parse_ints is set, and ParseJSON.
	{"map of floats", func(r *corpusRecord, body pcommon.Value) bool {
		if r.parsed == nil {
			return false
		}
		putValue(body, r.parsed, true)
		return true
	}},
	{"text", func(r *corpusRecord, body pcommon.Value) bool {
		body.SetStr(r.text)
		return true
	}},
}

// putValue puts a decoded value into v, in the order of its keys; whole numbers as floats, if that is wanted and such holds
// them.
func putValue(v pcommon.Value, raw any, floats bool) {
	switch raw := raw.(type) {
	case map[string]any:
		m := v.SetEmptyMap()
		for _, key := range sortedKeys(raw) {
			putValue(m.PutEmpty(key), raw[key], floats)
		}
	case []any:
		s := v.SetEmptySlice()
		for _, item := range raw {
			putValue(s.AppendEmpty(), item, floats)
		}
	case json.Number:
		i, err := raw.Int64()
		f, _ := raw.Float64() // the corpus has no number that is none
		if exact := -1<<53 <= i && i <= 1<<53; err != nil || floats && exact {
			v.SetDouble(f)
		} else {
			v.SetInt(i)
		}
	case string:
		v.SetStr(raw)
	case bool:
		v.SetBool(raw)
	}
}

// corpusLog returns a log record with an empty body, as a file's reader makes one.
func corpusLog() plog.LogRecord {
	lr := plog.NewLogRecord()
	lr.SetObservedTimestamp(observed)
	return lr
}

// log returns a log record with the record as a map, or as text where it is no JSON.
func (r *corpusRecord) log() plog.LogRecord {
	lr := corpusLog()
	if r.parsed == nil {
		lr.Body().SetStr(r.text)
	} else {
		putValue(lr.Body(), r.parsed, false)
	}
	return lr
}

// mapCorpus maps one record, and gives each of its events, which are valid until the next.
func mapCorpus(b *Batch, lr plog.LogRecord, each func(item int, e *Event)) {
	for i := range openCorpus(b, lr) {
		each(i, b.event(i, 0))
	}
}

// openCorpus returns the number of events that the record makes.
func openCorpus(b *Batch, lr plog.LogRecord) int {
	b.Begin()
	b.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
	return b.open(lr)
}
