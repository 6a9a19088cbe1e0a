// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// ownPrefix begins the keys of additionalEventData that are ours alone.
const ownPrefix = "exporter."

// gatherRest fills additionalEventData: our own keys, the log record's own fields, and what no field took of the
// source's record, the attributes, the resource and the scope. Where two share a key, the first of this list keeps it.
func (b *Batch) gatherRest(p *preset.Preset) {
	d := b.doc
	b.own("exporter.preset", d.AddString(b.event.Preset))
	if b.rule != nil {
		b.own("exporter.rule", d.AddString(b.event.Rule))
	}
	b.own("exporter.version", d.AddString(b.mapper.version))
	if !b.event.Time.IsZero() {
		b.small = b.event.Time.AppendFormat(b.small[:0], time.RFC3339Nano)
		b.own("exporter.time", d.AddString(d.Text(b.small)))
	}
	b.gatherLogFields(d.Log)
	b.addRuled(AdditionalEventData)
	own := len(b.draft.object[AdditionalEventData])
	if p.RestInRequest && b.ruling.fields[RequestParameters] != given {
		taken := 0
		if b.rule != nil {
			taken = len(b.draft.object[RequestParameters])
		}
		b.gatherLeftOver(RequestParameters, taken, "source.", d.Source)
	} else {
		b.gatherLeftOver(AdditionalEventData, own, "source.", d.Source)
	}
	b.outer = append(append(b.outer[:0], d.Source), d.Envelopes...)
	for i, envelope := range d.Envelopes {
		b.gatherLeftOver(AdditionalEventData, own, "envelope.", envelope, b.outer[:1+i]...)
	}
	if !slices.Contains(b.outer, d.Attributes) {
		b.gatherLeftOver(AdditionalEventData, own, "attributes.", d.Attributes, b.outer...)
		b.outer = append(b.outer, d.Attributes)
	}
	b.gatherLeftOver(AdditionalEventData, own, "resource.", d.Resource, b.outer...)
	b.outer = append(b.outer, d.Resource)
	b.gatherLeftOver(AdditionalEventData, own, "scope.", d.Scope, b.outer...)
}

// gatherLogFields adds what an OpenTelemetry log record says beside body and attributes. The names of scope and dropped
// attributes are those of https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/
func (b *Batch) gatherLogFields(lr plog.LogRecord) {
	d := b.doc
	if id := lr.TraceID(); !id.IsEmpty() {
		b.small = hex.AppendEncode(b.small[:0], id[:])
		b.addText("trace_id", d.Text(b.small))
	}
	if id := lr.SpanID(); !id.IsEmpty() {
		b.small = hex.AppendEncode(b.small[:0], id[:])
		b.addText("span_id", d.Text(b.small))
	}
	if s := lr.SeverityText(); s != "" {
		b.addText("severity", s)
	} else if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		b.addText("severity", strings.ToUpper(n.String()))
	}
	if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		b.add(record.Member{Key: "severity_number", Value: d.Add(tree.Node{Kind: tree.Int, Num: uint64(n)})})
	}
	if n := lr.DroppedAttributesCount(); n != 0 {
		b.add(record.Member{Key: "otel.dropped_attributes_count", Value: d.Add(tree.Node{Kind: tree.Int, Num: uint64(n)})})
	}
	b.addRef("event.name", d.EventName)
	b.addRef("otel.scope.name", d.ScopeName)
	b.addRef("otel.scope.version", d.ScopeVersion)
	b.addRef("body", d.Body)
}

// addRef adds a value that may not be there, or may be used.
func (b *Batch) addRef(key string, v tree.Ref) {
	if v != 0 {
		b.add(record.Member{Key: key, Value: v, LeftOver: true})
	}
}

// gatherLeftOver adds the members of object r that are not used. A key that is ours moves under "source.", so that nobody
// can forge ours; one that is among the first own members of the field, or in an earlier object, moves under prefix.
func (b *Batch) gatherLeftOver(f Field, own int, prefix string, r tree.Ref, earlier ...tree.Ref) {
	d := b.doc
	members := b.draft.object[f]
	n := d.At(r)
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		child := d.At(c)
		if child.Used {
			continue
		}
		key := child.Key
		switch {
		case isOwn(key):
			key = d.Concat("source.", key)
		case hasKey(members[:own], key) || inAny(d, key, earlier):
			key = d.Concat(prefix, key)
		}
		members = append(members, record.Member{Key: key, Value: c, LeftOver: true})
	}
	b.draft.object[f] = members
}

// isOwn says whether a key begins as ours do, or as one that was moved aside for ours.
func isOwn(key string) bool {
	for {
		rest, moved := strings.CutPrefix(key, "source.")
		if !moved {
			return strings.HasPrefix(key, ownPrefix)
		}
		key = rest
	}
}

func hasKey(members []record.Member, key string) bool {
	for i := range members {
		if members[i].Key == key {
			return true
		}
	}
	return false
}

func inAny(d *record.Doc, key string, objects []tree.Ref) bool {
	for _, o := range objects {
		if d.Child(o, key) != 0 {
			return true
		}
	}
	return false
}
