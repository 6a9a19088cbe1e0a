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

// TestBody locates the record in a body, whatever the receiver made of the text that it read.
func TestBody(t *testing.T) {
	const json = `{"a":"x"}`
	for name, c := range map[string]struct {
		fill func(body pcommon.Value)
		a    string    // of the record that was found; "" = none was
		kind tree.Kind // of the body where it is no record
		text string
	}{
		"text":              {fill: func(v pcommon.Value) { v.SetStr(json) }, a: "x"},
		"text behind a BOM": {fill: func(v pcommon.Value) { v.SetStr("\ufeff" + json) }, a: "x"},
		"bytes":             {fill: func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte(json)) }, a: "x"},
		"bytes behind a BOM": {
			fill: func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte("\ufeff" + json)) }, a: "x",
		},
		"bytes of plain text": {
			fill: func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte("é")) }, kind: tree.String, text: "é",
		},
		"bytes of no text": {
			fill: func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte{0xff}) }, kind: tree.Bytes, text: "/w==",
		},
		"no bytes": {fill: func(v pcommon.Value) { v.SetEmptyBytes() }, kind: tree.String},
	} {
		t.Run(name, func(t *testing.T) {
			var v Vocabulary
			a := v.Field("a")
			d := New(&v)
			d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
			lr := plog.NewLogRecord()
			c.fill(lr.Body())
			require.Equal(t, 1, d.Open(lr))
			d.Item(0)
			require.Equal(t, c.a, d.String(d.Field(a)))
			if c.a != "" {
				require.Zero(t, d.Body)
				return
			}
			require.Equal(t, c.kind, d.At(d.Body).Kind)
			require.Equal(t, c.text, d.String(d.Body))
		})
	}
}

// TestDigestOfBytes tells a body of bytes from one of the same text.
func TestDigestOfBytes(t *testing.T) {
	d := New(&Vocabulary{})
	d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
	text, bytes := plog.NewLogRecord(), plog.NewLogRecord()
	text.Body().SetStr("{}")
	bytes.Body().SetEmptyBytes().FromRaw([]byte("{}"))
	d.Open(text)
	ofText := d.Digest()
	d.Open(bytes)
	require.NotEqual(t, ofText, d.Digest())
	require.Equal(t, tree.String, d.At(d.Body).Kind)
}
