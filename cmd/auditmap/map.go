// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

const mapUsage = `auditmap [map] [flags] [FILE ...]

Maps the records of files, or of standard input where there is none (or "-"), and shows each event. Without -config, a
record is mapped by the preset that fits it.
`

// mapOptions are the flags of auditmap map.
type mapOptions struct {
	choice
	reading
	output  string
	longest int
	quiet   bool
}

const (
	outputAuto = "auto"
	outputText = "text"
	outputJSON = "json"
)

// mapRecords is auditmap map.
func (p *program) mapRecords(args []string) (int, error) {
	o := mapOptions{reading: reading{format: formatAuto, as: asText, resource: pairs{}, attributes: pairs{}}, output: outputAuto}
	flags := flagSet("map")
	o.choice.flags(flags)
	flags.Var(oneOf[format]{&o.format, []format{formatAuto, formatNDJSON, formatJSON, formatOTLP, formatText}}, "format", "what the input is: `auto`, ndjson, json (over many lines, or in a list), otlp or text")
	flags.Var(oneOf[shape]{&o.as, []shape{asText, asBody, asAttributes}}, "as", "what a record that is JSON reaches the exporter as: `text` (as of file_log), body (json_parser with parse_to: body) or attributes (json_parser)")
	flags.Var(o.resource, "resource", "resource attribute `KEY=VALUE` that each record shall have, as a receiver would give it; may be given more than once")
	flags.Var(o.attributes, "attribute", "attribute `KEY=VALUE` that each record shall have; may be given more than once")
	flags.Var(oneOf[string]{&o.output, []string{outputAuto, outputText, outputJSON}}, "output", "`auto` (text on a terminal, else json), text or json")
	flags.IntVar(&o.longest, "max-record", 32<<20, "longest record or OTLP document that is read, in `bytes`")
	flags.BoolVar(&o.quiet, "quiet", false, "no summary on standard error")
	files, err := p.parse(flags, args, mapUsage)
	if err != nil {
		return exitUsage, err
	}
	if o.longest < 1 {
		return exitUsage, errors.New("-max-record: write a number of bytes")
	}
	cfg, err := o.load(p.stderr)
	if err != nil {
		return exitUsage, err
	}
	m, err := newMapped(cfg, p.now)
	if err != nil {
		return exitUsage, err
	}
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	r := &mapRun{
		program: p, options: &o, mapped: m, out: out,
		live:     p.terminal(p.stdout),
		progress: newProgress(p),
	}
	if o.output == outputText || o.output == outputAuto && r.live {
		page := &page{painter: painter{p.colours()}, out: out}
		r.show = page.event
	} else {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		r.show = func(one *result) error { return encoder.Encode(one) }
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	err = r.files(files)
	err = errors.Join(err, out.Flush())
	r.progress.end()
	if !o.quiet {
		fmt.Fprintln(p.stderr, r.tally.String())
	}
	return r.code(), err
}

// mapRun is one run of auditmap map.
type mapRun struct {
	*program
	options  *mapOptions
	mapped   *mapped
	out      *bufio.Writer
	live     bool // somebody is watching the output
	show     func(*result) error
	progress *progress
	tally    tally
	missing  bool // a file could not be opened
	broken   bool // part of the input could not be read
}

func (r *mapRun) code() int {
	switch {
	case r.missing:
		return exitUsage
	case r.broken:
		return exitInput
	case r.tally.refused > 0:
		return exitFinding
	default:
		return exitOK
	}
}

// files maps one file after the other. What cannot be read is reported, and the rest is mapped all the same; only what
// cannot be written ends it.
func (r *mapRun) files(names []string) error {
	for _, name := range names {
		if err := r.file(name); err != nil {
			return err
		}
	}
	return nil
}

func (r *mapRun) file(name string) error {
	from := r.stdin
	if name == "-" {
		name = "stdin"
		if r.terminal(r.stdin) {
			fmt.Fprintln(r.stderr, "auditmap: type or paste records; Ctrl-D ends them")
		}
	} else {
		file, err := openFile(name)
		if err != nil {
			r.bad(err)
			r.missing = true
			return nil
		}
		defer file.Close()
		from = file
	}
	in, err := open(name, r.progress.reader(from), r.options.format, r.options.longest)
	if err != nil {
		r.bad(err)
		return nil
	}
	return r.records(in)
}

// openFile opens a file that is no folder.
func openFile(name string) (*os.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		_ = file.Close() // nothing was written
		return nil, fmt.Errorf("%s is a directory: name its files", name)
	}
	return file, nil
}

// records maps the records of an input.
func (r *mapRun) records(in *input) error {
	var texts texts
	defer func() {
		if note := texts.note(); note != "" {
			fmt.Fprintln(r.stderr, "auditmap:", note)
		}
	}()
	for {
		piece, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			r.bad(err)
			var bad *badInput
			if errors.As(err, &bad) && !bad.fatal {
				continue
			}
			return nil
		}
		at := fmt.Sprintf("%s:%d", in.name, piece.line)
		logs, plain, err := r.options.logs(piece)
		if err != nil {
			r.bad(&badInput{at: at, what: err.Error()})
			continue
		}
		texts.count(at, plain)
		if err := r.mapped.each(at, logs, r.one); err != nil {
			return err
		}
		r.progress.step(r.mapped.records)
		if r.live {
			if err := r.out.Flush(); err != nil {
				return err
			}
		}
	}
}

// one shows an event.
func (r *mapRun) one(one *result) error {
	r.tally.records = r.mapped.records
	r.tally.count(one)
	return r.show(one)
}

// bad reports a part of the input that could not be read.
func (r *mapRun) bad(err error) {
	r.broken = true
	_ = r.out.Flush() // so that it stands in its place, where both go to a terminal; an error returns at the end
	r.progress.end()
	fmt.Fprintln(r.stderr, "auditmap:", err)
}

// texts notes lines that are no JSON in an input where others are: the exporter would map them as text.
type texts struct {
	json, plain int
	first       string
}

func (t *texts) count(at string, plain bool) {
	if !plain {
		t.json++
		return
	}
	t.plain++
	t.first = cmp.Or(t.first, at)
}

func (t *texts) note() string {
	if t.json == 0 || t.plain == 0 {
		return ""
	}
	return fmt.Sprintf("%s no JSON, unlike the rest, and mapped as text; the first is %s", count(t.plain, "line is", "lines are"), t.first)
}
