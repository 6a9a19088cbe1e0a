// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package attr

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func recordWith(t *testing.T, attributes map[string]any) plog.LogRecord {
	lr := plog.NewLogRecord()
	require.NoError(t, lr.Attributes().FromRaw(attributes))
	return lr
}

func TestHistoryIsReadAsItIsWritten(t *testing.T) {
	for name, h := range map[string]History{
		"first":     {Tried: true},
		"all":       {Tried: true, Attempts: 3, First: 1, Suspected: 2, Ordinal: 4},
		"suspected": {Tried: true, Suspected: 5},
	} {
		t.Run(name, func(t *testing.T) {
			lr := recordWith(t, map[string]any{"user.id": "u", Attempts: 7, Ordinal: 9, SuspectedAt: 1, FirstAttempt: 3})
			WriteHistory(lr, NoItem, h)
			got, items := ReadHistory(lr)
			require.Equal(t, h, got)
			require.Empty(t, items)
		})
	}
}

func TestHistoryOfItems(t *testing.T) {
	lr := recordWith(t, map[string]any{Items: []any{int64(1), int64(2), int64(3)}, Ordinal: []any{int64(1), int64(1), int64(1)}})
	WriteHistory(lr, 1, History{Attempts: 2, Suspected: 10, Ordinal: 4})
	AddItem(lr, 3, History{Attempts: 5, Suspected: 8, Ordinal: 6})
	h, items := ReadHistory(lr)
	require.Equal(t, []Item{{Index: 1, Ordinal: 4}, {Index: 3, Ordinal: 6}}, items)
	require.Equal(t, 5, h.Attempts, "the most of any item")
	require.EqualValues(t, 10, h.Suspected, "the latest of any item")

	AddItem(lr, 4, History{Ordinal: 1})
	h, _ = ReadHistory(lr)
	require.Zero(t, h.Suspected, "an item is not suspected because its neighbours are")
}

func TestReadHistoryOfOddAttributes(t *testing.T) {
	for name, attributes := range map[string]map[string]any{
		"none":           {"aws.cloudtrail": "x"},
		"no list":        {Items: "1"},
		"not numbers":    {Items: []any{int64(1), "2"}},
		"no ordinals":    {Items: []any{}},
		"other ordinals": {Items: []any{}, Ordinal: []any{int64(1)}},
	} {
		t.Run(name, func(t *testing.T) {
			h, items := ReadHistory(recordWith(t, attributes))
			require.Empty(t, items)
			require.False(t, h.Tried)
		})
	}
}

func TestAdmit(t *testing.T) {
	given := map[string]any{
		"user.id": "u", Items: []any{int64(0)}, Attempts: int64(3), Outcome: "rejected", Prefix + "new": "x",
		SourcePrefix + Items: "the sender's own",
	}
	lr := recordWith(t, given)
	Admit(lr.Attributes(), false)
	require.Equal(t, map[string]any{
		"user.id": "u", SourcePrefix + Items: "the sender's own", SourcePrefix + SourcePrefix + Items: []any{int64(0)},
		SourcePrefix + Attempts: int64(3), SourcePrefix + Outcome: "rejected", SourcePrefix + Prefix + "new": "x",
	}, lr.Attributes().AsRaw())

	lr = recordWith(t, given)
	Admit(lr.Attributes(), true)
	require.Equal(t, map[string]any{
		"user.id": "u", SourcePrefix + Items: "the sender's own", Items: []any{int64(0)}, Outcome: "rejected",
		SourcePrefix + Attempts: int64(3), SourcePrefix + Prefix + "new": "x",
	}, lr.Attributes().AsRaw())
}
