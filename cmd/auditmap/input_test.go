// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDetect(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		whole      bool
		want       splits
	}{
		{"nothing", "", true, splitLines},
		{"blank", " \n\n", true, splitLines},
		{"text", "May  4 07:00:58 bastion sshd[7743]: Failed", true, splitLines},
		{"text in brackets", "[INFO] started\n[INFO] ready\n", true, splitLines},
		{"text that begins as a list", "[2026] started\n", true, splitLines},
		{"text in braces", "{app} started\n{app} ready\n", true, splitLines},
		{"object a line", "\n {\"a\":1}\n{\"b\":2}\n", true, splitLines},
		{"one object", `{"a":1}`, true, splitLines},
		{"JSON, then text", "{\"a\":1}\nready\n", true, splitLines},
		{"one long line, cut off", `{"a":"xxxx`, false, splitLines},
		{"one broken line", `{"a":"xxxx`, true, splitLines},
		{"one broken line, ended", `{"a":` + "\n", true, splitLines},
		{"broken object over lines", "{\n\"a\":1,\n", true, splitValues},
		{"objects on one line", `{"a":1} {"b":2}`, true, splitValues},
		{"object over lines", "{\n\"a\":1\n}\n", true, splitValues},
		{"object over lines, cut off", "{\n\"a\":1,\n\"b\":\"xx", false, splitValues},
		{"list", `[{"a":1},{"b":2}]`, true, splitValues},
		{"list over lines", "[\n{\"a\":1},\n{\"b\":2}]", true, splitValues},
		{"long list, cut off", `[{"a":"xxxx`, false, splitValues},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, detect([]byte(tt.head), tt.whole)) })
	}
}

// Whatever comes is taken apart to its end, or up to an error that names the place; what is a stream of JSON objects gives
// just those, and what is read by lines gives every line that is not blank.
func FuzzInput(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n{\"b\":[{}]}\n"))
	f.Add([]byte("[{\"a\":\"}\\\"\"},\n{}]\n[]"))
	f.Add([]byte("{\n}{} \n {\"\\\\\":\"[\"}"))
	f.Add([]byte("\xef\xbb\xbf[INFO] x\r\n\r\n y"))
	f.Add([]byte("\xfe\xff\x00{"))
	f.Add(zip("{\"a\":1}\n{\"b\":[{}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := open("f", bytes.NewReader(data), formatAuto, 1<<20)
		if err != nil {
			require.Regexp(t, "UTF-16|gzip", err)
			return
		}
		if z, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
			if data, err = io.ReadAll(z); err != nil {
				return
			}
		}
		var pieces [][]byte
		for {
			var p piece
			if p, err = in.next(); err != nil {
				break
			}
			require.NotEmpty(t, p.text)
			require.Positive(t, p.line)
			pieces = append(pieces, bytes.Clone(p.text))
		}
		text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		if _, ok := in.splitter.(*lines); ok {
			require.ErrorIs(t, err, io.EOF)
			var want [][]byte
			for line := range bytes.SplitSeq(text, []byte("\n")) {
				if line = bytes.TrimSpace(line); len(line) > 0 {
					want = append(want, line)
				}
			}
			require.Equal(t, want, pieces)
			return
		}
		var bad *badInput
		require.True(t, errors.Is(err, io.EOF) || errors.As(err, &bad) && bad.fatal, err)
		if want, ok := objects(text); ok {
			require.ErrorIs(t, err, io.EOF)
			require.Len(t, pieces, len(want))
			for i := range want {
				require.JSONEq(t, string(want[i]), string(pieces[i]))
			}
		}
	})
}

// objects reads JSON objects and lists of them with the standard library.
func objects(text []byte) (all []json.RawMessage, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var value json.RawMessage
		switch err := d.Decode(&value); {
		case errors.Is(err, io.EOF):
			return all, true
		case err != nil:
			return nil, false
		}
		values := []json.RawMessage{value}
		if value[0] == '[' {
			if json.Unmarshal(value, &values) != nil {
				return nil, false
			}
		}
		for _, one := range values {
			if one[0] != '{' {
				return nil, false
			}
		}
		all = append(all, values...)
	}
}

// Whatever comes is mapped or named: nothing panics.
func FuzzMap(f *testing.F) {
	f.Add("{\"a\":1}\n{\"b\":[{}]}\n", "text")
	f.Add(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"{}"}}]}]}]}`, "attributes")
	f.Add("[{\"a\":1e400},{\"b\":18446744073709551616}]", "body")
	f.Fuzz(func(t *testing.T, data, as string) {
		if as != "text" && as != "body" && as != "attributes" {
			return
		}
		got := auditmap(strings.NewReader(data), nil, "", "-as", as)
		require.Contains(t, []int{exitOK, exitInput}, got.code, got.stderr)
		for line := range strings.Lines(got.stdout) {
			require.True(t, json.Valid([]byte(line)), line)
		}
	})
}

// endless gives lines, or one, without keeping them.
type endless struct {
	left  int
	piece []byte
	rest  []byte
	peak  uint64
	reads int
}

// Read implements io.Reader.
func (e *endless) Read(b []byte) (int, error) {
	if e.reads++; e.reads%64 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		e.peak = max(e.peak, m.HeapInuse+m.StackInuse)
	}
	if len(e.rest) == 0 {
		if e.left == 0 {
			return 0, io.EOF
		}
		e.left--
		e.rest = e.piece
	}
	n := copy(b, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// silent returns a program whose output nobody sees.
func silent(stdin io.Reader) *program {
	return &program{
		stdin: stdin, stdout: io.Discard, stderr: io.Discard, now: time.Now,
		getenv: func(string) string { return "" }, terminal: func(any) bool { return false },
	}
}

func zip(text string) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write([]byte(text))
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// What gzip has compressed is read as if it were not, in as many parts as it is; what is damaged is named, after all that
// could be read of it.
func TestGzip(t *testing.T) {
	const two = "{\"event.id\":\"1\"}\n{\"event.id\":\"2\"}\n"
	plain := auditmap(strings.NewReader(two), nil, "")
	zipped := zip(two)
	many := zip(strings.Repeat(two, 10_000))
	for _, tt := range []struct {
		name, input string
		code        int
		says        string
	}{
		{"whole", string(zipped), exitOK, "2 records, 2 events"},
		{"in two parts", string(zipped) + string(zip("{\"event.id\":\"3\"}\n")), exitOK, "3 records, 3 events"},
		{"in lists", string(zip("[{\"a\":1},\n{\"a\":2}]")), exitOK, "2 records, 2 events"},
		{"with a byte order mark", string(zip("\xef\xbb\xbf" + two)), exitOK, "2 records, 2 events"},
		{"with something behind it", string(zipped) + "x", exitInput, "stdin: the gzip data is damaged or cut off: "},
		{"cut off", string(many[:len(many)/2]), exitInput, "stdin: the gzip data is damaged or cut off: unexpected EOF; what follows was not read"},
		{"no more than its first bytes", "\x1f\x8b\x08", exitInput, "stdin: the gzip data is damaged or cut off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := auditmap(strings.NewReader(tt.input), nil, "")
			require.Equal(t, tt.code, got.code, got.stderr)
			require.Contains(t, got.stderr, tt.says)
			if tt.name == "whole" {
				require.Equal(t, plain, got)
			}
			for line := range strings.Lines(got.stdout) {
				require.Contains(t, line, `"preset":"semconv","repaired"`)
			}
		})
	}
	got := auditmap(bytes.NewReader(many[:len(many)/2]), nil, "")
	lines := strings.Count(got.stdout, "\n")
	require.Greater(t, lines, 1_000)
	require.Equal(t, lines, strings.Count(got.stdout, `"exporter.id":"`), "no line that is cut off is taken for a record")
	require.NotContains(t, got.stdout, `"body"`)
}

// The memory that is needed does not grow with the input.
func TestConstantMemory(t *testing.T) {
	line := `{"event.id":"e","user.id":"u-1001","@timestamp":"2026-05-04T07:00:28Z","note":"` + strings.Repeat("x", 20_000) + `"}` + "\n"
	const lines = 1_500
	const most = 12 << 20 // less than half of each input
	for _, tt := range []struct {
		name  string
		input *endless
		code  int
	}{
		{"many lines", &endless{piece: []byte(line), left: lines}, exitOK},
		{"one line without end", &endless{piece: bytes.Repeat([]byte("x"), 1<<20), left: 30}, exitInput},
		{"one list", &endless{piece: []byte("," + line), rest: []byte("[" + line), left: lines}, exitInput}, // it has no end
		{"many compressed lines", &endless{piece: zip(line), left: lines}, exitOK},
		{"one object without end", &endless{piece: bytes.Repeat([]byte("[1],"), 1<<18), rest: []byte("{\n\"a\":["), left: 30}, exitInput},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := silent(tt.input)
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			require.Equal(t, tt.code, p.run([]string{"-max-record", "1000000"}))
			require.NotZero(t, tt.input.peak)
			require.Less(t, tt.input.peak, before.HeapInuse+before.StackInuse+most)
		})
	}
}

func TestProgress(t *testing.T) {
	var stdin, stderr bytes.Buffer
	for range 3 {
		stdin.WriteString("x\n")
	}
	at := time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	p := &program{stdin: &stdin, stdout: io.Discard, stderr: &stderr, getenv: func(string) string { return "" }}
	p.now = func() time.Time { at = at.Add(600 * time.Millisecond); return at }
	p.terminal = func(f any) bool { return f == p.stderr }
	require.Equal(t, exitOK, p.run(nil))
	require.Equal(t, "\r\x1b[K1 record, 0 MB\r\x1b[K2 records, 0 MB\r\x1b[K3 records, 0 MB\n"+
		"3 records, 3 events: 0 unchanged, 3 repaired, 0 refused\n", stderr.String())

	stderr.Reset()
	stdin.WriteString("x\n")
	p.terminal = func(any) bool { return true }
	require.Equal(t, exitOK, p.run(nil))
	require.NotContains(t, stderr.String(), " MB", "no progress among the events")
	require.Contains(t, stderr.String(), "Ctrl-D")
}

func BenchmarkMap(b *testing.B) {
	const line = `{"event.id":"e","event.action":"invoice.approve","user.id":"u-1001","@timestamp":"2026-05-04T07:00:28Z"}` + "\n"
	p := silent(&endless{piece: []byte(line), left: b.N})
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	require.Equal(b, exitOK, p.run(nil))
}
