// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package chart draws SVG files for Markdown pages: they need no fonts of their own, and suit light and dark pages.
package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
)

// style is for both kinds of pages. Where an SVG is an image of a page, the media query follows the reader's setting.
const style = `<style>
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px } .small { font-size: 11px; fill: #59636e } .end { text-anchor: end } .middle { text-anchor: middle }
.strong { font-weight: 600 }
.ours { fill: #0969da } .theirs { fill: #afb8c1 } .floor { fill: none; stroke: #59636e; stroke-dasharray: 3 2 }
.whisker { stroke: #1f2328; stroke-width: 1.2 } .grid { stroke: #d1d9e0; stroke-width: 1 }
.line { fill: none; stroke: #0969da; stroke-width: 2 } .dot { fill: #0969da }
.line2 { fill: none; stroke: #bc4c00; stroke-width: 2 } .dot2 { fill: #bc4c00 } .limit { fill: none; stroke: #59636e; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .small { fill: #9198a1 } .ours { fill: #4493f8 } .theirs { fill: #656c76 } .floor { stroke: #9198a1 }
.whisker { stroke: #f0f6fc } .grid { stroke: #3d444d } .line { stroke: #4493f8 } .dot { fill: #4493f8 }
.line2 { stroke: #db6d28 } .dot2 { fill: #db6d28 } .limit { stroke: #9198a1 }
}
</style>
`

// canvas collects the elements of a drawing.
type canvas struct {
	bytes.Buffer
}

func (c *canvas) text(x, y float64, class, text string) {
	fmt.Fprintf(c, `<text x="%.1f" y="%.1f" class="%s">`, x, y, class)
	_ = xml.EscapeText(c, []byte(text)) // a buffer takes everything
	c.WriteString("</text>\n")
}

// notes writes lines of small text from y on, and returns where the drawing ends.
func (c *canvas) notes(y float64, lines []string) (end float64) {
	for _, line := range lines {
		c.text(16, y, "small", line)
		y += 16
	}
	return y
}

func (c *canvas) rect(x, y, width, height float64, class string) {
	fmt.Fprintf(c, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" class="%s"/>`+"\n", x, y, width, height, class)
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(c, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>`+"\n", x1, y1, x2, y2, class)
}

func (c *canvas) dot(x, y float64, class string) {
	fmt.Fprintf(c, `<circle cx="%.1f" cy="%.1f" r="3" class="%s"/>`+"\n", x, y, class)
}

// save writes the drawing. title is what a reader hears who does not see it.
func (c *canvas) save(path, title string, width, height float64) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`+"\n",
		width, height, width, height)
	out.WriteString("<title>")
	_ = xml.EscapeText(&out, []byte(title))
	out.WriteString("</title>\n" + style)
	out.Write(c.Bytes())
	out.WriteString("</svg>\n")
	return os.WriteFile(path, out.Bytes(), 0o644)
}
