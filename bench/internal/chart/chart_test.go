// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wellFormed reads a file as XML and returns its text elements.
func wellFormed(t *testing.T, path string) (texts []string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	for d, in := xml.NewDecoder(f), ""; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local
		case xml.CharData:
			if in == "text" {
				texts = append(texts, string(token))
			}
		case xml.EndElement:
			in = ""
		}
	}
}

func TestBars(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bars.svg")
	require.NoError(t, Bars(file, "A & B", "µs", []Group{{"<some>", []Bar{{"ours", 2, 1, 3, "ours"}, {"theirs", 40, 40, 40, "theirs"}}}}, "note"))
	assert.Equal(t, []string{"A & B", "<some>", "ours", "2.0 µs", "theirs", "40.0 µs", "note"}, wellFormed(t, file))
}

func TestLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lines.svg")
	points := []Point{{1, 20}, {100, 30}}
	require.NoError(t, Lines(file, "T", []Panel{{Title: "P", XName: "x", YName: "y", Series: []Series{{points}}, Limit: points}}))
	assert.Equal(t, []string{"T", "P", "y", "10", "100", "1", "100", "x"}, wellFormed(t, file))
}

func TestAxis(t *testing.T) {
	a := axis{low: 1, high: 100, from: 200, to: 0}
	assert.InDelta(t, 200, a.at(1), 1e-9)
	assert.InDelta(t, 100, a.at(10), 1e-9)
	assert.InDelta(t, 0, a.at(100), 1e-9)
}
