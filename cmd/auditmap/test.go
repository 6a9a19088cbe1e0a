// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter"
)

const testUsage = `auditmap test [flags] CASES.yaml ...

Maps the record of each case, and compares its event with what the case expects. A file of cases:

  config: collector.yaml        # or preset: NAME; exporter: ID where config has several. Flags go before these
  cases:
    - name: a refused payment
      input: '{"actor": "alice", "action": "pay", "ok": false}'   # a line of a file, or a map
      attributes: {app.team: billing}                             # and resource: the log record's
      expect:
        userIdentity.principalId: alice
        errorCode: null                                           # there is none
        rule: billing

In place of input, attributes and resource, otlp holds logs as OTLP has them in JSON. What expect does not name is not
compared. Its names are the service's, dotted, and preset, rule, id, repaired (a list of fields), refused (a code) and
errors (a list of fields). A case that does not expect refused or errors fails where there are some. Where a record gives
several events, expect is a list.
`

// test is auditmap test.
func (p *program) test(args []string) (int, error) {
	var o choice
	verbose := false
	flags := flagSet("test")
	o.flags(flags)
	flags.BoolVar(&verbose, "v", false, "list the cases that pass, too")
	files, err := p.parse(flags, args, testUsage)
	if err != nil {
		return exitUsage, err
	}
	if len(files) == 0 {
		return exitUsage, errors.New("test needs at least one file of cases")
	}
	t := tester{program: p, verbose: verbose}
	for _, name := range files {
		if err := t.file(name, o); err != nil {
			return exitUsage, err
		}
	}
	fmt.Fprintf(p.stdout, "%s, %d failed\n", count(t.cases, "case", "cases"), t.failed)
	if t.failed > 0 {
		return exitFinding, nil
	}
	return exitOK, nil
}

type tester struct {
	*program
	verbose       bool
	cases, failed int
}

func (t *tester) file(name string, o choice) error {
	f, err := readCases(name)
	if err != nil {
		return err
	}
	cfg, err := f.choose(o).load(t.stderr)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i := range f.Cases {
		c := &f.Cases[i]
		differs, err := t.run(cfg, c)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, c.line, err)
		}
		t.cases++
		t.report(fmt.Sprintf("%s:%d", name, c.line), c.Name, differs)
	}
	return nil
}

// choose lets the command's flags go before what the file says.
func (f *caseFile) choose(o choice) *choice {
	if len(o.config) == 0 && o.preset == "" {
		o.preset = f.Preset
		if f.Config != "" {
			o.config = list{f.Config}
		}
	}
	if o.exporter == "" && len(o.config) > 0 {
		o.exporter = f.Exporter
	}
	return &o
}

// run maps a case's record and returns where its events are not as expected.
func (t *tester) run(cfg *awscloudtraillakeexporter.Config, c *testCase) ([]difference, error) {
	logs, err := c.logs()
	if err != nil {
		return nil, err
	}
	wants, err := c.wants()
	if err != nil {
		return nil, err
	}
	m, err := newMapped(cfg, t.now)
	if err != nil {
		return nil, err
	}
	var differs []difference
	events := 0
	err = m.each("", logs, func(r *result) error {
		events++
		if events > len(wants) {
			return nil
		}
		prefix := ""
		if len(wants) > 1 {
			prefix = fmt.Sprintf("event %d: ", events)
		}
		more, err := judge(wants[events-1], r)
		for _, d := range more {
			d.path = prefix + d.path
			differs = append(differs, d)
		}
		return err
	})
	if events != len(wants) {
		differs = append(differs, difference{"number of events", strconv.Itoa(len(wants)), strconv.Itoa(events)})
	}
	return differs, err
}

// judge compares an event with what is expected of it.
func judge(want map[string]yaml.Node, r *result) ([]difference, error) {
	got := map[string]any{}
	if r.Event != nil {
		d := json.NewDecoder(bytes.NewReader(r.Event))
		d.UseNumber()
		if err := d.Decode(&got); err != nil {
			return nil, err
		}
	}
	got["id"], got["preset"] = r.ID, r.Preset
	if r.Rule != "" {
		got["rule"] = r.Rule
	}
	repaired := []any{}
	for i, one := range r.Repaired {
		if i == 0 || one.Field != r.Repaired[i-1].Field {
			repaired = append(repaired, one.Field)
		}
	}
	got["repaired"] = repaired

	var differs []difference
	if r.Refused != nil {
		got["refused"] = r.Refused.Code
		if _, expected := want["refused"]; !expected {
			differs = append(differs, difference{"refused", nothing, r.Refused.Code + ": " + r.Refused.Message})
		}
	}
	failed := []any{}
	for _, one := range r.Errors {
		failed = append(failed, one.Field)
		if _, expected := want["errors"]; !expected {
			differs = append(differs, difference{"errors", nothing, one.String()})
		}
	}
	got["errors"] = failed
	return append(differs, compareMembers("", want, got)...), nil
}

// report prints the outcome of a case.
func (t *tester) report(at, name string, differs []difference) {
	paint := (&painter{colours: t.colours()}).paint
	if len(differs) == 0 {
		if t.verbose {
			fmt.Fprintf(t.stdout, "%s  %s  %s\n", paint(green, "ok  "), at, printable(name))
		}
		return
	}
	t.failed++
	fmt.Fprintf(t.stdout, "%s  %s  %s\n", paint(red, "FAIL"), at, printable(name))
	for _, d := range differs {
		fmt.Fprintf(t.stdout, "      %s\n        %s %s\n        %s  %s\n", printable(d.path),
			paint(green, "want"), printable(d.want), paint(red, "got"), printable(d.got))
	}
}
