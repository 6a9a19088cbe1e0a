// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHugeRecordsAreForgotten maps records that are out of all proportion, and then a small one: the batch, which lives on,
// does not keep what those took.
func TestHugeRecordsAreForgotten(t *testing.T) {
	m, err := New(Config{
		RecipientAccountID: "111122223333", OnInvalid: Repair, Redact: Redact{Enabled: true},
		Rules: rulesOf(t, `[{fields: {userAgent: 'ToUpperCase(log.attributes["x"])'}}]`),
	})
	require.NoError(t, err)
	b := m.NewBatch()
	mapText := func(text string) {
		logs := withText(text)
		begin(b, logs)
		for i := range b.open(recordOf(logs)) {
			b.event(i, 0)
		}
	}
	inUse := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	mapText("small")
	before := inUse()
	const n = 300_000
	mapText(strings.Repeat("\x01", 20<<20))
	mapText(`{` + strings.Repeat(`"a_token":"x",`, n) + `"z":1}`)
	mapText(`{"records":[` + strings.Repeat(`{},`, n) + `{}]}`)
	mapText(`{"records":[` + strings.Repeat(`{"token":"x"},`, n) + `1]}`)
	mapText(strings.Repeat("password=x ", n))
	mapText("small")
	require.Less(t, (inUse()-before)>>20, int64(4), "MB kept")
	runtime.KeepAlive(b)
}
