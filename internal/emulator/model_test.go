// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata/types"
	"github.com/stretchr/testify/require"
)

func many(n int) []types.AuditEvent {
	events := make([]types.AuditEvent, n)
	for i := range events {
		events[i] = entry(fmt.Sprintf("e%d", i), event(nil))
	}
	return events
}

func TestModelBody(t *testing.T) {
	good := body(t, entry("a", event(nil)))
	withID := func(id string) string { return strings.Replace(good, `"id":"a"`, `"id":`+id, 1) }
	big := func(n int) string {
		text := body(t, entry("a", event(nil)))
		return text + strings.Repeat(" ", n-len(text))
	}
	for _, row := range []struct {
		name, body string
		status     int
		code       string
		message    string
	}{
		{"good", good, 200, "", ""},
		{"100 events", body(t, many(100)...), 200, "", ""},
		{"101 events", body(t, many(101)...), 400, "ValidationException", "between 1 and 100"},
		{"no events", `{"auditEvents":[]}`, 400, "ValidationException", "between 1 and 100"},
		{"auditEvents missing", `{}`, 400, "ValidationException", "'auditEvents'"},
		{"auditEvents null", `{"auditEvents":null}`, 400, "SerializationException", "null"},
		{"auditEvents an object", `{"auditEvents":{}}`, 400, "SerializationException", "an object"},
		{"body a list", `[]`, 400, "SerializationException", "an array"},
		{"empty body", "", 400, "SerializationException", "not valid JSON"},
		{"body cut off", good[:len(good)-2], 400, "SerializationException", "not valid JSON"},
		{"two bodies", strings.TrimSpace(good) + good, 400, "SerializationException", "not valid JSON"},
		{"invalid UTF-8", strings.Replace(good, "alice", "al\xffce", 1), 400, "SerializationException", "UTF-8"},
		{"unknown member", `{"x":1,` + good[1:], 400, "SerializationException", `"x"`},
		{"member in another case", strings.Replace(good, "auditEvents", "AuditEvents", 1), 400, "SerializationException", `"AuditEvents"`},
		{"member twice", `{"auditEvents":[],` + good[1:], 400, "SerializationException", "twice"},
		{"unknown member of an event", strings.Replace(good, `"id":`, `"x":1,"id":`, 1), 400, "SerializationException", `"x"`},
		{"event is text", `{"auditEvents":["x"]}`, 400, "SerializationException", "auditEvents.1.member is a string"},
		{"eventData missing", `{"auditEvents":[{"id":"a"}]}`, 400, "ValidationException", "'auditEvents.1.member.eventData'"},
		{"eventData an object", `{"auditEvents":[{"id":"a","eventData":{}}]}`, 400, "SerializationException", "auditEvents.1.member.eventData is an object"},
		{"id missing", `{"auditEvents":[{"eventData":"{}"}]}`, 400, "ValidationException", "'auditEvents.1.member.id'"},
		{"id a number", withID("1"), 400, "SerializationException", "auditEvents.1.member.id is a number"},
		{"id null", withID("null"), 400, "SerializationException", "auditEvents.1.member.id is null"},
		{"id empty", withID(`""`), 400, "ValidationException", "pattern"},
		{"id of 128", withID(`"` + strings.Repeat("a", 128) + `"`), 200, "", ""},
		{"id of 129", withID(`"` + strings.Repeat("a", 129) + `"`), 400, "ValidationException", "pattern"},
		{"id of all characters", withID(`"-_AZaz09"`), 200, "", ""},
		{"id with a dot", withID(`"a.b"`), 400, "ValidationException", "pattern"},
		{"id with a line end", withID(`"a\n"`), 400, "ValidationException", "pattern"},
		{"id twice", body(t, entry("a", event(nil)), entry("b", event(nil)), entry("a", event(nil))), 400, "DuplicatedAuditEventId", "same event ID"},
		{"body of 999,999 bytes", big(999_999), 200, "", ""},
		{"body of 1,000,000 bytes", big(1_000_000), 413, "RequestEntityTooLargeException", "1 MB"},
		{"body of 3,000,000 bytes", big(3_000_000), 413, "RequestEntityTooLargeException", "1 MB"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{})
			got := send(t, server, rawRequest(t, server.URL, row.body, goodSigning(), nil, nil))
			require.Equal(t, row.status, got.status, got.message)
			require.Equal(t, row.code, got.code)
			require.Contains(t, got.message, row.message)
			request := e.Requests()[0]
			if row.code == "" {
				require.Empty(t, got.answer.Failed)
				require.NotEmpty(t, got.answer.Successful)
				require.Zero(t, e.Counts().Violations)
				require.Len(t, e.Events(), request.Events)
				return
			}
			require.Empty(t, e.Events())
			require.Equal(t, row.status, request.Status)
			require.Equal(t, row.code, request.Code)
			require.Equal(t, 1, e.Counts().Violations)
			require.Equal(t, got.message, request.Violation)
		})
	}
}

func TestModelQueryAndHeaders(t *testing.T) {
	id := testARN[strings.IndexByte(testARN, '/')+1:]
	query := func(values ...string) func(*http.Request) {
		q := url.Values{}
		for i := 0; i < len(values); i += 2 {
			q.Add(values[i], values[i+1])
		}
		return func(r *http.Request) { r.URL.RawQuery = q.Encode() }
	}
	header := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = values }
	}
	const violates = true
	for _, row := range []struct {
		name     string
		change   func(*http.Request)
		status   int
		code     string
		violates bool
	}{
		{"channel as ARN", query("channelArn", testARN), 200, "", false},
		{"channel as ID", query("channelArn", id), 200, "", false},
		{"channel missing", query(), 400, "ValidationException", violates},
		{"channel twice", query("channelArn", testARN, "channelArn", testARN), 400, "ValidationException", violates},
		{"channel of another service", query("channelArn", "arn:aws:s3:::bucket"), 400, "InvalidChannelARN", violates},
		{"channel with spaces", query("channelArn", "my channel"), 400, "InvalidChannelARN", violates},
		{"ARN of a trail", query("channelArn", "arn:aws:cloudtrail:us-east-1:111122223333:trail/x"), 400, "InvalidChannelARN", violates},
		{"channel of another account", query("channelArn", strings.Replace(testARN, testAccount, "999922223333", 1)), 400, "ChannelNotFound", false},
		{"channel that does not exist", query("channelArn", "00000000-0000-0000-0000-000000000000"), 400, "ChannelNotFound", false},
		{"unknown parameter", query("channelArn", testARN, "x", "1"), 400, "ValidationException", violates},
		{"parameter in another case", query("ChannelArn", testARN), 400, "ValidationException", violates},
		{"external ID that nobody demands", query("channelArn", testARN, "externalId", "secret+=,.@:/-_1"), 200, "", false},
		{"external ID empty", query("channelArn", testARN, "externalId", ""), 400, "ValidationException", violates},
		{"external ID of 1", query("channelArn", testARN, "externalId", "x"), 400, "ValidationException", violates},
		{"external ID of 1224", query("channelArn", testARN, "externalId", strings.Repeat("x", 1224)), 200, "", false},
		{"external ID of 1225", query("channelArn", testARN, "externalId", strings.Repeat("x", 1225)), 400, "ValidationException", violates},
		{"external ID with a space", query("channelArn", testARN, "externalId", "a b"), 400, "ValidationException", violates},
		{"external ID twice", query("channelArn", testARN, "externalId", "ab", "externalId", "ab"), 400, "ValidationException", violates},
		{"Content-Type with charset", header("Content-Type", "application/json; charset=utf-8"), 200, "", false},
		{"Content-Type with another charset", header("Content-Type", "application/json; charset=latin1"), 415, "UnsupportedMediaTypeException", violates},
		{"Content-Type missing", func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "UnsupportedMediaTypeException", violates},
		{"Content-Type of another protocol", header("Content-Type", "application/x-amz-json-1.1"), 415, "UnsupportedMediaTypeException", violates},
		{"compressed", header("Content-Encoding", "gzip"), 415, "UnsupportedMediaTypeException", violates},
		{"PUT", func(r *http.Request) { r.Method = http.MethodPut }, 405, "UnknownOperationException", violates},
		{"another path", func(r *http.Request) { r.URL.Path = "/v1/PutAuditEvents" }, 404, "UnknownOperationException", violates},
		{"chunked", func(r *http.Request) { r.ContentLength = -1 }, 411, "MissingContentLengthException", violates},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{})
			got := send(t, server, rawRequest(t, server.URL, body(t, entry("a", event(nil))), goodSigning(), row.change, nil))
			require.Equal(t, row.status, got.status, got.message)
			require.Equal(t, row.code, got.code)
			require.Equal(t, row.violates, e.Requests()[0].Violation != "")
			require.Len(t, e.Events(), len(got.answer.Successful))
		})
	}
}

func TestExternalID(t *testing.T) {
	_, server := start(t, Config{ExternalID: "pass"})
	for _, row := range []struct{ sent, code string }{{"", "AccessDeniedException"}, {"past", "AccessDeniedException"}, {"pass", ""}} {
		got := send(t, server, rawRequest(t, server.URL, body(t, entry("a", event(nil))), goodSigning(), func(r *http.Request) {
			if row.sent != "" {
				r.URL.RawQuery += "&externalId=" + row.sent
			}
		}, nil))
		require.Equal(t, row.code, got.code)
	}
}

func TestChecksum(t *testing.T) {
	data := event(nil)
	text := func(s string) *string { return &s }
	for _, row := range []struct {
		name     string
		checksum *string
		code     string
	}{
		{"right", text(checksum(data)), ""},
		{"not sent", nil, ""},
		{"of something else", text(checksum(data + " ")), CodeInvalidChecksum},
		{"hexadecimal", text("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), CodeInvalidChecksum},
		{"without padding", text(strings.TrimRight(checksum(data), "=")), CodeInvalidChecksum},
		{"empty", text(""), CodeInvalidChecksum},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{})
			got := send(t, server, rawRequest(t, server.URL,
				body(t, types.AuditEvent{Id: text("a"), EventData: &data, EventDataChecksum: row.checksum}, entry("b", data)), goodSigning(), nil, nil))
			require.Equal(t, 200, got.status)
			if row.code == "" {
				require.Len(t, e.Events(), 2)
				return
			}
			require.Equal(t, "b", e.Events()[0].ID)
			require.Equal(t, row.code, got.answer.Failed[0].ErrorCode)
			require.Equal(t, "a", got.answer.Failed[0].ID)
		})
	}
}

// FuzzBody: what is taken is what encoding/json reads from the same bytes, within the constraints; what is not taken
// has a code.
func FuzzBody(f *testing.F) {
	f.Add([]byte(`{"auditEvents":[{"eventData":"{}","eventDataChecksum":"x","id":"a"},{"id":"b","eventData":""}]}`))
	f.Add([]byte(`{"auditEvents":[{"eventData":"\ud800","id":"a","id":"b"}]}`))
	f.Add([]byte(`{"auditEvents":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		events, apiErr := parseBody(text)
		if apiErr != nil {
			require.NotEmpty(t, apiErr.code)
			require.True(t, apiErr.violation)
			return
		}
		var want struct {
			AuditEvents []struct {
				EventData         string
				EventDataChecksum *string
				ID                string
			}
		}
		require.NoError(t, json.Unmarshal(text, &want))
		require.Len(t, events, len(want.AuditEvents))
		seen := map[string]bool{}
		for i, e := range events {
			require.Equal(t, want.AuditEvents[i].EventData, e.data)
			require.Equal(t, want.AuditEvents[i].EventDataChecksum, e.checksum)
			require.Equal(t, want.AuditEvents[i].ID, e.id)
			require.Regexp(t, `^[-_A-Za-z0-9]{1,128}$`, e.id)
			require.False(t, seen[e.id])
			seen[e.id] = true
		}
	})
}

func FuzzQuery(f *testing.F) {
	f.Add("channelArn=" + url.QueryEscape(testARN) + "&externalId=ab")
	f.Add("channelArn=a&channelArn=b;c=%zz")
	f.Fuzz(func(t *testing.T, raw string) {
		channel, externalID, apiErr := parseQuery(raw)
		if apiErr != nil {
			require.NotEmpty(t, apiErr.code)
			return
		}
		require.NotEmpty(t, channel)
		require.True(t, externalID == "" || isExternalID(externalID))
	})
}
