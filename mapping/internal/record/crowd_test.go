// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestSurroundingsOfLists opens lists whatever they hold, as long as what goes with each of their items is in proportion.
func TestSurroundingsOfLists(t *testing.T) {
	text := func(kB int) string { return strings.Repeat("x", kB<<10) }
	list := func(n int, item string) string { return strings.Repeat(item+",", n-1) + item }
	const login = `{"eventVersion":"1.08","eventName":"ConsoleLogin","eventSource":"signin.amazonaws.com","awsRegion":"us-east-1"}`
	const some = -1 // of the lists in the list
	for _, c := range []struct {
		name, body, attribute, resource string
		events                          int
	}{
		{"a million", `{"records":[` + list(1_000_000, "{}") + `]}`, "", "", 1_000_000},
		{"real ones", `{"Records":[` + list(50_000, login) + `]}`, text(2), text(3), 50_000},
		{"a thousand, and as much as goes into events", `{"Records":[` + list(1_000, login) + `]}`, text(16), "", 1_000},
		{"a large envelope of one", `{"source":"s","detail-type":"d","detail":[{}],"x":"` + text(4096) + `"}`, "", "", 1},
		{"a large envelope", `{"source":"s","detail-type":"d","detail":[` + list(2_000, "{}") + `],"x":"` + text(1024) + `"}`, "", "", 1},
		{"a large envelope around it", `{"x":"` + text(1024) + `","message":` + fmt.Sprintf("%q", `{"records":[`+list(2_000, "{}")+`]}`) + `}`, "", "", 1},
		{"large attributes", `{"records":[` + list(2_000, "{}") + `]}`, text(1024), "", 1},
		{"a large resource", `{"records":[` + list(2_000, "{}") + `]}`, "", text(1024), 1},
		{"lists in a list", `{"records":[` + list(1_000, `{"records":[{},{}]}`) + `]}`, "", text(4), 2_000},
		{"more lists in a list than have room", `{"records":[` + list(1_000, `{"records":[{},{}]}`) + `]}`, "", text(8), some},
	} {
		t.Run(c.name, func(t *testing.T) {
			resource := pcommon.NewResource()
			resource.Attributes().PutStr("r", c.resource)
			d := New(&Vocabulary{})
			lr := plog.NewLogRecord()
			lr.Body().SetStr(c.body)
			lr.Attributes().PutStr("a", c.attribute)
			for range 2 { // again, with the same resource and with the record before
				d.Within(resource, pcommon.NewInstrumentationScope())
				for range 2 {
					n := d.Open(lr)
					if c.events == some {
						require.Greater(t, n, 1_000)
						require.Less(t, n, 2_000)
						continue
					}
					require.Equal(t, c.events, n)
				}
			}
		})
	}
}

// TestBodyBesideLists has the list in an attribute, as the syslog receiver leaves it there, and in the body the whole line.
func TestBodyBesideLists(t *testing.T) {
	d := New(&Vocabulary{})
	d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
	for items, events := range map[int]int{1_000: 1_000, 40_000: 1} {
		list := `{"records":[` + strings.Repeat(`{"a":1},`, items-1) + `{}]}`
		lr := plog.NewLogRecord()
		lr.Body().SetStr("<134>1 - - - - - - " + list)
		lr.Attributes().PutStr("message", list)
		require.Equal(t, events, d.Open(lr), items)
	}
}
