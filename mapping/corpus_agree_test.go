// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// cell counts the comparisons of one source and field.
//
// named are those of the agreed whose actor has the expected name in userIdentity.details, and another principalId.
type cell struct{ compared, agreed, named, deliberate, none int }

func (c cell) String() string {
	if c.compared == 0 && c.none == 0 {
		return "."
	}
	s := fmt.Sprintf("%d/%d", c.agreed, c.compared)
	if c.named > 0 {
		s += fmt.Sprintf(" ~%d", c.named)
	}
	if c.deliberate > 0 {
		s += fmt.Sprintf(" +%d", c.deliberate)
	}
	if c.none > 0 {
		s += fmt.Sprintf(" (-%d)", c.none)
	}
	return s
}

// TestCorpusAgrees compares the events with what others made of the same records.
func TestCorpusAgrees(t *testing.T) {
	cells := map[string]map[string]*cell{}
	differ := map[string][]string{} // by source and field
	b := newMapper(t, Repair).NewBatch()
	for _, r := range loadCorpus(t) {
		if r.set != complete || len(r.expected) == 0 {
			continue
		}
		row := cells[r.source]
		if row == nil {
			row = map[string]*cell{}
			for _, f := range comparedFields {
				row[f.name] = &cell{}
			}
			cells[r.source] = row
		}
		var events []decoded
		mapCorpus(b, r.log(), func(_ int, e *Event) { events = append(events, decode(t, e)) })
		for _, who := range sortedKeys(r.expected) {
			want := wanted(who, r.expected[who])
			for _, f := range comparedFields {
				if len(want[f.name]) == 0 {
					continue
				}
				c := comparison{record: r, who: who, field: f.name, want: want[f.name]}
				agreed := false
				for i := range events { // an expectation does not say of which item it speaks
					c.event, c.got = &events[i], f.got(&events[i])
					if agreed = f.agree(&c); agreed {
						break
					}
				}
				counts := row[f.name]
				if !agreed && anyCovers(noEvidence, &c) {
					counts.none++
					continue
				}
				counts.compared++
				switch {
				case agreed:
					counts.agreed++
					if c.named {
						counts.named++
					}
				case anyCovers(deliberate, &c):
					counts.deliberate++
				default:
					key := r.source + " " + f.name
					differ[key] = append(differ[key], fmt.Sprintf("%s (%s): want %q, got %q", r, who, c.want, c.got))
				}
			}
		}
	}

	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "source\tpreset")
	for _, f := range comparedFields {
		fmt.Fprint(w, "\t", f.name)
	}
	fmt.Fprintln(w)
	for _, source := range sortedKeys(cells) {
		name := presetOfSource(source)
		_, known := presetOf[source]
		exists := known && len(preset.Named(name)) > 0
		shown := name
		if !exists {
			shown = "(" + name + ")"
		}
		fmt.Fprint(w, source, "\t", shown)
		for _, f := range comparedFields {
			c := cells[source][f.name]
			low := float64(c.agreed+c.deliberate)*100 < f.least*float64(c.compared)
			much := c.deliberate*100 > c.compared*2
			fmt.Fprint(w, "\t", c)
			if low || much {
				fmt.Fprint(w, " !")
			}
			if !exists {
				continue
			}
			list := differ[source+" "+f.name]
			if low {
				t.Errorf("%s %s: %s agree, want %v %%:\n  %s", source, f.name, c, f.least, strings.Join(list[:min(5, len(list))], "\n  "))
			} else if len(list) > 0 {
				t.Logf("%s %s:\n  %s", source, f.name, strings.Join(list[:min(5, len(list))], "\n  "))
			}
			if much {
				t.Errorf("%s %s: %d of %d are deliberate differences, more than 2 %%", source, f.name, c.deliberate, c.compared)
			}
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	t.Logf("agreed/compared, ~ agreed by a name in details, + deliberate differences, (- expectations that are no evidence), ! = under the threshold\n%s", table.String())
}
