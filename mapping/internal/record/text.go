// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// textFormat is a form in which a source writes its records as text.
type textFormat struct {
	// mark stands in each text of the format, and in few others; "" = there is no such.
	mark string
	// parse returns the text's parts; none where it is of another format after all. A line of a log, whose message is
	// such a text, becomes an envelope with a member "message".
	parse func(text string) []part
}

// part is a named piece of a text.
type part struct{ key, value string }

var textFormats = []textFormat{
	{parse: parsePostgreSQL},
	{mark: "realmId=", parse: parseKeycloak},
}

// asRecord returns the object that text is, or is parsed to, else none.
func (d *Doc) asRecord(text string) tree.Ref {
	if parsed, ok := d.AddJSON(text); ok {
		return parsed
	}
	for _, f := range textFormats {
		if strings.Contains(text, f.mark) {
			if parts := f.parse(text); len(parts) > 0 {
				return d.addParts(parts)
			}
		}
	}
	return 0
}

// addParts adds an object of texts, but for those that are empty.
func (d *Doc) addParts(parts []part) tree.Ref {
	return d.AddTexts(func(yield func(key, text string) bool) {
		for _, p := range parts {
			if p.value != "" && !yield(p.key, p.value) {
				return
			}
		}
	})
}
