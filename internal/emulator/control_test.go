// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ask sends a request to page or control and returns status and body.
func ask(t testing.TB, server *httptest.Server, method, path, body string, change func(*http.Request)) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	if change != nil {
		change(r)
	}
	response, err := server.Client().Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text), response.Header
}

func TestControl(t *testing.T) {
	e, server := start(t, Config{})
	status, text, _ := ask(t, server, "GET", "/_control/faults", "", nil)
	require.Equal(t, 200, status)
	require.JSONEq(t, "{}", text)

	faults := `{"seed":7,"latency":"1ms","events":[{"code":"Throttling","event_name":"name-a"}]}`
	status, text, _ = ask(t, server, "PUT", "/_control/faults", faults, nil)
	require.Equal(t, 200, status)
	require.JSONEq(t, faults, text)
	_, text, _ = ask(t, server, "GET", "/_control/faults", "", nil)
	require.JSONEq(t, faults, text)

	_, failed, err := put(t, client(t, server), "a", "b")
	require.NoError(t, err)
	require.Equal(t, []string{"a:Throttling"}, failed)

	status, text, header := ask(t, server, "GET", "/_control/counts", "", nil)
	require.Equal(t, 200, status)
	require.Equal(t, "application/json", header.Get("Content-Type"))
	require.Equal(t, "no-store", header.Get("Cache-Control"))
	var counts Counts
	require.NoError(t, json.Unmarshal([]byte(text), &counts))
	require.Equal(t, e.Counts(), counts)
	require.Equal(t, 1, counts.Ingested)

	status, text, _ = ask(t, server, "PUT", "/_control/faults", `{"events":[{"code":"X"}]}`, nil)
	require.Equal(t, 400, status)
	require.Contains(t, text, "events[0]")
	status, _, _ = ask(t, server, "PUT", "/_control/faults", strings.Repeat(" ", 2<<20), nil)
	require.Equal(t, 400, status)
	_, text, _ = ask(t, server, "GET", "/_control/faults", "", nil)
	require.JSONEq(t, faults, text, "what is refused changes nothing")

	status, _, _ = ask(t, server, "POST", "/_control/reset", "", nil)
	require.Equal(t, 204, status)
	require.Empty(t, e.Events())
	status, _, _ = ask(t, server, "GET", "/_control/reset", "", nil)
	require.Equal(t, 405, status)
	status, _, _ = ask(t, server, "GET", "/_control/other", "", nil)
	require.Equal(t, 404, status)
}

// TestGuard: what a stranger's page in the operator's browser could ask is refused, for page and control calls alike.
func TestGuard(t *testing.T) {
	e, server := start(t, Config{Hosts: []string{"lake-emulator"}})
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, row := range []struct {
		host, origin string
		status       int
	}{
		{"", "", 200},
		{"127.0.0.1:" + port, "http://127.0.0.1:" + port, 200},
		{"localhost:" + port, "http://localhost:" + port, 200},
		{"localhost", "", 200},
		{"[::1]:" + port, "", 200},
		{"127.0.0.2", "", 200},
		{"lake-emulator:8788", "", 200},
		{"lake-emulator:8788", "http://lake-emulator:8788", 200},
		{"evil.example", "", 403},
		{"evil.example:" + port, "http://evil.example:" + port, 403},
		{"localhost.evil.example", "", 403},
		{"192.0.2.1", "", 403},
		{"127.0.0.1.evil.example", "", 403},
		{"", "http://evil.example", 403},
		{"", "null", 403},
		{"127.0.0.1:" + port, "https://127.0.0.1:" + port, 403},
		{"127.0.0.1:" + port, "http://127.0.0.1:1", 403},
		{"127.0.0.1:" + port, "http://localhost:" + port, 403},
	} {
		change := func(r *http.Request) {
			r.Host = row.host
			if row.origin != "" {
				r.Header.Set("Origin", row.origin)
			}
		}
		for _, path := range []string{"/", "/_control/counts", "/_control/faults"} {
			status, _, _ := ask(t, server, "GET", path, "", change)
			require.Equal(t, row.status, status, "%+v %s", row, path)
		}
		status, _, _ := ask(t, server, "PUT", "/_control/faults", `{"deny":true}`, change)
		require.Equal(t, row.status, status, "%+v", row)
		require.Equal(t, row.status == 200, e.faults.Deny)
		require.NoError(t, e.SetFaults(Faults{}))
	}
	// The service itself is asked under any name, as behind an endpoint setting; it is its signature that keeps
	// strangers out.
	r := rawRequest(t, server.URL, body(t, entry("a", event(nil))), goodSigning(), func(r *http.Request) { r.Host = "cloudtrail-data.us-east-1.amazonaws.com" }, nil)
	require.Equal(t, 200, send(t, server, r).status)
}
