// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// The table stands in the README between these.
const (
	begin = "<!-- chaos: begin -->"
	end   = "<!-- chaos: end -->"
)

// row is a line of the table: the cells of one class of failure.
type row struct {
	class string
	cells int
	result
}

// rows adds up the results by class, in the order of classes.
func rows(results map[cellKey]result) []row {
	var all []row
	for _, class := range classes() {
		r := row{class: class.name}
		for key, result := range results {
			if key.class == class.name {
				r.cells++
				r.sent += result.sent
				r.ingested += result.ingested
				r.rejected += result.rejected
				r.twins += result.twins
				r.lost += result.lost
			}
		}
		if r.cells > 0 {
			all = append(all, r)
		}
	}
	return all
}

// table is the Markdown of the results.
func table(results map[cellKey]result) string {
	var out strings.Builder
	out.WriteString("| failure | sent | ingested | rejected | twins | lost |\n|---|--:|--:|--:|--:|--:|\n")
	total := row{class: "**all**"}
	for _, r := range rows(results) {
		r.write(&out)
		total.sent += r.sent
		total.ingested += r.ingested
		total.rejected += r.rejected
		total.twins += r.twins
		total.lost += r.lost
	}
	total.write(&out)
	return out.String()
}

func (r row) write(out *strings.Builder) {
	fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %d |\n", r.class, r.sent, r.ingested, r.rejected, r.twins, r.lost)
}

// place finds the place of the table in a file: what stands before it, and behind it.
func place(file string) (before, after []byte, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	before, rest, found := bytes.Cut(text, []byte(begin))
	_, after, foundEnd := bytes.Cut(rest, []byte(end))
	if !found || !foundEnd {
		return nil, nil, fmt.Errorf("%s: the table has no place: write %s and %s where it is to stand", file, begin, end)
	}
	return before, after, nil
}

// replace puts a text between the marks of a file.
func replace(file, text string) error {
	before, after, err := place(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, fmt.Appendf(nil, "%s%s\n%s%s%s", before, begin, text, end, after), 0o600)
}
