// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRulesOnLongLists maps a long list by rules that compute: the record is not copied for each item, though it holds secrets.
func TestRulesOnLongLists(t *testing.T) {
	const items = 2_000
	item := `{"op":"a","password":"hunter2","x":"` + strings.Repeat("x", 1000) + `"}`
	body := `{"records":[` + strings.Repeat(item+",", items-1) + item + `]}`
	logs := with(nil)
	recordOf(logs).Body().SetStr(body)
	rules := rulesOf(t, `[{fields: {userAgent: 'ToUpperCase(log.cache["op"])', errorCode: 'Concat([log.attributes["a"]], "")'}}]`)

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	mapAll(t, Config{Redact: Redact{Enabled: true}, Rules: rules}, logs, func(e *Event) {
		require.NotContains(t, string(e.Data), "hunter2")
		require.Equal(t, "A", decode(t, e).UserAgent)
		n++
	})
	runtime.ReadMemStats(&after)
	require.Equal(t, items, n)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/uint64(len(body)), uint64(100), "times the record")
}
