// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"

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
	logs := auditLogs(0, size)
	b.ReportAllocs()
	for range b.N/size + 1 {
		require.NoError(b, e.ConsumeLogs(context.Background(), logs))
	}
}

// acceptAll lists each event of a request as successful. It looks for ids and no more: it is not what is measured.
func acceptAll(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	answer := append(make([]byte, 0, 8192), `{"failed":[],"successful":[`...)
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
	_, _ = w.Write(append(answer, `]}`...))
}
