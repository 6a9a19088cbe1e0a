// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/otel/attribute"
)

// TestShutdownNamesWhatWaits stops an exporter whose records wait for another attempt: more of them than one request
// holds, so that most were never part of one.
func TestShutdownNamesWhatWaits(t *testing.T) {
	const sent = 250
	b := newBench(t, func(b *bench) {
		b.cfg.Endpoint = "http://127.0.0.1:1"
		b.cfg.RetryConfig.InitialInterval = time.Hour
		b.cfg.RetryConfig.MaxInterval = time.Hour
		b.cfg.QueueConfig.Get().Batch = configoptional.None[exporterhelper.BatchConfig]()
	})
	b.send(sent)
	require.Eventually(t, func() bool { return b.sum("requests") > 0 }, time.Minute, time.Millisecond)
	b.stop()
	require.EqualValues(t, sent, b.sum("events_mapped"))
	require.EqualValues(t, sent, b.sum("events_failed", attribute.String("error_code", "Shutdown"), attribute.Bool("retryable", false)))
}
