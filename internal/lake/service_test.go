// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

const (
	testChannel = "arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE"
	testSecret  = "open+sesame=/42"
)

// received is a request as a service got it.
type received struct {
	method string
	uri    string
	query  map[string][]string
	header http.Header
	host   string
	body   string
	close  bool // the client does not keep the connection
}

// accessKey is the key that the request says it was signed with.
func (r *received) accessKey() string {
	_, after, _ := strings.Cut(r.header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(after, "/")
	return key
}

type reply struct {
	status int // 0 = 200
	text   string
	header map[string]string
}

// service is an HTTP server that answers by a function, and keeps what it got.
type service struct {
	*httptest.Server

	mu    sync.Mutex
	calls []*received
}

func newService(tb testing.TB, answer func(*received) reply) *service {
	s := &service{}
	s.Server = httptest.NewServer(s.handler(tb, answer))
	tb.Cleanup(s.Close)
	return s
}

func (s *service) handler(tb testing.TB, answer func(*received) reply) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			tb.Errorf("read a request: %v", err)
		}
		call := &received{method: r.Method, uri: r.RequestURI, query: r.URL.Query(), header: r.Header, host: r.Host, body: string(text), close: r.Close}
		s.mu.Lock()
		s.calls = append(s.calls, call)
		s.mu.Unlock()
		out := answer(call)
		for name, value := range out.header {
			w.Header().Set(name, value)
		}
		if out.status != 0 {
			w.WriteHeader(out.status)
		}
		_, _ = io.WriteString(w, out.text)
	})
}

func (s *service) received() []*received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*received(nil), s.calls...)
}

func (s *service) config(tb testing.TB) Config {
	staticKeys(tb)
	return Config{ChannelARN: testChannel, Region: "us-east-1", Endpoint: s.URL, Timeout: 30 * time.Second}
}

// noCredentials shuts out those of the machine that the tests run on.
func noCredentials(tb testing.TB) {
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN",
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CA_BUNDLE",
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA", "AWS_MAX_ATTEMPTS",
	} {
		tb.Setenv(name, "")
	}
	tb.Setenv("AWS_CONFIG_FILE", filepath.Join(tb.TempDir(), "config"))
	tb.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(tb.TempDir(), "credentials"))
	tb.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

func staticKeys(tb testing.TB) {
	noCredentials(tb)
	tb.Setenv("AWS_ACCESS_KEY_ID", "AKIDSTATIC")
	tb.Setenv("AWS_SECRET_ACCESS_KEY", "static-secret")
}

func newClient(tb testing.TB, cfg Config) *Client {
	client, err := New(tb.Context(), cfg)
	require.NoError(tb, err)
	tb.Cleanup(client.Close)
	return client
}

// put sends three small events.
func put(tb testing.TB, client *Client) ([]Result, *Error) {
	var answer Answer
	err := client.Put(tb.Context(), numbered(tb, 3), &answer)
	if err == nil {
		return answer.Results, nil
	}
	var failure *Error
	require.ErrorAs(tb, err, &failure)
	return nil, failure
}

// accepts answers that every event of put is stored.
func accepts(*received) reply {
	return reply{text: `{"failed":[],"successful":[{"id":"e-0","eventID":"A"},{"id":"e-1","eventID":"B"},{"id":"e-2","eventID":"C"}]}`}
}

var accepted = []Result{ok("A"), ok("B"), ok("C")}

func writeFile(tb testing.TB, path, text string) {
	require.NoError(tb, os.WriteFile(path, []byte(text), 0o600))
}
