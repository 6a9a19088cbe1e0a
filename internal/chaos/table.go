// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
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
