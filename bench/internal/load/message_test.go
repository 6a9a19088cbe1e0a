// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

func TestMessage(t *testing.T) {
	const n, size = 20, 1000
	m, err := newMessage(n, size)
	require.NoError(t, err)
	ids := map[string]bool{}
	var last atomic.Uint64
	for i := range 3 {
		now := time.Now().Add(time.Duration(i) * time.Hour)
		request := plogotlp.NewExportRequest()
		require.NoError(t, request.UnmarshalProto(m.at(now, &last)))
		require.Equal(t, n, request.Logs().LogRecordCount())
		for _, lr := range request.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			assert.Equal(t, now.UnixNano(), int64(lr.Timestamp()))
			assert.Equal(t, now.UnixNano(), int64(lr.ObservedTimestamp()))
			assert.InDelta(t, size, (&plog.ProtoMarshaler{}).LogRecordSize(lr), 30)
			id, _ := lr.Attributes().Get("log.record.uid")
			ids[id.Str()] = true
		}
	}
	assert.Len(t, ids, 3*n)
}
