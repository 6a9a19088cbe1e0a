// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

type failingWriter struct{ fail bool }

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.fail {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

// TestStoreFails: what could not be written is not said to be ingested.
func TestStoreFails(t *testing.T) {
	w := &failingWriter{fail: true}
	e, server := start(t, Config{Store: w})
	_, _, err := put(t, client(t, server), "a", "b")
	var apiErr smithy.APIError
	require.ErrorAs(t, err, &apiErr)
	require.Equal(t, "InternalFailure", apiErr.ErrorCode())
	require.Empty(t, e.Events())
	require.Zero(t, e.Requests()[0].Ingested)

	w.fail = false
	_, _, err = put(t, client(t, server), "a", "b")
	require.NoError(t, err)
	require.Len(t, e.Events(), 2)
}

// TestStoreLines: white space between tokens goes, so that an event is one line; nothing else changes.
func TestStoreLines(t *testing.T) {
	var store strings.Builder
	e, server := start(t, Config{Store: &store})
	data := "{\n\t" + event(map[string]any{"eventName": "<&>\u2028"})[1:]
	_, err := client(t, server).PutAuditEvents(context.Background(), input(entry("a", data)))
	require.NoError(t, err)
	require.Equal(t, data, string(e.Events()[0].EventData))
	require.Equal(t, 1, strings.Count(store.String(), "\n"))
	require.Contains(t, store.String(), "\"eventData\":"+strings.Replace(data, "\n\t", "", 1))
}

func TestRing(t *testing.T) {
	r := ring[int]{maxItems: 10, maxBytes: 100}
	for i := range 1000 {
		r.push(i, 1)
		require.LessOrEqual(t, r.len(), 10)
		require.Equal(t, i, r.all()[r.len()-1])
		require.LessOrEqual(t, cap(r.items), 64, "memory is bounded")
	}
	require.Equal(t, []int{990, 991, 992, 993, 994, 995, 996, 997, 998, 999}, r.all())
	require.Equal(t, 990, r.forgot)
	r.push(1000, 95)
	require.Equal(t, []int{995, 996, 997, 998, 999, 1000}, r.all())
	require.Equal(t, 100, r.bytes)
	r.push(1001, 1000)
	require.Equal(t, []int{1001}, r.all(), "the newest stays, whatever its size")
}

func TestKeep(t *testing.T) {
	e, server := start(t, Config{Keep: 3})
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		_, _, err := put(t, client(t, server), id)
		require.NoError(t, err)
	}
	events := e.Events()
	require.Len(t, events, 3)
	require.Equal(t, "c", events[0].ID)
	require.Len(t, e.Requests(), 3)
	counts := e.Counts()
	require.Equal(t, 5, counts.Ingested, "counts forget nothing")
	require.Equal(t, 3, counts.Kept)
	require.Equal(t, 2, counts.Forgotten)

	e.Reset()
	require.Empty(t, e.Events())
	require.Empty(t, e.Requests())
	require.Equal(t, newCounts(), e.Counts())
}

// TestUnknownKeysAreBounded has a caller without a key claim a long one: it must not be kept at its length, beside the
// bound on bytes.
func TestUnknownKeysAreBounded(t *testing.T) {
	e, server := start(t, Config{})
	s := goodSigning()
	s.credentials.AccessKeyID = strings.Repeat("x", 60_000)
	got := send(t, server, rawRequest(t, server.URL, body(t, entry("a", event(nil))), s, nil, nil))
	require.Equal(t, "UnrecognizedClientException", got.code)
	require.Equal(t, clip(s.credentials.AccessKeyID), e.Requests()[0].AccessKeyID)
}

func TestCountsBounded(t *testing.T) {
	c := newCounts()
	for i := range 10 * maxNames {
		c.event(&record{summary: summary{Source: strings.Repeat("x", i), Name: "n"}})
	}
	require.Len(t, c.Sources, maxNames+1)
	require.Equal(t, Tally{Ingested: 9 * maxNames}, c.Sources[OtherNames])
	require.Equal(t, Tally{Ingested: 10 * maxNames}, c.Names["n"])
}

func TestNewErrors(t *testing.T) {
	for _, row := range []struct {
		cfg     Config
		problem string
	}{
		{Config{}, "not a channel's ARN"},
		{Config{ChannelARN: "arn:aws:cloudtrail:us-east-1:1111:channel/x"}, "not a channel's ARN"},
		{Config{ChannelARN: testARN, ExternalID: "x"}, "external ID"},
		{Config{ChannelARN: testARN, RequestsPerSecond: -1}, "negative"},
		{Config{ChannelARN: testARN, Faults: Faults{Events: []EventFault{{}}}}, "needs a code"},
	} {
		_, err := New(row.cfg)
		require.ErrorContains(t, err, row.problem)
	}
}
