// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

const presetsUsage = `auditmap presets [NAME]

Lists the presets, or shows one: which records it takes, and from where it fills each field. Of several places that are
given for a field, the first that has a value counts. Paths lead into the source's record.
`

// presets is auditmap presets.
func (p *program) presets(args []string) (int, error) {
	names, err := p.parse(flagSet("presets"), args, presetsUsage)
	if err != nil {
		return exitUsage, err
	}
	switch len(names) {
	case 0:
		return exitOK, p.listPresets()
	case 1:
		return exitOK, p.showPreset(names[0])
	}
	return exitUsage, fmt.Errorf("presets shows one preset, not %d", len(names))
}

func (p *program) listPresets() error {
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	last := ""
	for _, one := range byName() {
		if one.Name != last {
			fmt.Fprintf(table, "%s\t%s\n", one.Name, one.Link)
		}
		last = one.Name
	}
	return table.Flush()
}

// byName returns the presets, semconv, which takes what no other does, last.
func byName() []*preset.Preset {
	all := preset.All()
	slices.SortStableFunc(all[:len(all)-1], func(a, b *preset.Preset) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (p *program) showPreset(name string) error {
	shapes := preset.Named(name)
	if len(shapes) == 0 {
		return fmt.Errorf("there is no preset %q; auditmap presets lists those that there are", name)
	}
	for i, one := range shapes {
		if i > 0 {
			fmt.Fprintln(p.stdout)
		}
		fmt.Fprintf(p.stdout, "%s\n%s\n\n", one.Name, one.Link)
		if takes := one.Recognises(); len(takes) > 0 {
			fmt.Fprintln(p.stdout, "Takes records where")
			for _, condition := range takes {
				fmt.Fprintf(p.stdout, "  %s\n", condition)
			}
			fmt.Fprintln(p.stdout)
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, row := range one.Describe() {
			for i, from := range row.From {
				field, or := row.Field, ""
				if i > 0 {
					field, or = "", "else "
				}
				fmt.Fprintf(table, "%s\t%s%s\n", field, or, from)
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	return nil
}
