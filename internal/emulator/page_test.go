// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const markup = `<script>alert("1")</script>"'><img src=x onerror=alert(1)>`

// TestPageEscapes puts markup in every field of an event, good and refused, in faults, filters and violations: it stays
// text everywhere.
func TestPageEscapes(t *testing.T) {
	e, server := start(t, Config{Faults: Faults{Events: []EventFault{{Code: markup, Message: markup, Match: Match{EventName: "refuse"}}}}})
	hostile := map[string]any{markup: markup}
	changes := map[string]any{
		"version": markup, "userAgent": markup, "eventSource": markup, "eventName": markup, "UID": markup, "errorCode": markup, "errorMessage": markup,
		"userIdentity":      map[string]any{"type": markup, "principalId": markup, "details": hostile},
		"requestParameters": hostile, "responseElements": hostile, "additionalEventData": hostile,
	}
	good := event(changes)
	changes["eventName"] = "refuse"
	refused := event(changes)
	changes["eventTime"], changes["sourceIPAddress"], changes["recipientAccountId"] = markup, markup, markup
	broken := event(changes)
	_, err := client(t, server).PutAuditEvents(context.Background(), input(entry("good", good), entry("refused", refused), entry("broken", broken), entry("text", markup)))
	require.NoError(t, err)
	require.Len(t, e.Events(), 1)
	got := send(t, server, rawRequest(t, server.URL, `{"auditEvents":[{"id":`+quote(t, markup)+`,"eventData":"{}"}]}`, goodSigning(), nil, nil))
	require.Contains(t, got.message, markup)

	clean := strings.Count(pageOf(t, server, ""), "<script")
	require.Equal(t, 1, clean, "the page's own script")
	for seq := range 5 {
		for _, query := range []url.Values{{}, {"q": {markup}}, {"outcome": {markup}}, {"source": {markup}, "name": {markup}}} {
			query.Set("event", strconv.Itoa(seq))
			text := pageOf(t, server, query.Encode())
			require.Equal(t, 1, strings.Count(text, "<script"), query)
			require.NotContains(t, text, "<img")
			require.NotContains(t, text, `"'>`)
			require.NotContains(t, text, "javascript:")
		}
	}
	require.Contains(t, html.UnescapeString(pageOf(t, server, "event=1")), markup, "as text it is all there")
}

func quote(t testing.TB, s string) string {
	t.Helper()
	text, err := marshal(s)
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}

func pageOf(t testing.TB, server *httptest.Server, query string) string {
	t.Helper()
	status, text, header := ask(t, server, "GET", "/?"+query, "", nil)
	require.Equal(t, 200, status)
	require.Equal(t, pageSecurity, header.Get("Content-Security-Policy"))
	require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	return text
}

func TestPage(t *testing.T) {
	e, server := start(t, Config{Faults: Faults{Events: []EventFault{{Code: "Throttling", Match: Match{ID: "b"}}}}})
	require.Contains(t, pageOf(t, server, ""), "No events yet")
	_, _, err := put(t, client(t, server), "a", "b", "c")
	require.NoError(t, err)

	text := pageOf(t, server, "")
	require.Contains(t, text, `<span class="code">Throttling</span>`)
	require.Contains(t, text, `<b>2</b> ingested`)
	require.Contains(t, text, `<b>1</b> refused`)
	require.Contains(t, text, "Told to fail")
	require.Contains(t, text, testARN)
	require.NotContains(t, text, "<pre")

	for query, want := range map[string][]string{
		"":                    {"name-c", "name-b", "name-a"}, // newest first
		"q=NAME-A":            {"name-a"},
		"q=throttling":        {"name-b"},
		"outcome=ingested":    {"name-c", "name-a"},
		"outcome=refused":     {"name-b"},
		"outcome=Throttling":  {"name-b"},
		"outcome=InvalidData": nil,
		"name=name-c":         {"name-c"},
		"source=elsewhere":    nil,
		"before=2":            {"name-a"},
		"before=x":            {"name-c", "name-b", "name-a"},
		"q=name-&outcome=x&":  nil,
		"source=billing.example.com&outcome=refused": {"name-b"},
	} {
		text := pageOf(t, server, query)
		rows := regexp.MustCompile(`<td class="name">([^<]*)</td>`).FindAllStringSubmatch(text, -1)
		var got []string
		for _, row := range rows {
			got = append(got, row[1])
		}
		require.Equal(t, want, got, query)
	}
	text = html.UnescapeString(pageOf(t, server, "event=2"))
	require.Contains(t, text, "Throttling: The emulator was told to answer Throttling")
	require.Contains(t, text, "  \"eventName\": \"name-b\",\n", "indented")
	require.Contains(t, text, e.Refused()[0].RequestID)
}

// TestPageUnchanged: looking again costs nothing while nothing has changed.
func TestPageUnchanged(t *testing.T) {
	e, server := start(t, Config{})
	_, _, header := ask(t, server, "GET", "/", "", nil)
	again := func() int {
		status, _, next := ask(t, server, "GET", "/", "", func(r *http.Request) { r.Header.Set("If-None-Match", header.Get("ETag")) })
		header = next
		return status
	}
	for _, change := range []func(){
		func() { _, _, _ = put(t, client(t, server), "a") },
		func() { require.NoError(t, e.SetFaults(Faults{Deny: true})) },
		func() { _, _, _ = put(t, client(t, server), "a") },
		e.Reset,
	} {
		require.Equal(t, 304, again())
		change()
		require.Equal(t, 200, again())
	}
}

// TestPageIsBounded: however many events there are and however long, a page holds so many, and leads to the older ones.
func TestPageIsBounded(t *testing.T) {
	e, err := New(Config{ChannelARN: testARN})
	require.NoError(t, err)
	long, data := strings.Repeat("x", 1024), event(nil)
	records := make([]*record, 100_000)
	for i := range records {
		records[i] = &record{summary: summary{Name: fmt.Sprintf("n%d", i), Source: long, Principal: long}, time: time.Unix(0, 0), id: "i", data: data}
	}
	require.NoError(t, e.keep(nil, records))
	server := httptest.NewServer(e)
	defer server.Close()

	text := pageOf(t, server, "")
	require.Equal(t, pageRows, strings.Count(text, `class="event`))
	require.Less(t, len(text), 1<<20)
	require.Contains(t, text, "100000 in memory")
	older := regexp.MustCompile(`href="([^"]*)">Older events`).FindStringSubmatch(text)
	require.NotNil(t, older)
	_, next, _ := ask(t, server, "GET", html.UnescapeString(older[1]), "", nil)
	require.Contains(t, next, ">n99799<")
	require.NotContains(t, next, ">n99800<")
	require.NotContains(t, pageOf(t, server, "before=10"), "Older events")
}

// TestPageWhileEventsArrive is for the race detector.
func TestPageWhileEventsArrive(t *testing.T) {
	e, server := start(t, Config{Keep: 50})
	var senders sync.WaitGroup
	for i := range 4 {
		senders.Go(func() {
			c := client(t, server)
			for j := range 25 {
				_, _, err := put(t, c, fmt.Sprintf("%d-%d", i, j), "x", "y")
				assert.NoError(t, err)
			}
		})
	}
	done := make(chan struct{})
	go func() { senders.Wait(); close(done) }()
	for open := true; open; {
		select {
		case <-done:
			open = false
		default:
		}
		pageOf(t, server, "q=name&event=40")
		e.Events()
		e.Refused()
		e.Requests()
	}
	require.Equal(t, 300, e.Counts().Ingested)
}

func TestAssets(t *testing.T) {
	_, server := start(t, Config{})
	for path, contentType := range map[string]string{"/page.css": "text/css; charset=utf-8", "/page.js": "text/javascript; charset=utf-8"} {
		status, text, header := ask(t, server, "GET", path, "", nil)
		require.Equal(t, 200, status)
		require.Equal(t, contentType, header.Get("Content-Type"))
		require.NotEmpty(t, text)
	}
	require.NotRegexp(t, `innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval`, pageJS)
}
