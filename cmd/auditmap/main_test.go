// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files, and the examples' output in the documentation, anew")

// beMain makes the test's own program be auditmap, for examples that a shell runs.
const beMain = "AUDITMAP_TEST_BE_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(beMain) != "" {
		main()
	}
	goleak.VerifyTestMain(m)
}

const testARN = "arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE"

// outcome is what a run of the program left.
type outcome struct {
	code           int
	stdout, stderr string
}

// auditmap runs the program at a fixed time. terminals are those of its files that are terminals.
func auditmap(stdin io.Reader, env map[string]string, terminals string, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	p := &program{
		stdin: stdin, stdout: &stdout, stderr: &stderr,
		getenv: func(name string) string { return env[name] },
		now:    func() time.Time { return time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC) },
	}
	p.terminal = func(f any) bool {
		return strings.Contains(terminals, "stdin") && f == p.stdin || strings.Contains(terminals, "stdout") && f == p.stdout ||
			strings.Contains(terminals, "stderr") && f == p.stderr
	}
	code := p.run(args)
	return outcome{code, stdout.String(), stderr.String()}
}

// golden compares with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestMapGolden(t *testing.T) {
	t.Setenv("AUDITMAP_TEST_CHANNEL_ARN", testARN)
	for _, tt := range []struct {
		golden, terminals string
		args              []string
		code              int
	}{
		{"ndjson.json.golden", "", []string{"testdata/ndjson.log"}, exitOK},
		{"ndjson.text.golden", "", []string{"-output", "text", "testdata/ndjson.log"}, exitOK},
		{"ndjson.colour.golden", "stdout stderr", []string{"testdata/ndjson.log"}, exitOK},
		{"attributes.golden", "", []string{"testdata/ndjson.log", "-as", "attributes", "-attribute", "team=a=b", "-resource", "service.name=x"}, exitOK},
		{"text.golden", "", []string{"map", "testdata/text.log"}, exitOK},
		{"otlp.golden", "", []string{"testdata/otlp.json", "-resource", "host.name=h1"}, exitOK},
		{"list.golden", "", []string{"testdata/list.json"}, exitOK},
		{"reject.json.golden", "", []string{"-config", "testdata/reject.yaml", "testdata/text.log", "testdata/list.json"}, exitFinding},
		{"rules.text.golden", "", []string{"-config", "testdata/rules.yaml", "-exporter", "aws_cloudtrail_lake/rules", "-output", "text", "testdata/secrets.log"}, exitOK},
		{"rules.json.golden", "", []string{"-config", "testdata/rules.yaml", "-exporter", "aws_cloudtrail_lake/rules", "testdata/secrets.log"}, exitOK},
		{"reject.text.golden", "", []string{"-config", "testdata/reject.yaml", "-output", "text", "testdata/text.log"}, exitFinding},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			got := auditmap(strings.NewReader(""), nil, tt.terminals, tt.args...)
			require.Equal(t, tt.code, got.code, got.stderr)
			golden(t, tt.golden, got.stdout+"--- standard error\n"+got.stderr)
			require.NotContains(t, got.stdout, "correct horse")
		})
	}
}

// rejectedItem is what leaves through the connector when CloudTrail has rejected the second of three items.
const rejectedItem = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"{\"Records\":[{\"event.action\":\"a\"},{\"event.action\":\"b\"},{\"event.action\":\"c\"}]}"},` +
	`"attributes":[{"key":"aws.cloudtrail_lake.outcome","value":{"stringValue":"rejected"}},{"key":"aws.cloudtrail_lake.items","value":{"arrayValue":{"values":[{"intValue":"1"}]}}}]}]}]}]}`

// Every exit code that -help promises, and every mistake that a command line can hold.
func TestExitCodes(t *testing.T) {
	t.Setenv("AUDITMAP_TEST_CHANNEL_ARN", testARN)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	twoCases := write("two.yaml", "cases:\n- {input: a, expect: {eventNam: x}}\n")
	for _, tt := range []struct {
		name, args, stdin string
		code              int
		says              string
	}{
		{"map", "", `{"event.action":"a"}`, exitOK, "1 record, 1 event: 0 unchanged, 1 repaired, 0 refused"},
		{"nothing", "", "", exitOK, "0 records, 0 events"},
		{"stdin by name", "-", `{"event.action":"a"}`, exitOK, "1 record"},
		{"quiet", "-quiet", `{"event.action":"a"}`, exitOK, ""},
		{"help", "-help", "", exitOK, "Exit codes:"},
		{"help as a word", "help", "", exitOK, "Exit codes:"},
		{"help of map", "map -help", "", exitOK, "-max-record"},
		{"help of test", "test -help", "", exitOK, "cases:"},
		{"refused", "-config testdata/reject.yaml", "x", exitFinding, "1 refused"},
		{"no such file", dir + "/none", "", exitUsage, "none"},
		{"no such file, and another", dir + "/none " + twoCases, "", exitUsage, "2 records,"},
		{"a folder", dir, "", exitUsage, "is a directory"},
		{"no such flag", "-bogus", "", exitUsage, "see auditmap map -help"},
		{"format", "-format xml", "", exitUsage, "write auto, ndjson, json, otlp or text"},
		{"as", "-as xml", "", exitUsage, "write text, body or attributes"},
		{"output", "-output xml", "", exitUsage, "-output: write auto, text or json"},
		{"max-record", "-max-record 0", "", exitUsage, "-max-record: write a number of bytes"},
		{"resource", "-resource x", "", exitUsage, "write KEY=VALUE"},
		{"exporter alone", "-exporter x", "", exitUsage, "-exporter is one of -config"},
		{"preset and config", "-preset okta -config x", "", exitUsage, "exclude each other"},
		{"no such preset to map by", "-preset bogus", "", exitUsage, "mappings[0].preset: "},
		{"a preset that does not fit", "-preset kubernetes_audit", `{"a":1}`, exitOK, `"errors":[{"rule":"0","field":"preset"}]`},
		{"no configuration", "-config " + dir + "/gone.yaml", "", exitUsage, "gone.yaml"},
		{"no exporter", "-config yaml:exporters::debug::", "", exitUsage, "-config has no exporter or connector aws_cloudtrail_lake"},
		{"no such exporter", "-config testdata/two.yaml -exporter aws_cloudtrail_lake/x", "", exitUsage, "-config has no exporter or connector aws_cloudtrail_lake/x"},
		{"several exporters", "-config testdata/two.yaml", "", exitUsage, "choose one with -exporter: aws_cloudtrail_lake, aws_cloudtrail_lake/broken"},
		{"broken exporter", "-config testdata/two.yaml -exporter aws_cloudtrail_lake/broken", "", exitUsage, "channel_arn: "},
		{"connector", "-config ../../examples/dead-letter.yaml", `{"event.action":"a"}`, exitOK, "1 event"},
		{"connector and exporter of one ID", "-config ../../examples/dead-letter.yaml -config ../../examples/minimal.yaml", "", exitUsage, "an exporter and a connector aws_cloudtrail_lake"},
		{"rejected item of a list", "-format otlp -output json", rejectedItem, exitOK, `"at":"stdin:1[1]"`},
		{"and no other", "-format otlp", rejectedItem, exitOK, "1 record, 1 event"},
		{"after --", "-output json -- -x", "", exitUsage, "open -x"},

		{"long line", "-max-record 20", "{\"event.action\":\"long\"}\n{\"a\":1}\n", exitInput, "stdin:1: the line is longer than 20 bytes"},
		{"not what was told", "-format ndjson", "{\"a\":1}\nx\n{\"b\":2} y\n{\"c\":", exitInput, "stdin:2: this is not a JSON object"},
		{"something behind it", "-format ndjson", "{\"b\":2} y", exitInput, "something behind it"},
		{"not OTLP", "-format otlp", "{\"a\":1}", exitInput, `it has no list "resourceLogs"`},
		{"broken OTLP", "", `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"x"}]}]}]}`, exitInput, "stdin:1: this is not OTLP as JSON"},
		{"list without end", "", "[\n{\"a\":1}", exitInput, "stdin:2: the list that began before has no end"},
		{"object without end", "-format json", "\n{\"a\":1", exitInput, "stdin:2: the JSON object that begins here has no end"},
		{"no comma", "-format json", "[{\"a\":1} {\"a\":1}]", exitInput, "a comma is missing"},
		{"no object", "-format json", "{} 17", exitInput, "'1' stands where a record, a JSON object, should begin"},
		{"two commas", "-format json", "[{},,{}]", exitInput, "',' stands where"},
		{"object too long", "-max-record 9 -format json", "{\"a\":1}\n{\"a\":12345}\n{\"b\":1}", exitInput, "stdin:2: the JSON object that begins here is longer than 9 bytes"},
		{"UTF-16", "", "\xff\xfe{\x00", exitInput, "this is UTF-16"},

		{"lint", "lint -config testdata/two.yaml -exporter aws_cloudtrail_lake", "", exitOK, "aws_cloudtrail_lake: ok"},
		{"lint of a connector", "lint ../../examples/receipts.yaml", "", exitOK, "aws_cloudtrail_lake: ok"},
		{"lint finds", "lint testdata/two.yaml", "", exitFinding, "aws_cloudtrail_lake/broken: on_invalid: "},
		{"lint without a file", "lint", "", exitUsage, "lint needs -config FILE"},
		{"lint of no file", "lint -config " + dir + "/gone.yaml", "", exitUsage, "gone.yaml"},
		{"lint of no YAML", "lint -config " + write("bad.yaml", "a: [") + " ", "", exitUsage, "bad.yaml: "},
		{"lint flag", "lint -x", "", exitUsage, "see auditmap lint -help"},

		{"test", "test testdata/pass.yaml", "", exitOK, "5 cases, 0 failed"},
		{"test fails", "test testdata/fail.yaml -preset auto", "", exitFinding, "4 cases, 4 failed"},
		{"test without a file", "test", "", exitUsage, "at least one file of cases"},
		{"test of no file", "test " + dir + "/none", "", exitUsage, "none"},
		{"test of no cases", "test " + write("empty.yaml", "cases: []"), "", exitUsage, "no cases"},
		{"test with a wrong key", "test " + write("key.yaml", "case: []"), "", exitUsage, "field case not found"},
		{"test with a wrong case", "test " + write("case.yaml", "cases:\n- inputs: a\n"), "", exitUsage, `line 2: a case has no "inputs"`},
		{"test with a wrong field", "test " + twoCases, "", exitUsage, `two.yaml:2: expect: an event has no field "eventNam"`},
		{"test without a record", "test " + write("none.yaml", "cases:\n- {expect: {}}\n"), "", exitUsage, "the case has no record"},
		{"test with two records", "test " + write("both.yaml", "cases:\n- {input: a, otlp: b, expect: {}}\n"), "", exitUsage, "otlp is the whole record"},
		{"test without expect", "test " + write("expect.yaml", "cases:\n- {input: a}\n"), "", exitUsage, "expects nothing"},
		{"test with a list as input", "test " + write("list.yaml", "cases:\n- {input: [], expect: {}}\n"), "", exitUsage, "input: write text, or a map"},
		{"test without its config", "test " + write("config.yaml", "config: gone.yaml\ncases:\n- {input: a, expect: {}}\n"), "", exitUsage, "gone.yaml"},
		{"test with wrong OTLP", "test " + write("otlp.yaml", "cases:\n- {otlp: {a: 1}, expect: {}}\n"), "", exitUsage, `it has no list "resourceLogs"`},

		{"presets", "presets", "", exitOK, "semconv"},
		{"preset", "presets semconv", "", exitOK, "userIdentity.principalId"},
		{"no such preset", "presets none", "", exitUsage, `there is no preset "none"`},
		{"two presets", "presets a b", "", exitUsage, "not 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := auditmap(strings.NewReader(tt.stdin), nil, "", strings.Fields(tt.args)...)
			require.Equal(t, tt.code, got.code, got.stdout+got.stderr)
			require.Contains(t, got.stdout+got.stderr, tt.says)
			if tt.says == "" {
				require.Empty(t, got.stderr)
			}
		})
	}
}

// auditmap reads texts from the environment, and reports texts that YAML changed, as the collector does.
func TestConfigTexts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	write := func(section, static string) {
		require.NoError(t, os.WriteFile(path, []byte(section+":\n  aws_cloudtrail_lake:\n    channel_arn: "+testARN+
			"\n    mappings: [{name: '${env:TEST_VALUE}', static: {"+static+"}}]\n"), 0o600))
	}
	for _, section := range []string{"exporters", "connectors"} {
		for _, value := range []string{"00042", "1.10", "0x10", "012345678901", "yes", "Team: payments"} {
			t.Setenv("TEST_VALUE", value)
			write(section, `eventName: '${env:TEST_VALUE}', requestParameters.a::b: '${env:TEST_VALUE}', requestParameters.tags: {list: ['${env:TEST_VALUE}']}`)
			got := auditmap(nil, nil, "", "lint", path)
			require.Equal(t, outcome{exitOK, "aws_cloudtrail_lake: ok\n", ""}, got)
			got = auditmap(strings.NewReader(`{"x":1}`), nil, "", "-config", path, "-output", "json", "-quiet")
			require.Equal(t, exitOK, got.code, got.stderr)
			for _, want := range []string{
				`"eventName":"%s"`, `"requestParameters":{"a::b":"%s","tags":{"list":["%s"]}}`, `"exporter.rule":"%s"`,
			} {
				require.Contains(t, got.stdout, strings.ReplaceAll(want, "%s", value))
			}
		}
		t.Setenv("TEST_VALUE", "billing")
		write(section, `requestParameters.tags: {list: [00042]}`)
		for _, args := range [][]string{{"lint", path}, {"-config", path}} {
			got := auditmap(strings.NewReader(`{"x":1}`), nil, "", args...)
			require.NotEqual(t, exitOK, got.code)
			require.Contains(t, got.stdout+got.stderr, "mappings[0] (billing).static.requestParameters.tags.list[0]: this is not text: write it in quotes")
		}
	}
}

// What cannot be read is named, and what follows it is read.
func TestNothingIsSkippedSilently(t *testing.T) {
	input := `{"event.id":"1"}` + "\n" + strings.Repeat("x", 300_000) + "\n\n" + `{"event.id":"4"}` + "\n" + `{"event.id":` + "\n" + `{"event.id":"6"}`
	got := auditmap(strings.NewReader(input), nil, "", "-max-record", "1000")
	require.Equal(t, exitInput, got.code)
	require.Equal(t, "auditmap: stdin:2: the line is longer than 1000 bytes, and was not read: raise -max-record\n"+
		"auditmap: 1 line is no JSON, unlike the rest, and mapped as text; the first is stdin:5\n"+
		"4 records, 4 events: 0 unchanged, 4 repaired, 0 refused\n", got.stderr)
	require.Equal(t, 4, strings.Count(got.stdout, "\n"))
	for _, at := range []string{"stdin:1", "stdin:4", "stdin:5", "stdin:6"} {
		require.Contains(t, got.stdout, `{"at":"`+at+`"`)
	}
}

func TestColours(t *testing.T) {
	for _, tt := range []struct {
		name, terminals string
		env             map[string]string
		coloured        bool
	}{
		{"terminal", "stdout", nil, true},
		{"NO_COLOR", "stdout", map[string]string{"NO_COLOR": "1"}, false},
		{"NO_COLOR empty", "stdout", map[string]string{"NO_COLOR": ""}, true},
		{"dumb terminal", "stdout", map[string]string{"TERM": "dumb"}, false},
		{"pipe", "", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := auditmap(strings.NewReader("x"), tt.env, tt.terminals, "-output", "text")
			require.Equal(t, tt.coloured, strings.Contains(got.stdout, "\x1b["))
		})
	}
}

func TestCasesGolden(t *testing.T) {
	t.Setenv("AUDITMAP_TEST_CHANNEL_ARN", testARN)
	got := auditmap(nil, nil, "", "test", "-v", "testdata/pass.yaml", "testdata/fail.yaml")
	require.Equal(t, exitFinding, got.code, got.stderr)
	golden(t, "cases.golden", got.stdout)
}

func TestTallyReads(t *testing.T) {
	all := tally{records: 1, events: 1_234_567, repaired: 1_000, refused: 567, errors: 12_345}
	require.Equal(t, "1 record, 1,234,567 events: 1,233,000 unchanged, 1,000 repaired, 567 refused; rules failed in part on 12,345", all.String())
}

func TestIsTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	file, err := os.Open("main.go")
	require.NoError(t, err)
	defer file.Close()
	require.False(t, isTerminal(null))
	require.False(t, isTerminal(file))
	require.False(t, isTerminal(&bytes.Buffer{}))
}
