// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const lintUsage = `auditmap lint -config FILE [-exporter ID]

Checks the configuration of each aws_cloudtrail_lake exporter and connector in a collector's configuration, as the collector does when
it starts, and prints what is wrong with it, one error a line.
`

// lint is auditmap lint.
func (p *program) lint(args []string) (int, error) {
	var o choice
	flags := flagSet("lint")
	flags.Var(&o.config, "config", "collector configuration `FILE`; may be given more than once, as with the collector")
	flags.StringVar(&o.exporter, "exporter", "", "`ID` of the one exporter or connector to check")
	files, err := p.parse(flags, args, lintUsage)
	if err != nil {
		return exitUsage, err
	}
	o.config = append(o.config, files...)
	if len(o.config) == 0 {
		return exitUsage, errors.New("lint needs -config FILE")
	}
	blocks, err := readBlocks(o.config, o.exporter, p.stderr)
	if err != nil {
		return exitUsage, err
	}
	code := exitOK
	for _, id := range slices.Sorted(maps.Keys(blocks)) {
		cfg, err := blocks[id].read()
		if err == nil {
			_, _, err = mappers(cfg)
		}
		if err == nil {
			fmt.Fprintf(p.stdout, "%s: ok\n", id)
			continue
		}
		code = exitFinding
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(p.stdout, "%s: %s\n", id, printable(strings.TrimRight(line, "\n")))
		}
	}
	return code, nil
}
