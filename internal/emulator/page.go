// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.uber.org/zap"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// pageTemplate escapes all that events hold. The page has no other way for them in: its script moves what the template
// made.
var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"panel": newPanel}).Parse(pageHTML))

// pageSecurity lets the page load its own script and style and nothing else, should a field ever slip through the
// template.
const pageSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const (
	pageRows  = 200 // events on one page
	pageTop   = 6   // sources and names that are listed
	pageText  = 120 // characters of a cell; the opened event shows all
	maxFilter = 200 // characters of a filter
)

// filter is what the page is asked for.
type filter struct {
	Text    string // somewhere in the event, without regard to case
	Outcome string // "ingested", "refused" or an error code
	Source  string
	Name    string
	Before  uint64 // only records older than this one; 0 = all
	Open    uint64 // the record that is shown in full; 0 = none
}

func parseFilter(values url.Values) filter {
	get := func(name string) string { return clipTo(values.Get(name), maxFilter) }
	number := func(name string) uint64 { n, _ := strconv.ParseUint(values.Get(name), 10, 64); return n }
	return filter{
		Text: get("q"), Outcome: get("outcome"), Source: values.Get("source"), Name: values.Get("name"),
		Before: number("before"), Open: number("event"),
	}
}

// takes says whether a record passes; text is in lower case.
func (f *filter) takes(r *record, text string) bool {
	switch f.Outcome {
	case "":
	case "ingested":
		if r.code != "" {
			return false
		}
	case "refused":
		if r.code == "" {
			return false
		}
	default:
		if r.code != f.Outcome {
			return false
		}
	}
	return (f.Source == "" || r.Source == f.Source) && (f.Name == "" || r.Name == f.Name) &&
		(text == "" || contains(r.id, text) || contains(r.code, text) || contains(r.data, text))
}

func contains(s, lower string) bool { return strings.Contains(strings.ToLower(s), lower) }

// view is what the template shows.
type view struct {
	filter
	Channel   string
	Counts    Counts
	Refused   int
	Requests  int
	Answers   []tallied // requests by code, the failed ones as refused
	Codes     []tallied
	Sources   []tallied
	Names     []tallied
	Faults    string // JSON, "" = none
	Violation string // of the newest request that broke the model, "" = none
	Rows      []row
	Older     uint64 // the page after this one begins before it; 0 = there is none
}

// panel is one list of counts, each a link that filters by what it counts, or plain text where there is no such
// parameter.
type panel struct {
	Title, Parameter string
	List             []tallied
	View             *view
}

func newPanel(title, parameter string, list []tallied, v *view) panel {
	return panel{title, parameter, list, v}
}

type tallied struct {
	Name string
	Tally
}

type row struct {
	Seq                                                           uint64
	Received, ReceivedFull, Code, Message, ID, EventID, RequestID string
	Time, Source, Name, Principal, Address, ErrorCode             string
	Data                                                          string // only of the open row
}

// Link is the address of the page with one parameter changed; "" removes it. Links other than to an older page lead
// back to the newest events.
func (v *view) Link(name, value string) string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("q", v.Text)
	set("outcome", v.Outcome)
	set("source", v.Source)
	set("name", v.Name)
	if name == "event" && v.Before > 0 {
		set("before", strconv.FormatUint(v.Before, 10))
	}
	values.Del(name)
	set(name, value)
	return "/?" + values.Encode()
}

// Toggle opens a row, or closes the one that is open.
func (v *view) Toggle(seq uint64) string {
	if seq == v.Open {
		return v.Link("event", "")
	}
	return v.Link("event", strconv.FormatUint(seq, 10))
}

// OlderLink leads to the events before those shown.
func (v *view) OlderLink() string { return v.Link("before", strconv.FormatUint(v.Older, 10)) }

func (e *Emulator) page(w http.ResponseWriter, r *http.Request) {
	v, tag := e.look(parseFilter(r.URL.Query()))
	h := w.Header()
	h.Set("Content-Security-Policy", pageSecurity)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	v.fill(e.snapshot())
	var buf bytes.Buffer
	if err := pageTemplate.Execute(&buf, v); err != nil {
		e.log.Error("Could not render the page", zap.Error(err))
		http.Error(w, "the page could not be rendered", http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(buf.Bytes())
}

// look reads everything but the events, and a tag that changes whenever any of the page does.
func (e *Emulator) look(f filter) (*view, string) {
	counts := e.Counts()
	v := &view{filter: f, Counts: counts, Sources: top(counts.Sources), Names: top(counts.Names)}
	for code, n := range counts.Refused {
		v.Refused += n
		v.Codes = append(v.Codes, tallied{code, Tally{Refused: n}})
	}
	slices.SortFunc(v.Codes, byTally)
	for code, n := range counts.Requests {
		v.Requests += n
		t := Tally{Refused: n}
		if code == codeOK {
			t = Tally{Ingested: n}
		}
		v.Answers = append(v.Answers, tallied{code, t})
	}
	slices.SortFunc(v.Answers, byTally)
	e.mu.Lock()
	defer e.mu.Unlock()
	v.Channel, v.Violation = e.channelARN, e.violation
	if faults, err := marshal(e.faults); err == nil && string(faults) != "{}\n" {
		v.Faults = strings.TrimSpace(string(faults))
	}
	return v, fmt.Sprintf("%q", e.started+"-"+strconv.Itoa(e.version))
}

// snapshot is safe to read while more arrives: records do not change.
func (e *Emulator) snapshot() []*record {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.records.all())
}

// fill takes the newest records that pass the filter, and one more to know whether there are older ones.
func (v *view) fill(records []*record) {
	text := strings.ToLower(v.Text)
	for _, r := range slices.Backward(records) {
		if v.Before > 0 && r.seq >= v.Before || !v.takes(r, text) {
			continue
		}
		if len(v.Rows) == pageRows {
			v.Older = v.Rows[pageRows-1].Seq
			return
		}
		v.Rows = append(v.Rows, newRow(r, r.seq == v.Open))
	}
}

func newRow(r *record, open bool) row {
	cell := func(s string) string { return s }
	if !open {
		cell = func(s string) string { return clipTo(s, pageText) }
	}
	out := row{
		Seq: r.seq, Received: r.time.UTC().Format("15:04:05.000"), ReceivedFull: r.time.UTC().Format("2006-01-02 15:04:05.000 UTC"),
		Code: cell(r.code), Message: r.message, ID: r.id, EventID: r.eventID, RequestID: r.requestID,
		Time: cell(r.Time), Source: cell(r.Source), Name: cell(r.Name),
		Principal: cell(r.Principal), Address: cell(r.Address), ErrorCode: cell(r.ErrorCode),
	}
	if open {
		out.Data = pretty(r.data)
	}
	return out
}

// pretty indents JSON and leaves everything else as it is.
func pretty(data string) string {
	var buf bytes.Buffer
	if err := json.Indent(&buf, []byte(data), "", "  "); err != nil {
		return data
	}
	return buf.String()
}

// top returns the names with the most events.
func top(by map[string]Tally) []tallied {
	list := make([]tallied, 0, len(by))
	for name, t := range by {
		list = append(list, tallied{name, t})
	}
	slices.SortFunc(list, byTally)
	return list[:min(len(list), pageTop)]
}

func byTally(a, b tallied) int {
	return cmp.Or(cmp.Compare(b.Ingested+b.Refused, a.Ingested+a.Refused), strings.Compare(a.Name, b.Name))
}

func asset(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(text))
	}
}
