// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package otelcol

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScrape(t *testing.T) {
	page := `# HELP otelcol_events Number of events.
# TYPE otelcol_events counter
otelcol_events{code="OK",retryable="false"} 12
otelcol_events{code="OK, mostly",retryable="true"} 3
otelcol_events_bucket{le="+Inf"} 1.5e+06

up 1
`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) }))
	defer server.Close()

	metrics, err := Scrape(t.Context(), server.URL)
	require.NoError(t, err)
	assert.Len(t, metrics, 4)
	assert.Equal(t, 15.0, metrics.Sum("otelcol_events"))
	assert.Equal(t, 12.0, metrics.Sum("otelcol_events", `retryable="false"`))
	assert.Equal(t, 12.0, metrics.Sum("otelcol_events", `code="OK"`, `retryable="false"`))
	assert.Equal(t, 3.0, metrics.Sum("otelcol_events", `code="OK, mostly"`))
	assert.Zero(t, metrics.Sum("otelcol_events", `code="false"`))
	assert.Equal(t, 1.5e6, metrics.Sum("otelcol_events_bucket"))
	assert.Equal(t, 1.0, metrics.Sum("up"))

	page = "up down\n"
	_, err = Scrape(t.Context(), server.URL)
	assert.ErrorContains(t, err, `no value in "up down"`)
}
