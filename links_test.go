// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	heading  = regexp.MustCompile(`^#{1,6} +(.+)$`)
	codeSpan = regexp.MustCompile("`[^`]*`")
	// inlineLink is [text](target) or ![text](target "title"); reference is [label]: target.
	inlineLink = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)`)
	reference  = regexp.MustCompile(`^\[[^\]]+\]:\s+<?([^\s<>]+)`)
	scheme     = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:`)
	notInSlug  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// TestDocsLinks checks that every relative link of every Markdown file leads to a file, and every anchor to a heading.
func TestDocsLinks(t *testing.T) {
	problems, links := brokenLinks(t, ".")
	assert.Empty(t, problems)
	assert.Greater(t, links, 50, "the test no longer finds the links")
}

func TestBrokenLinks(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "docs"), 0o700))
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("README.md", strings.Join([]string{
		"# The `first` page, in short", "## Twice", "## Twice",
		"[a](#the-first-page-in-short) [b](docs/page.md#a-page) [c](docs) [d](https://example.com/none) [e](#twice-1)",
		"[f](#twice-2) [g](docs/none.md) [h](docs/page.md#none)",
		"`[i](none.md)`", "```text", "# Code", "[j](none.md)", "```", "[k](#code)", "[l]: docs/gone.md",
	}, "\n"))
	write("docs/page.md", "# A page\n\n[m](../README.md#twice) [n](page.md)\n")
	problems, links := brokenLinks(t, dir)
	assert.Equal(t, []string{
		"README.md: #twice-2", "README.md: docs/none.md", "README.md: docs/page.md#none", "README.md: #code", "README.md: docs/gone.md",
	}, problems)
	assert.Equal(t, 11, links)
}

// brokenLinks returns the relative links below a folder that lead nowhere, and the number of relative links.
func brokenLinks(t *testing.T, root string) (problems []string, links int) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "build" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, line := range prose(t, path) {
			line = codeSpan.ReplaceAllString(line, "")
			for _, found := range append(inlineLink.FindAllStringSubmatch(line, -1), reference.FindAllStringSubmatch(line, -1)...) {
				target := found[1]
				if scheme.MatchString(target) {
					continue
				}
				links++
				if !leads(t, path, target) {
					problems = append(problems, fmt.Sprintf("%s: %s", filepath.ToSlash(name), target))
				}
			}
		}
		return nil
	}))
	return problems, links
}

// leads reports whether a relative link of a page leads to a file, and its anchor to a heading of that file.
func leads(t *testing.T, page, target string) bool {
	t.Helper()
	file, anchor, hasAnchor := strings.Cut(target, "#")
	path := page
	if file != "" {
		path = filepath.Join(filepath.Dir(page), filepath.FromSlash(file))
	}
	if _, err := os.Stat(path); err != nil {
		return false
	}
	return !hasAnchor || filepath.Ext(path) == ".md" && anchors(t, path)[anchor]
}

// anchors returns the anchors that GitHub gives the headings of a page.
func anchors(t *testing.T, path string) map[string]bool {
	t.Helper()
	all, seen := map[string]bool{}, map[string]int{}
	for _, line := range prose(t, path) {
		found := heading.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		slug := strings.ReplaceAll(notInSlug.ReplaceAllString(strings.ToLower(strings.TrimSpace(found[1])), ""), " ", "-")
		anchor := slug
		if n := seen[slug]; n > 0 {
			anchor = fmt.Sprintf("%s-%d", slug, n)
		}
		seen[slug]++
		all[anchor] = true
	}
	return all
}

// prose returns the lines of a page that are not in a fenced block.
func prose(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var lines []string
	fenced := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		} else if !fenced {
			lines = append(lines, line)
		}
	}
	return lines
}
