// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Row is a line of a preset's table, for people to read.
type Row struct {
	// Field is a field of the event, under the service's dotted name, or a member of an object field.
	Field string
	// From says where it comes from: the first that gives a value is taken.
	From []string
}

// Recognises says which records the preset takes, one condition a line, all of which must hold.
func (p *Preset) Recognises() []string {
	var lines []string
	if p.Encoding != "" {
		lines = append(lines, "the scope attribute encoding.format is "+strconv.Quote(p.Encoding))
	}
	if p.Mark != "" {
		lines = append(lines, "the record or an envelope of it has a key "+p.Mark)
	}
	switch c := p.Fits.(type) {
	case nil:
	case allOf:
		for _, one := range c {
			lines = append(lines, condition(one))
		}
	default:
		lines = append(lines, condition(c))
	}
	return lines
}

// Describe returns the preset's table, in the order of the event's fields. What the table does not name is left over, and
// goes to the field that the last row says.
func (p *Preset) Describe() []Row {
	var rows []Row
	text := func(field string, e Expr) {
		if e != nil {
			rows = append(rows, Row{Field: field, From: alternatives(e)})
		}
	}
	object := func(field string, parts Parts) {
		for _, part := range parts.all {
			rows = append(rows, describePart(field, part))
		}
	}
	text("version", p.Version)
	text("userIdentity.type", p.Type)
	text("userIdentity.principalId", p.PrincipalID)
	object("userIdentity.details", p.Details)
	text("userAgent", p.UserAgent)
	text("eventSource", p.EventSource)
	text("eventName", p.EventName)
	if times := each(p.EventTime); len(times) > 0 {
		if p.TimestampFirst {
			times = append([]string{"the log record's Timestamp"}, times...)
		}
		rows = append(rows, Row{Field: "eventTime", From: times})
	}
	text("UID", p.UID)
	text("id", p.ID)
	object("requestParameters", p.Request)
	object("responseElements", p.Response)
	text("errorCode", p.ErrorCode)
	text("errorMessage", p.ErrorMessage)
	if len(p.SourceIP) > 0 {
		rows = append(rows, Row{Field: "sourceIPAddress", From: each(p.SourceIP)})
	}
	for _, secret := range p.Secrets {
		rows = append(rows, Row{Field: "redacted", From: alternatives(secret)})
	}
	for _, o := range p.Omitted {
		rows = append(rows, Row{Field: "left out", From: []string{expression(o.What) + ": " + o.Reason}})
	}
	rest := "additionalEventData"
	if p.RestInRequest {
		rest = "requestParameters"
	}
	return append(rows, Row{Field: rest, From: []string{"what is left of the record"}})
}

func describePart(field string, part Part) Row {
	switch p := part.(type) {
	case one:
		return Row{Field: field + "." + p.key.String(), From: alternatives(p.value)}
	case group:
		return Row{Field: field + "." + p.dotted + ".*", From: []string{p.dotted + ".*"}}
	case spread:
		return Row{Field: field + ".*", From: []string{"the members of " + expression(p.of)}}
	case others:
		return Row{Field: field + ".*", From: []string{"what else there is in " + expression(p.of)}}
	case pairs:
		return Row{Field: field + ".*", From: []string{fmt.Sprintf("each of %s: its %s under its %s", expression(p.in), p.value, p.key)}}
	}
	return Row{Field: field + ".*", From: []string{unknown(part)}}
}

// alternatives returns the expressions of which the first that has a value is taken.
func alternatives(e Expr) []string {
	switch e := e.(type) {
	case *firstOf:
		return each(e.all)
	case *named:
		return e.dotted
	}
	return []string{expression(e)}
}

func each(expressions []Expr) []string {
	var texts []string
	for _, e := range expressions {
		texts = append(texts, alternatives(e)...)
	}
	return texts
}

// expression returns an expression as text.
func expression(e Expr) string {
	switch e := e.(type) {
	case constant:
		return strconv.Quote(string(e))
	case at:
		return dotted(e.path)
	case near:
		return dotted(e) + " (of the record or its envelope)"
	case aroundIt:
		return e.key.String() + " (of the record's envelope)"
	case memberOf:
		return e.key.String() + " (beside " + e.has.String() + ", of the record or its envelope)"
	case anyPlace:
		texts := make([]string, len(e))
		for i := range e {
			texts[i] = dotted(e[i : i+1])
		}
		return strings.Join(texts, " or ") + " (of the record or what is around it)"
	case attributeOf:
		return "attribute " + e.key.String()
	case field:
		return e.name
	case below:
		return expression(e.of) + "." + dotted(e.path)
	case listed:
		return fmt.Sprintf("%s[%s is %q].%s", expression(e.in), e.key, e.equal, e.member)
	case *firstOf, *named:
		texts := alternatives(e)
		if len(texts) == 1 {
			return texts[0]
		}
		return "(" + strings.Join(texts, " | ") + ")"
	case joined:
		texts := make([]string, len(e.of))
		for i, of := range e.of {
			texts[i] = expression(of)
			if strings.Contains(texts[i], ", ") {
				texts[i] = "(" + texts[i] + ")"
			}
		}
		return strings.Join(texts, " + "+strconv.Quote(e.separator)+" + ")
	case *conditional:
		return expression(e.then) + ", where " + condition(e.cond)
	case changed:
		return expression(e.of) + ", " + e.says
	case words:
		return expression(e.of) + ": " + dictionary(e.as)
	case grpcCode:
		return expression(e.of) + ", a gRPC status by its name"
	case eachAt:
		return dotted(e)
	}
	return unknown(e)
}

// condition returns a condition as text.
func condition(c Cond) string {
	switch c := c.(type) {
	case anyOf:
		return "(" + conditions(c, " or ") + ")"
	case allOf:
		return conditions(c, " and ")
	case not:
		if o, ok := c.cond.(isOneOf); ok {
			return expression(o.value) + " is not " + quoted(o.words)
		}
		return "not (" + condition(c.cond) + ")"
	case present:
		return strings.Join(each(c), " or ") + " has a value"
	case isOneOf:
		return expression(c.value) + " is " + quoted(c.words)
	case atLeast:
		return fmt.Sprintf("%s is %d or more", expression(c.value), c.bound)
	case kind:
		return expression(c.value) + " is " + c.says
	case text:
		return expression(c.value) + " " + c.says
	case anywhere:
		return dotted(c.path) + " is " + strconv.Quote(c.word) + " somewhere"
	case hasOnly:
		return expression(c.value) + " has no members but " + strings.Join(c.keys, " and ")
	}
	return unknown(c)
}

func conditions(all []Cond, between string) string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = condition(c)
	}
	return strings.Join(texts, between)
}

// dotted returns a path as a query language would have it: a.b[0].c, and keys that hold a dot in quotes.
func dotted(path []*tree.Key) string {
	var b strings.Builder
	for _, key := range path {
		step := key.String()
		_, err := strconv.Atoi(step)
		switch {
		case err == nil:
			b.WriteString("[" + step + "]")
		case strings.ContainsAny(step, ".[] "):
			b.WriteString("[" + strconv.Quote(step) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

func quoted(words []string) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = strconv.Quote(w)
	}
	return strings.Join(texts, " or ")
}

func dictionary(as map[string]string) string {
	const shown = 8
	if len(as) > shown {
		return fmt.Sprintf("by a list of %d names", len(as))
	}
	texts := make([]string, 0, len(as))
	for from, to := range as {
		texts = append(texts, fmt.Sprintf("%q gives %q", from, to))
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// unknown stands for what this file has no words for. No preset may show it: a test sees to that.
func unknown(what any) string { return fmt.Sprintf("%s%T]", unknownMark, what) }

const unknownMark = "[not described: "
