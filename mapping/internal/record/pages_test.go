// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// TestPages opens pages of APIs: one event an item, and what the page says of itself beside each.
func TestPages(t *testing.T) {
	for _, c := range []struct {
		name, page string
		records    int // 0 = the page is a record itself
	}{
		{"Atlassian Data Center", `{"pagingInfo":{"lastPage":true},"entities":[{"n":"0"},{"n":"1"}]}`, 2},
		{"Confluence", `{"results":[{"n":"0"},{"n":"1"}],"start":0,"limit":2,"size":2,"_links":{}}`, 2},
		{"Atlassian organization", `{"data":[{"n":"0"}],"meta":{"page_size":1},"links":{"self":"x"}}`, 1},
		{"Cloudflare", `{"result":[{"n":"0"},{"n":"1"},{"n":"2"}],"success":true,"errors":[],"messages":[]}`, 3},
		{"Cloudflare, empty", `{"result":[],"success":true,"errors":[],"messages":[]}`, 0},
		{"Cloudflare, no list", `{"result":{"n":"0"},"success":true,"errors":[],"messages":[]}`, 0},
		{"results alone", `{"results":[{"n":"0"},{"n":"1"}]}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := New(&Vocabulary{})
			d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
			lr := plog.NewLogRecord()
			lr.Body().SetStr(c.page)
			n := d.Open(lr)
			require.Equal(t, max(1, c.records), n)
			require.Equal(t, c.records > 0, d.Fanned())
			for i := range c.records {
				d.Item(i)
				require.Equal(t, string(rune('0'+i)), d.String(d.Child(d.Source, tree.NewKey("n"))))
				require.Len(t, d.Envelopes, 1)
			}
		})
	}
}
