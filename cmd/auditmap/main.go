// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Command auditmap shows what audit events log records become, before anything is sent. See -help.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// Exit codes: what -help promises.
const (
	exitOK      = 0
	exitFinding = 1 // an event would be refused, a configuration has errors, a case differs
	exitUsage   = 2 // arguments, files or configuration that cannot be worked with; other files are mapped
	exitInput   = 3 // part of the input could not be read
)

const help = `auditmap shows what audit events log records become, before anything is sent to CloudTrail Lake.

  auditmap [map] [flags] [FILE ...]           map the records of files, or of standard input
  auditmap lint -config FILE [-exporter ID]   check the configuration of the exporters and connectors in a collector's configuration
  auditmap test [flags] CASES.yaml ...        map the records of case files, and compare with what they expect
  auditmap presets [NAME]                     list the presets, or show one

"auditmap COMMAND -help" lists the flags of a command.

Records are lines of JSON or text, other JSON documents, or OTLP as JSON, all of them compressed with gzip or not: what it
is, is detected. A terminal shows each event for people; a pipe or file gets one line of JSON for each event, with these
members:
  at        where the record was read: file and line, then #N for the Nth record of a document, [N] for the Nth event of
            a record (both from 0)
  event     what would be sent; null where the event is refused before that
  id, uid   the event's id in the request, and its UID
  preset    the preset that mapped the record; rule: the rule of the configuration that took it, if any
  repaired  what is not as the source has it: a list of field and action
  refused   the code by which the event would be refused, and a message; by auditmap's own reading of AWS's documents
  errors    what of the rule could not be applied: a list of rule, field and cause

Exit codes:
  0  all is well
  1  map: at least one event would be refused; lint: the configuration has errors; test: at least one case differs
  2  the arguments, the configuration or a named file cannot be worked with; the other files are mapped all the same
  3  part of the input could not be read; the rest was mapped
Where several apply, 2 goes before 3, and 3 before 1.
`

// program is what a command has to do with the world.
type program struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
	now    func() time.Time
	// terminal says whether one of the three above is a terminal.
	terminal func(any) bool
}

func main() {
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now, terminal: isTerminal}
	os.Exit(p.run(os.Args[1:]))
}

// run runs a command and returns the exit code.
func (p *program) run(args []string) int {
	commands := map[string]func([]string) (int, error){
		"map": p.mapRecords, "lint": p.lint, "test": p.test, "presets": p.presets,
	}
	command := commands["map"]
	if len(args) > 0 {
		switch args[0] {
		case "help", "-h", "-help", "--help":
			fmt.Fprint(p.stdout, help)
			return exitOK
		}
		if named, ok := commands[args[0]]; ok {
			command, args = named, args[1:]
		}
	}
	code, err := command(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintln(p.stderr, "auditmap:", err)
		return cmp.Or(code, exitUsage)
	}
	return code
}

// isTerminal says whether a file is a terminal: a device for characters, and not the one that drops them.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// colours says whether text for people may be coloured: https://no-color.org
func (p *program) colours() bool {
	return p.terminal(p.stdout) && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
}
