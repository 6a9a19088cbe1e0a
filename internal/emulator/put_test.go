// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSDKClient(t *testing.T) {
	var store bytes.Buffer
	e, server := start(t, Config{Store: &store})
	good, bad := event(nil), event(map[string]any{"eventTime": "yesterday"})

	out, err := client(t, server).PutAuditEvents(context.Background(), input(entry("a", good), entry("b", bad), entry("c", good)))
	require.NoError(t, err)
	require.Len(t, out.Successful, 2)
	require.Len(t, out.Failed, 1)
	require.Equal(t, "b", *out.Failed[0].Id)
	require.Equal(t, CodeInvalidData, *out.Failed[0].ErrorCode)

	events := e.Events()
	require.Len(t, events, 2)
	require.Equal(t, []string{"a", "c"}, []string{events[0].ID, events[1].ID})
	require.Equal(t, good, string(events[0].EventData))
	require.NotEqual(t, events[0].EventID, events[1].EventID)

	refused := e.Refused()
	require.Len(t, refused, 1)
	require.Equal(t, bad, refused[0].EventData)
	require.Equal(t, "b", refused[0].ID)

	requests := e.Requests()
	require.Len(t, requests, 1)
	require.Equal(t, "OK", requests[0].Code)
	require.Equal(t, 200, requests[0].Status)
	require.Equal(t, 3, requests[0].Events)
	require.Equal(t, 2, requests[0].Ingested)
	require.Equal(t, ExampleAccessKeyID, requests[0].AccessKeyID)
	require.Equal(t, refused[0].RequestID, requests[0].RequestID)

	lines := bytes.Split(bytes.TrimSpace(store.Bytes()), []byte("\n"))
	require.Len(t, lines, 2)
	var stored Event
	require.NoError(t, json.Unmarshal(lines[1], &stored))
	require.Equal(t, events[1].EventID, stored.EventID)
	require.JSONEq(t, good, string(stored.EventData))

	counts := e.Counts()
	require.Equal(t, map[string]int{"OK": 1}, counts.Requests)
	require.Equal(t, 2, counts.Ingested)
	require.Equal(t, map[string]int{CodeInvalidData: 1}, counts.Refused)
	require.Equal(t, Tally{2, 1}, counts.Sources["billing.example.com"])
	require.Equal(t, Tally{2, 1}, counts.Names["CreateInvoice"])
	require.Equal(t, 3, counts.Kept)
}
