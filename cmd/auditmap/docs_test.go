// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pages are the pages with examples, and how many commands each runs at least.
var pages = map[string]int{
	"../../docs/mapping/tutorial.md": 6,
	"../../docs/mapping/rules.md":    1,
}

// example is a fenced block of a page under a comment that makes it one: "auditmap: file NAME" or "auditmap: run".
var example = regexp.MustCompile("(?s)<!-- auditmap: (file|run) ?([^ ]*?) ?-->\n```[a-z]+\n(.*?)\n```\n")

// TestDocsExamples writes the files and runs the commands of each page in their order, and compares what the commands print with
// what the page shows; -update writes the output into the page.
func TestDocsExamples(t *testing.T) {
	for file, least := range pages {
		t.Run(filepath.Base(file), func(t *testing.T) { runPage(t, file, least) })
	}
}

func runPage(t *testing.T, file string, least int) {
	t.Helper()
	bytes, err := os.ReadFile(file)
	require.NoError(t, err)
	text := string(bytes)
	dir := workspace(t)
	ran := 0
	rewritten := example.ReplaceAllStringFunc(text, func(block string) string {
		part := example.FindStringSubmatch(block)
		kind, name, content := part[1], part[2], part[3]
		if kind == "file" {
			require.Regexp(t, `^[a-z_]+\.(yaml|log)$`, name)
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content+"\n"), 0o600))
			return block
		}
		var session strings.Builder
		for line := range strings.Lines(content) {
			if command, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "$ "); ok {
				ran++
				fmt.Fprintf(&session, "$ %s\n%s", command, shell(t, dir, command))
			}
		}
		return strings.Replace(block, content, strings.TrimRight(session.String(), "\n"), 1)
	})
	require.GreaterOrEqual(t, ran, least, "the page has lost examples, or their marks")
	require.Len(t, example.FindAllString(text, -1), strings.Count(text, "<!-- auditmap:"), "a mark without its block")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(rewritten), 0o600))
		return
	}
	require.Equal(t, text, rewritten)
}

// workspace is a folder with the samples that the examples use, and auditmap in a folder bin.
func workspace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	samples, err := filepath.Abs("../../testdata")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(samples, filepath.Join(dir, "testdata")))
	program, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o700))
	require.NoError(t, os.Symlink(program, filepath.Join(dir, "bin", "auditmap")))
	return dir
}

// shell runs a command line and returns what it prints, both to standard output and standard error.
func shell(t *testing.T, dir, command string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), beMain+"=1", "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, command)
	}
	return string(out)
}
