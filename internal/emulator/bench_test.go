// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPutAuditEvents is a full request without the network: what one event costs the service that the exporter's
// tests and benchmarks run against.
func BenchmarkPutAuditEvents(b *testing.B) {
	e, err := New(Config{ChannelARN: testARN, Keep: 1000})
	require.NoError(b, err)
	text := body(b, many(100)...)
	signed := rawRequest(b, "http://127.0.0.1", text, goodSigning(), nil, nil)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/PutAuditEvents?channelArn="+url.QueryEscape(testARN), strings.NewReader(text))
		r.Header, r.Host = signed.Header, signed.Host
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "µs/event")
}
