// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
)

// sampleEvent is an event of ordinary size and form.
const sampleEvent = `{"version":"1.0","userIdentity":{"type":"User","principalId":"jane.doe@example.com","details":{"groups":` +
	`"[\"admins\",\"auditors\"]","session":"6f1c1f9c-2b0e-4c42-9a55-0d8a0c3e6f11"}},"userAgent":"Mozilla/5.0 (X11; Linux x86_64)",` +
	`"eventSource":"billing.example.com","eventName":"UpdateInvoice","eventTime":"2026-05-04T12:34:56Z","UID":"a1b2c3d4-e5f6-7890-abcd-ef0123456789",` +
	`"requestParameters":{"invoice":"INV-2026-000123","amount":"120.50","currency":"EUR"},"responseElements":{"status":"updated"},` +
	`"sourceIPAddress":"192.0.2.17","recipientAccountId":"111122223333","additionalEventData":{"exporter.id":"0123456789abcdef0123456789abcdef",` +
	`"exporter.preset":"semconv","exporter.time":"2026-05-04T12:34:56.789Z","service.name":"billing","trace_id":"0af7651916cd43dd8448eb211c80319c"}}`

func BenchmarkBodyAppend(b *testing.B) {
	var body Body
	id, event := []byte("0123456789abcdef0123456789abcdef"), []byte(sampleEvent)
	b.SetBytes(int64(len(event)))
	b.ReportAllocs()
	for b.Loop() {
		if body.Len() == MaxEvents {
			body.Reset()
		}
		if _, ok := body.Append(id, event); !ok {
			b.Fatal("did not fit")
		}
	}
}

func benchmarkBody(b *testing.B) *Body {
	var body Body
	for i := range MaxEvents {
		if _, ok := body.Append(fmt.Appendf(nil, "0123456789abcdef0123456789abcd%02d", i), []byte(sampleEvent)); !ok {
			b.Fatal("did not fit")
		}
	}
	return &body
}

func BenchmarkAnswerDecode(b *testing.B) {
	body := benchmarkBody(b)
	text := successes(body)
	var answer Answer
	b.ReportAllocs()
	for b.Loop() {
		if err := answer.decode(text, body); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*MaxEvents), "ns/event")
}

// BenchmarkPut measures whole requests against a service on the loopback interface, whose own work is in the figures.
func BenchmarkPut(b *testing.B) {
	body := benchmarkBody(b)
	text := successes(body)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(text)
	}))
	b.Cleanup(server.Close)
	client := newClient(b, (&service{Server: server}).config(b))
	var answer Answer
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.SetBytes(int64(body.Size()))
	b.ReportAllocs()
	for b.Loop() {
		if err := client.Put(b.Context(), body, &answer); err != nil {
			b.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	events := float64(b.N * MaxEvents)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/events, "ns/event")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/events, "allocs/event")
}
