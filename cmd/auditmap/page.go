// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// page writes events for people.
type page struct {
	painter
	out    *bufio.Writer
	events int
	buf    bytes.Buffer
}

// painter gives text a colour, where there are any.
type painter struct{ colours bool }

func (p *painter) paint(colour, text string) string {
	if !p.colours {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// Colours: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	grey   = "90"
)

// event writes an event and what was done to it. An error is that of out, which keeps the first.
func (p *page) event(r *result) error {
	if p.events > 0 {
		p.out.WriteByte('\n')
	}
	p.events++
	by := "preset " + r.Preset
	if r.Rule != "" {
		by = "rule " + r.Rule + ", " + by
	}
	p.put(bold, printable(r.At))
	p.put(grey, "  "+printable(by)+"\n")
	if r.Event != nil {
		p.buf.Reset()
		if err := json.Indent(&p.buf, r.Event, "", "  "); err != nil {
			return err // nobody can read it: it is refused as no JSON, and the mapping makes none such
		}
		p.json(p.buf.Bytes())
		p.out.WriteByte('\n')
	}
	for _, one := range r.Repaired {
		p.line(yellow, "repaired", one.Field+": "+says(one))
	}
	for _, one := range r.Errors {
		p.line(red, "error", one.String())
	}
	if r.Refused != nil {
		p.line(red, "refused", r.Refused.Code+": "+r.Refused.Message)
		if r.Event == nil {
			p.line(grey, "id", r.ID)
		}
	}
	_, err := p.out.Write(nil)
	return err
}

func (p *page) line(colour, label, text string) {
	p.put(colour, fmt.Sprintf("%-9s ", label))
	p.out.WriteString(printable(text))
	p.out.WriteByte('\n')
}

// put writes text in a colour. An error is kept by out.
func (p *page) put(colour, text string) { p.out.WriteString(p.paint(colour, text)) }

// json writes indented JSON, in colours by what a value is.
func (p *page) json(text []byte) {
	for len(text) > 0 {
		n := token(text)
		word := string(text[:n])
		text = text[n:]
		switch c := word[0]; {
		case c == '"' && bytes.HasPrefix(text, []byte(":")):
			p.put(cyan, escaped(word))
		case c == '"':
			p.put(green, escaped(word))
		case c >= '0' && c <= '9', c == '-', c == 't', c == 'f', c == 'n':
			p.put(yellow, word)
		default:
			p.out.WriteString(word)
		}
	}
}

// token returns the length of the string, word or run of other bytes that JSON text begins with.
func token(text []byte) int {
	if text[0] == '"' {
		for i := 1; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
		return len(text)
	}
	const between = " \n{}[],:"
	inWord := !strings.ContainsRune(between, rune(text[0]))
	for i := 1; i < len(text); i++ {
		if text[i] == '"' || strings.IndexByte(between, text[i]) < 0 != inWord {
			return i
		}
	}
	return len(text)
}

// escaped writes what a terminal could obey, or what could hide or turn text around, as JSON escapes: control characters
// beyond those that JSON forbids, and Unicode's formatting ones.
func escaped(text string) string {
	if strings.IndexFunc(text, unprintable) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !unprintable(r):
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool {
	return unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// printable returns text for one line of a terminal.
func printable(text string) string {
	return escaped(strings.ToValidUTF8(text, string(utf8.RuneError)))
}

// says tells people what was done to a field.
func says(r repair) string {
	switch {
	case r.Field == "eventTime" && r.Action == "filled":
		return "filled: the source gives no time with a zone; a time without one is taken as UTC, no time at all as when the record was observed"
	case r.Action == "filled":
		return `filled: the source gives none, and CloudTrail requires one`
	case r.Action == "trimmed":
		return "trimmed: it is longer than CloudTrail allows"
	case r.Action == "moved":
		return "moved: it is no value that this field can have, and stands in additionalEventData"
	case r.Action == "redacted":
		return "redacted: it holds a secret"
	case r.Action == "replaced":
		return "replaced: bytes that are not UTF-8 became U+FFFD"
	case r.Action == "out_of_range":
		return "out_of_range: the time is as the source has it, more than 10 years before the record was observed or a day after it"
	case r.Action == "expired":
		return "expired: the time is as the source has it, and older than retention: CloudTrail removes the event"
	}
	return r.Action
}
