// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// tally counts what became of the records.
type tally struct {
	records, events, repaired, refused, errors int
}

func (t *tally) count(r *result) {
	t.events++
	switch {
	case r.Refused != nil:
		t.refused++
	case len(r.Repaired) > 0:
		t.repaired++
	}
	if len(r.Errors) > 0 {
		t.errors++
	}
}

// String returns the summary of a run.
func (t *tally) String() string {
	text := fmt.Sprintf("%s, %s: %s unchanged, %s repaired, %s refused", count(t.records, "record", "records"),
		count(t.events, "event", "events"), grouped(t.events-t.repaired-t.refused), grouped(t.repaired), grouped(t.refused))
	if t.errors > 0 {
		text += "; rules failed in part on " + grouped(t.errors)
	}
	return text
}

// count says how many.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped returns a number with its thousands apart.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// progress shows on a terminal how far a long input has been read, once a second, where the events go elsewhere.
type progress struct {
	out   io.Writer
	now   func() time.Time
	on    bool
	shown bool
	last  time.Time
	read  int64
	size  int64 // of the files opened so far; 0 = unknown
}

func newProgress(p *program) *progress {
	return &progress{out: p.stderr, now: p.now, on: p.terminal(p.stderr) && !p.terminal(p.stdout), last: p.now()}
}

// reader counts what is read.
func (p *progress) reader(r io.Reader) io.Reader {
	p.read, p.size = 0, 0
	if file, ok := r.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			p.size = info.Size()
		}
	}
	return &counted{r: r, n: &p.read}
}

func (p *progress) step(records int) {
	if !p.on {
		return
	}
	now := p.now()
	if now.Sub(p.last) < time.Second {
		return
	}
	p.last, p.shown = now, true
	const eraseLine = "\r\x1b[K"
	fmt.Fprintf(p.out, "%s%s, %d MB", eraseLine, count(records, "record", "records"), p.read/1_000_000)
	if p.size > 0 {
		fmt.Fprintf(p.out, " (%d %% of the file)", 100*p.read/p.size)
	}
}

// end leaves the line on which progress was shown.
func (p *progress) end() {
	if p.shown {
		fmt.Fprintln(p.out)
		p.shown = false
	}
}

type counted struct {
	r io.Reader
	n *int64
}

// Read implements io.Reader.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	*c.n += int64(n)
	return n, err
}
