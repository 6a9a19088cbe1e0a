// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package outcome

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDesignHasTheTable holds the table of DESIGN.md and the code equal.
func TestDesignHasTheTable(t *testing.T) {
	text, err := os.ReadFile("../../DESIGN.md")
	require.NoError(t, err)
	cells := func(line string) (out []string) {
		for cell := range strings.SplitSeq(strings.Trim(line, "| "), "|") {
			out = append(out, strings.TrimSpace(cell))
		}
		return out
	}
	var head []string
	rows := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "| cause |"):
			head = cells(line)[1:]
		case head != nil && strings.HasPrefix(line, "|"):
			row := cells(line)
			rows[row[0]] = row[1:]
		case head != nil && line == "":
			require.Len(t, rows, int(numCauses)+1, "a row for each cause, and the line under the head")
			for c := range numCauses {
				row := rows[c.String()]
				require.Len(t, row, len(head), c.String())
				for i, name := range head {
					for s := range numStates {
						if s.String() == name {
							require.Equal(t, s.Next(c).String(), row[i], "%s, %s", name, c)
						}
					}
				}
			}
			require.Len(t, head, int(numStates)-2, "the final states have no column")
			return
		}
	}
	t.Fatal("DESIGN.md has no table of outcomes")
}

func TestFinalStatesAreFinal(t *testing.T) {
	for s := range numStates {
		for c := range numCauses {
			if s.Final() {
				require.Equal(t, s, s.Next(c))
			}
		}
		require.True(t, s.Final() || s.Next(GivenUp) == Rejected, "every event can end: %s", s)
	}
}
