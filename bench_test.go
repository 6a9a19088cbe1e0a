// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/benchdata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
)

// BenchmarkPush takes 100 records through the whole exporter, to a service on loopback that answers as CloudTrail does.
// What is reported is for one event; the service's own work is in it.
func BenchmarkPush(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(acceptAll))
	defer server.Close()
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	cfg.Endpoint = server.URL
	cfg.RequestsPerSecond = 0
	cfg.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
	e, err := NewFactory().CreateLogs(context.Background(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(b, err)
	require.NoError(b, e.Start(context.Background(), componenttest.NewNopHost()))
	defer func() { require.NoError(b, e.Shutdown(context.Background())) }()

	const size = 100
	logs := semconvLogs(size)
	b.ReportAllocs()
	for range b.N/size + 1 {
		require.NoError(b, e.ConsumeLogs(context.Background(), logs))
	}
}

// semconvLogs are records of an instrumented service, with 15 attributes each.
func semconvLogs(n int) plog.Logs {
	logs := plog.NewLogs()
	records := benchdata.AppendService(logs)
	for i := range n {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(benchdata.Time))
		lr.SetTraceID([16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, byte(i)})
		lr.Attributes().PutStr("log.record.uid", fmt.Sprint("r-", i))
		benchdata.FillApproval(lr, "u-81723", strconv.Itoa(i))
	}
	return logs
}

// acceptAll lists each event of a request as successful.
func acceptAll(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, _ = w.Write(appendAnswer(make([]byte, 0, 8192), body))
}

// appendAnswer appends the answer that lists each event of a request's body as successful. It looks for ids and no more: it is
// not what is measured.
func appendAnswer(answer, body []byte) []byte {
	answer = append(answer, `{"failed":[],"successful":[`...)
	mark := []byte(`","id":"`)
	for n := 0; ; n++ {
		i := bytes.Index(body, mark)
		if i < 0 {
			break
		}
		body = body[i+len(mark):]
		if n > 0 {
			answer = append(answer, ',')
		}
		answer = append(answer, `{"eventID":"7f3c1a52-8f40-4f0c-9d0a-0d6b5b1f2e3a","id":"`...)
		answer = append(answer, body[:bytes.IndexByte(body, '"')]...)
		answer = append(answer, `"}`...)
	}
	return append(answer, `]}`...)
}
