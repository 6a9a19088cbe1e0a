// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// The race detector allocates too. `make test` runs these tests once without it.

package awscloudtraillakeexporter

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter/exportertest"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// TestAllocationsOfMapping maps a hundred records, encodes their events and packs them, which allocates nothing once the
// buffers have grown.
func TestAllocationsOfMapping(t *testing.T) {
	mapper, err := mapping.New(mapping.Config{
		RecipientAccountID: "111122223333", OnInvalid: mapping.Repair, Version: version, Redact: mapping.Redact{Enabled: true},
	})
	require.NoError(t, err)
	logs := semconvLogs(lake.MaxEvents)
	rl := logs.ResourceLogs().At(0)
	sl := rl.ScopeLogs().At(0)
	batch := mapper.NewBatch()
	var body lake.Body
	mapAll := func() {
		batch.Begin()
		body.Reset()
		batch.Within(rl.Resource(), sl.Scope())
		for i := range sl.LogRecords().Len() {
			for _, event := range batch.Map(sl.LogRecords().At(i), 0, nil) {
				body.Append(event.ID, event.Data)
			}
		}
	}
	mapAll()
	require.Equal(t, lake.MaxEvents, body.Len())
	require.Zero(t, testing.AllocsPerRun(100, mapAll), "allocations for %d events", lake.MaxEvents)
}

// TestAllocationsOfPush takes records through the whole exporter with its default queue and batch. Nearly all of what it
// allocates is the AWS SDK's and net/http's, for each request.
func TestAllocationsOfPush(t *testing.T) {
	const mostPerEvent = 4
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	cfg.Endpoint = "http://" + frugalService(t)
	cfg.RequestsPerSecond = 0
	cfg.QueueConfig.Get().WaitForResult = true
	ctx := context.Background()
	e, err := NewFactory().CreateLogs(ctx, exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(ctx, componenttest.NewNopHost()))
	defer func() { require.NoError(t, e.Shutdown(ctx)) }()

	logs := semconvLogs(lake.MaxEvents)
	push := func() {
		if err := e.ConsumeLogs(ctx, logs); err != nil {
			t.Error(err)
		}
	}
	perEvent := testing.AllocsPerRun(200, push) / lake.MaxEvents
	t.Logf("%.2f allocations an event", perEvent)
	require.LessOrEqual(t, perEvent, float64(mostPerEvent))
}

// frugalService answers as CloudTrail does, and allocates nothing for a request: net/http would, and it is in the same process.
func frugalService(t *testing.T) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn)
		}
	}()
	return listener.Addr().String()
}

// serve answers requests until the exporter closes the connection.
func serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	var body, answer, head []byte
	for {
		size, err := readHead(in)
		if err != nil {
			return
		}
		body = append(body[:0], make([]byte, size)...) // the compiler makes no slice here
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		answer = appendAnswer(answer[:0], body)
		head = fmt.Appendf(head[:0], "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(answer))
		if _, err := conn.Write(append(head, answer...)); err != nil {
			return
		}
	}
}

// readHead reads the head of a request and returns the length of its body.
func readHead(in *bufio.Reader) (size int, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			return size, nil
		}
		if length, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if size, err = strconv.Atoi(string(bytes.TrimSpace(length))); err != nil {
				return 0, err
			}
		}
	}
}
