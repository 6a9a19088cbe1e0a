// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package chart

import "fmt"

// Bar is one value with its spread.
type Bar struct {
	Label            string
	Value, Low, High float64
	// Class is how it is drawn: ours, theirs or floor.
	Class string
}

// Group is some bars under a heading.
type Group struct {
	Heading string
	Bars    []Bar
}

// Bars draws groups of horizontal bars on one scale.
func Bars(path, title, unit string, groups []Group, notes ...string) error {
	const width, left, right, row, heading, top = 820.0, 310.0, 80.0, 26.0, 34.0, 40.0
	most := 0.0
	for _, g := range groups {
		for _, b := range g.Bars {
			most = max(most, b.High)
		}
	}
	scale := (width - left - right) / most
	var c canvas
	c.text(16, 24, "title", title)
	y := top
	for _, g := range groups {
		c.text(16, y+22, "small", g.Heading)
		y += heading
		for _, b := range g.Bars {
			class := "end"
			if b.Class == "ours" {
				class = "end strong"
			}
			c.text(left-10, y+16, class, b.Label)
			c.rect(left, y+3, max(1, b.Value*scale), row-8, b.Class)
			middle := y + 3 + (row-8)/2
			c.line(left+b.Low*scale, middle, left+b.High*scale, middle, "whisker")
			c.text(left+b.High*scale+8, y+16, "", fmt.Sprintf("%.1f %s", b.Value, unit))
			y += row
		}
	}
	y = c.notes(y+26, notes)
	return c.save(path, title, width, y)
}
