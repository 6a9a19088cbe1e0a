// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package records

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// What is measured is the ordinary way of a record: it is mapped by the preset that is meant, and nothing of it has to be
// repaired or refused.
func TestRecordsNeedNoRepair(t *testing.T) {
	mapper, err := mapping.New(mapping.Config{
		RecipientAccountID: "111122223333", OnInvalid: mapping.Repair, Version: "0.0.0", Redact: mapping.Redact{Enabled: true},
	})
	require.NoError(t, err)
	for _, tt := range []struct {
		shape  Shape
		preset string
		size   int
	}{
		{Shape{Kind: Semconv}, "semconv", 0},
		{Shape{Kind: Semconv, Size: 1000}, "semconv", 1000},
		{Shape{Kind: Semconv, Size: 200_000}, "semconv", 200_000},
		{Shape{Kind: KubernetesMap}, "kubernetes_audit", 0},
		{Shape{Kind: KubernetesText}, "kubernetes_audit", 0},
		{Shape{Kind: Sized, Size: 200}, "semconv", 0},
		{Shape{Kind: Sized, Size: 20_000}, "semconv", 20_000},
		{Shape{Kind: Sized, Size: 200_000}, "semconv", 200_000},
		{Shape{Kind: Sized, Attributes: 500}, "semconv", 0},
	} {
		t.Run(fmt.Sprint(tt.shape), func(t *testing.T) {
			logs := tt.shape.Request(0, 3)
			rl := logs.ResourceLogs().At(0)
			sl := rl.ScopeLogs().At(0)
			batch := mapper.NewBatch()
			batch.Begin()
			batch.Within(rl.Resource(), sl.Scope())
			ids := map[string]bool{}
			for _, lr := range sl.LogRecords().All() {
				if tt.size > 0 {
					assert.InDelta(t, tt.size, (&plog.ProtoMarshaler{}).LogRecordSize(lr), 30)
				}
				if tt.shape.Attributes > 0 {
					assert.Equal(t, tt.shape.Attributes, lr.Attributes().Len())
				}
				for _, event := range batch.Map(lr, 0, nil) {
					assert.Equal(t, tt.preset, event.Preset)
					assert.Empty(t, event.Refused)
					assert.False(t, event.Repaired.Any(), "repaired: %s", event.Data)
					ids[string(event.ID)] = true
				}
			}
			assert.Len(t, ids, 3)
		})
	}
}
