// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Point is a measurement: what it took at a size of the input.
type Point struct{ X, Y float64 }

// Series is a line in a panel.
type Series struct{ Points []Point }

// Panel is one small chart, both of its axes logarithmic, so that what grows like its input is a straight line.
type Panel struct {
	Title, XName, YName string
	// Series are one or two lines.
	Series []Series
	// Limit, if it has points, is how fast the cost may grow at most.
	Limit []Point
}

const (
	panelWidth, panelHeight         = 400.0, 270.0
	padLeft, padRight, padTop, foot = 62.0, 18.0, 44.0, 46.0
)

// Lines draws panels, two in a row.
func Lines(path, title string, panels []Panel, notes ...string) error {
	var c canvas
	c.text(16, 24, "title", title)
	for i, p := range panels {
		p.draw(&c, float64(i%2)*panelWidth+10, float64(i/2)*panelHeight+36)
	}
	height := 36 + float64((len(panels)+1)/2)*panelHeight
	return c.save(path, title, 2*panelWidth+20, c.notes(height+14, notes))
}

// axis maps values to places on a logarithmic scale.
type axis struct{ low, high, from, to float64 }

func (a axis) at(v float64) float64 {
	return a.from + (a.to-a.from)*math.Log(v/a.low)/math.Log(a.high/a.low)
}

func (p *Panel) draw(c *canvas, left, top float64) {
	x := axis{math.Inf(1), 0, left + padLeft, left + panelWidth - padRight}
	y := axis{math.Inf(1), 0, top + panelHeight - foot, top + padTop}
	for _, s := range append(slices.Clip(p.Series), Series{Points: p.Limit}) {
		for _, point := range s.Points {
			x.low, x.high = min(x.low, point.X), max(x.high, point.X)
			y.low, y.high = min(y.low, point.Y), max(y.high, point.Y)
		}
	}
	y.low, y.high = math.Pow(10, math.Floor(math.Log10(y.low))), math.Pow(10, math.Ceil(math.Log10(y.high)))
	if y.low == y.high {
		y.high *= 10
	}
	c.text(left+padLeft, top+18, "strong", p.Title)
	c.text(left+padLeft, top+34, "small", p.YName)
	for v := y.low; v <= y.high*1.001; v *= 10 {
		c.line(x.from, y.at(v), x.to, y.at(v), "grid")
		c.text(x.from-6, y.at(v)+4, "small end", number(v))
	}
	for _, point := range p.Series[0].Points {
		c.text(x.at(point.X), y.from+16, "small middle", number(point.X))
	}
	c.text((x.from+x.to)/2, y.from+32, "small middle", p.XName)
	p.path(c, x, y, p.Limit, "limit", "")
	for i, s := range p.Series {
		line, dot := "line", "dot"
		if i > 0 {
			line, dot = "line2", "dot2"
		}
		p.path(c, x, y, s.Points, line, dot)
	}
}

func (p *Panel) path(c *canvas, x, y axis, points []Point, line, dot string) {
	if len(points) == 0 {
		return
	}
	c.WriteString(`<polyline class="` + line + `" points="`)
	for _, point := range points {
		fmt.Fprintf(c, "%.1f,%.1f ", x.at(point.X), y.at(point.Y))
	}
	c.WriteString("\"/>\n")
	for _, point := range points {
		if dot != "" {
			c.dot(x.at(point.X), y.at(point.Y), dot)
		}
	}
}

// number is short: 8192, 20k, 0.1.
func number(v float64) string {
	if v >= 10_000 {
		return strconv.FormatFloat(v/1000, 'g', 4, 64) + "k"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
