// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"
)

func put(t testing.TB, c *cloudtraildata.Client, ids ...string) (ok, failed []string, err error) {
	t.Helper()
	in := input()
	for _, id := range ids {
		in.AuditEvents = append(in.AuditEvents, entry(id, event(map[string]any{"eventName": "name-" + id, "UID": "uid-" + id})))
	}
	out, err := c.PutAuditEvents(context.Background(), in)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range out.Successful {
		ok = append(ok, *e.Id)
	}
	for _, e := range out.Failed {
		failed = append(failed, *e.Id+":"+*e.ErrorCode)
	}
	return ok, failed, nil
}

func TestEventFaults(t *testing.T) {
	ids := []string{"a", "b", "c"}
	for _, row := range []struct {
		name    string
		faults  []EventFault
		failed  []string
		missing []string
	}{
		{"none", nil, nil, nil},
		{"by name", []EventFault{{Code: "InvalidEventSource", Match: Match{EventName: "name-b"}}}, []string{"b:InvalidEventSource"}, nil},
		{"by UID", []EventFault{{Code: "InternalFailure", Match: Match{UID: "uid-a"}}}, []string{"a:InternalFailure"}, nil},
		{"by id", []EventFault{{Code: "AccountNotSubscribed", Match: Match{ID: "c"}}}, []string{"c:AccountNotSubscribed"}, nil},
		{"each part has to match", []EventFault{{Code: "X", Match: Match{ID: "c", EventName: "name-a"}}}, nil, nil},
		{"a code that nobody knows", []EventFault{{Code: "Surprise", Rate: 1}}, []string{"a:Surprise", "b:Surprise", "c:Surprise"}, nil},
		{"left out", []EventFault{{Code: CodeNotListed, Match: Match{ID: "b"}}}, nil, []string{"b"}},
		{"first rule that applies", []EventFault{{Code: "X", Match: Match{ID: "a"}}, {Code: "Y", Rate: 1}}, []string{"a:X", "b:Y", "c:Y"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{Faults: Faults{Events: row.faults}})
			ok, failed, err := put(t, client(t, server), ids...)
			require.NoError(t, err)
			require.ElementsMatch(t, row.failed, failed)
			require.Len(t, ok, len(ids)-len(row.failed)-len(row.missing))
			require.Len(t, e.Events(), len(ok))
			require.Len(t, e.Refused(), len(row.failed)+len(row.missing))
			for _, id := range row.missing {
				require.Equal(t, id, e.Refused()[0].ID)
				require.Equal(t, CodeNotListed, e.Refused()[0].Code)
			}
		})
	}
}

// TestFaultDoesNotHideMistake: an event that breaks the schema says so, whatever the emulator is told to do.
func TestFaultDoesNotHideMistake(t *testing.T) {
	e, server := start(t, Config{Faults: Faults{Events: []EventFault{{Code: "Throttling", Rate: 1}}}})
	_, err := client(t, server).PutAuditEvents(context.Background(), input(entry("a", event(map[string]any{"UID": nil}))))
	require.NoError(t, err)
	require.Equal(t, CodeFieldNotFound, e.Refused()[0].Code)
}

func TestRequestFaults(t *testing.T) {
	for _, row := range []struct {
		name   string
		fault  RequestFault
		status int
		code   string
	}{
		{"status by the code", RequestFault{Code: "ServiceUnavailable", Rate: 1}, 503, "ServiceUnavailable"},
		{"status of a code without its ending", RequestFault{Code: "AccessDenied", Rate: 1}, 403, "AccessDenied"},
		{"status of a common error", RequestFault{Code: "OptInRequired", Rate: 1}, 403, "OptInRequired"},
		{"400 where nothing else is known", RequestFault{Code: "ChannelUnsupportedSchema", Rate: 1}, 400, "ChannelUnsupportedSchema"},
		{"status as told", RequestFault{Code: "SlowDown", Status: 503, Rate: 1}, 503, "SlowDown"},
		{"by an event", RequestFault{Code: "ValidationException", Match: Match{ID: "b"}}, 400, "ValidationException"},
		{"by an event that is not there", RequestFault{Code: "ValidationException", Match: Match{ID: "z"}}, 0, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{Faults: Faults{Requests: []RequestFault{row.fault}}})
			ok, _, err := put(t, client(t, server), "a", "b")
			if row.code == "" {
				require.NoError(t, err)
				require.Len(t, ok, 2)
				return
			}
			var apiErr smithy.APIError
			require.ErrorAs(t, err, &apiErr)
			require.Equal(t, row.code, apiErr.ErrorCode())
			var response *smithyhttp.ResponseError
			require.ErrorAs(t, err, &response)
			require.Equal(t, row.status, response.HTTPStatusCode())
			require.Empty(t, e.Events())
			require.Equal(t, map[string]int{row.code: 1}, e.Counts().Requests)
			require.Zero(t, e.Counts().Violations)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	_, server := start(t, Config{Faults: Faults{Requests: []RequestFault{{Code: "ThrottlingException", Rate: 1, RetryAfter: "7"}}}})
	got := send(t, server, rawRequest(t, server.URL, body(t, entry("a", event(nil))), goodSigning(), nil, nil))
	require.Equal(t, "7", got.header.Get("Retry-After"))
	require.Equal(t, http.StatusBadRequest, got.status)
}

func TestFirstRequests(t *testing.T) {
	e, server := start(t, Config{Faults: Faults{Requests: []RequestFault{{Code: "AccessDeniedException", First: 3}}}})
	c := client(t, server)
	for range 3 {
		_, _, err := put(t, c, "a")
		require.ErrorContains(t, err, "AccessDeniedException")
	}
	_, _, err := put(t, c, "a")
	require.NoError(t, err)

	require.NoError(t, e.SetFaults(Faults{Requests: []RequestFault{{Code: "ChannelNotFound", First: 1}}}))
	_, _, err = put(t, c, "b")
	require.ErrorContains(t, err, "ChannelNotFound", "requests count from when the faults were set")
	_, _, err = put(t, c, "b")
	require.NoError(t, err)
	require.Equal(t, map[string]int{"AccessDeniedException": 3, "ChannelNotFound": 1, "OK": 2}, e.Counts().Requests)
}

func TestConnections(t *testing.T) {
	for _, row := range []struct {
		name   string
		faults Faults
		stored int
	}{
		{"cut before", Faults{Requests: []RequestFault{{Cut: CutBefore, Rate: 1}}}, 0},
		{"cut after", Faults{Requests: []RequestFault{{Cut: CutAfter, Rate: 1}}}, 1},
		{"outage", Faults{Outage: true}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{Faults: row.faults})
			c := client(t, server)
			_, _, err := put(t, c, "a")
			var sending *smithyhttp.RequestSendError
			require.ErrorAs(t, err, &sending)
			require.Len(t, e.Events(), row.stored)
			require.Equal(t, map[string]int{CodeCut: 1}, e.Counts().Requests)

			require.NoError(t, e.SetFaults(Faults{}))
			_, _, err = put(t, c, "a")
			require.NoError(t, err)
			require.Len(t, e.Events(), row.stored+1)
		})
	}
}

func TestDeny(t *testing.T) {
	_, server := start(t, Config{Faults: Faults{Deny: true}})
	_, _, err := put(t, client(t, server), "a")
	var apiErr smithy.APIError
	require.ErrorAs(t, err, &apiErr)
	require.Equal(t, "AccessDeniedException", apiErr.ErrorCode())
}

// TestLatency: a client that does not wait so long has stored nothing.
func TestLatency(t *testing.T) {
	e, server := start(t, Config{Faults: Faults{Latency: Duration(time.Hour)}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := client(t, server).PutAuditEvents(ctx, input(entry("a", event(nil))))
		done <- err
	}()
	require.Eventually(t, func() bool { e.mu.Lock(); defer e.mu.Unlock(); return e.drawn == 1 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	require.Eventually(t, func() bool { return e.Counts().Requests[CodeCut] == 1 }, 10*time.Second, time.Millisecond)
	require.Empty(t, e.Events())

	synctest.Test(t, func(t *testing.T) {
		c := &call{draw: Faults{Latency: Duration(time.Minute)}.draw(1)}
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "/", nil)
		require.NoError(t, err)
		before := time.Now()
		require.True(t, c.wait(r))
		require.Equal(t, time.Minute, time.Since(before))
	})
}

// TestRates draws many times: each rule gets its share of all, and the same seed gives the same again.
func TestRates(t *testing.T) {
	f := Faults{
		Seed:     42,
		Events:   []EventFault{{Code: "Throttling", Rate: 0.2}, {Code: "InternalFailure", Rate: 0.1}, {Code: CodeNotListed, Rate: 0.05}},
		Requests: []RequestFault{{Code: "ServiceUnavailable", Rate: 0.1}, {Code: "ThrottlingException", Rate: 0.1}, {Cut: CutBefore, Rate: 0.1}},
	}
	play := func(seed uint64) (events, requests map[string]int, first string) {
		f.Seed = seed
		events, requests = map[string]int{}, map[string]int{}
		for n := range 2000 {
			d := f.draw(n + 1)
			if r := d.request(nil); r != nil {
				requests[r.Code+r.Cut]++
			}
			for range 50 {
				code := ""
				if e := d.event(&received{}); e != nil {
					code = e.Code
				}
				events[code]++
				if n < 10 {
					first += code + ";"
				}
			}
		}
		return events, requests, first
	}
	events, requests, first := play(42)
	for code, share := range map[string]float64{"Throttling": 0.2, "InternalFailure": 0.1, CodeNotListed: 0.05, "": 0.65} {
		require.InEpsilon(t, share*100_000, events[code], 0.05, code)
	}
	for code, share := range map[string]float64{"ServiceUnavailable": 0.1, "ThrottlingException": 0.1, CutBefore: 0.1} {
		require.InEpsilon(t, share*2000, requests[code], 0.25, code)
	}
	again, _, firstAgain := play(42)
	require.Equal(t, events, again)
	require.Equal(t, first, firstAgain)
	_, _, other := play(43)
	require.NotEqual(t, first, other)
}

func TestParseFaults(t *testing.T) {
	for _, row := range []struct{ name, text, problem string }{
		{"none", `{}`, ""},
		{"all", `{"seed":1,"latency":"50ms","deny":true,"outage":true,"events":[{"code":"Throttling","rate":0.2},{"code":"X","event_name":"n","uid":"u","id":"i","message":"m"}],
			"requests":[{"code":"X","status":503,"message":"m","retry_after":"1","rate":1,"first":2},{"cut":"after","rate":0.1}]}`, ""},
		{"no JSON", `{`, "EOF"},
		{"two values", `{}{}`, "more than one"},
		{"unknown member", `{"delay":"1s"}`, "delay"},
		{"latency without unit", `{"latency":"50"}`, "unit"},
		{"negative latency", `{"latency":"-1s"}`, "negative"},
		{"event without code", `{"events":[{"rate":1}]}`, "events[0] needs a code"},
		{"event without rate", `{"events":[{"code":"X"}]}`, "events[0]: the rule needs a rate"},
		{"rate in percent", `{"events":[{"code":"X","rate":20}]}`, "share from 0 to 1"},
		{"request without code", `{"requests":[{"rate":1}]}`, "requests[0] needs either"},
		{"request with code and cut", `{"requests":[{"code":"X","cut":"after","rate":1}]}`, "requests[0] needs either"},
		{"request without rate", `{"requests":[{"code":"X"}]}`, "needs a rate"},
		{"unknown cut", `{"requests":[{"cut":"during","rate":1}]}`, "cut is"},
		{"status of success", `{"requests":[{"code":"X","status":200,"rate":1}]}`, "status 200"},
		{"negative first", `{"requests":[{"code":"X","first":-1}]}`, "negative"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, err := ParseFaults([]byte(row.text))
			if row.problem != "" {
				require.ErrorContains(t, err, row.problem)
				return
			}
			require.NoError(t, err)
			text, err := json.Marshal(f)
			require.NoError(t, err)
			require.JSONEq(t, row.text, string(text))
		})
	}
	e, err := New(Config{ChannelARN: testARN})
	require.NoError(t, err)
	require.Error(t, e.SetFaults(Faults{Events: []EventFault{{}}}))
	require.Empty(t, e.faults.Events, "an invalid setting changes nothing")
}

func TestQuota(t *testing.T) {
	now := time.Now()
	_, server := start(t, Config{RequestsPerSecond: 5, Now: func() time.Time { return now }})
	c := client(t, server)
	burst := func() (ok int) {
		for i := range 10 {
			_, _, err := put(t, c, strconv.Itoa(i))
			if apiErr, ok := errors.AsType[smithy.APIError](err); ok {
				require.Equal(t, "ThrottlingException", apiErr.ErrorCode())
				continue
			}
			require.NoError(t, err)
			ok++
		}
		return ok
	}
	require.Equal(t, 5, burst())
	now = now.Add(400 * time.Millisecond)
	require.Equal(t, 2, burst())
	now = now.Add(time.Minute)
	require.Equal(t, 5, burst())
}
