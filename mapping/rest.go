// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

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

// The keys of additionalEventData that are ours.
var (
	idKey      = tree.NewKey(ownPrefix + "id")
	presetKey  = tree.NewKey(ownPrefix + "preset")
	ruleKey    = tree.NewKey(ownPrefix + "rule")
	timeKey    = tree.NewKey(ownPrefix + "time")
	loggedKey  = tree.NewKey(ownPrefix + "timestamp")
	versionKey = tree.NewKey(ownPrefix + "version")
)

// The keys of additionalEventData for what a log record says beside body and attributes.
var (
	bodyKey           = tree.NewKey("body")
	droppedKey        = tree.NewKey("otel.dropped_attributes_count")
	eventNameKey      = tree.NewKey("event.name")
	scopeNameKey      = tree.NewKey("otel.scope.name")
	scopeVersionKey   = tree.NewKey("otel.scope.version")
	severityKey       = tree.NewKey("severity")
	severityNumberKey = tree.NewKey("severity_number")
	spanKey           = tree.NewKey("span_id")
	traceKey          = tree.NewKey("trace_id")
)

// gatherRest fills additionalEventData: our own keys, the log record's own fields, and what no field took of the
// source's record, the attributes, the resource and the scope. Where two share a key, the first of this list keeps it.
func (f *filler) gatherRest(p *preset.Preset) {
	d := f.doc
	f.out.own(presetKey, d.AddString(f.over.preset.Name))
	if f.over.rule != nil {
		f.out.own(ruleKey, d.AddString(f.over.ruleName()))
	}
	f.out.own(versionKey, d.AddString(f.version))
	if !f.out.time.IsZero() {
		f.out.own(timeKey, d.AddString(f.out.exact))
	}
	f.keepTimestamp()
	f.gatherLogFields(d.Log)
	f.addRuled(AdditionalEventData)
	f.gathered = f.gathered[:0]
	own := len(f.out.object[AdditionalEventData])
	if p.RestInRequest && f.over.fields[RequestParameters] != given {
		taken := 0
		if f.over.rule != nil {
			taken = len(f.out.object[RequestParameters])
		}
		f.gatherLeftOver(RequestParameters, taken, "source.", d.Source)
	} else {
		f.gatherLeftOver(AdditionalEventData, own, "source.", d.Source)
	}
	for _, envelope := range d.Envelopes {
		f.gatherLeftOver(AdditionalEventData, own, "envelope.", envelope)
	}
	if !slices.Contains(f.gathered, d.Attributes) {
		f.gatherLeftOver(AdditionalEventData, own, "attributes.", d.Attributes)
	}
	f.gatherLeftOver(AdditionalEventData, own, "resource.", d.Resource)
	f.gatherLeftOver(AdditionalEventData, own, "scope.", d.Scope)
}

// keepTimestamp keeps a Timestamp that is no possible time and so was passed over: it may be the only trace of the real one, as
// seconds that were given as nanoseconds are.
func (f *filler) keepTimestamp() {
	ts := f.doc.Log.Timestamp()
	if at, possible := pdataTime(ts); ts != 0 && !possible && !at.Equal(f.out.time) {
		f.small = at.AppendFormat(f.small[:0], time.RFC3339Nano)
		f.out.own(loggedKey, f.doc.AddString(f.doc.Text(f.small)))
	}
}

// gatherLogFields adds what an OpenTelemetry log record says beside body and attributes. The names of scope and dropped
// attributes are those of https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/
func (f *filler) gatherLogFields(lr plog.LogRecord) {
	d := f.doc
	if id := lr.TraceID(); !id.IsEmpty() {
		f.small = hex.AppendEncode(f.small[:0], id[:])
		f.out.addText(f.doc, traceKey, d.Text(f.small))
	}
	if id := lr.SpanID(); !id.IsEmpty() {
		f.small = hex.AppendEncode(f.small[:0], id[:])
		f.out.addText(f.doc, spanKey, d.Text(f.small))
	}
	if s := lr.SeverityText(); s != "" {
		f.out.addText(f.doc, severityKey, s)
	} else if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		f.out.addText(f.doc, severityKey, strings.ToUpper(n.String()))
	}
	if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		f.out.add(record.Member{Key: severityNumberKey, Value: d.Add(tree.Node{Kind: tree.Int, Num: uint64(n)})})
	}
	if n := lr.DroppedAttributesCount(); n != 0 {
		f.out.add(record.Member{Key: droppedKey, Value: d.Add(tree.Node{Kind: tree.Int, Num: uint64(n)})})
	}
	f.addRef(eventNameKey, d.EventName)
	f.addRef(scopeNameKey, d.ScopeName)
	f.addRef(scopeVersionKey, d.ScopeVersion)
	f.addRef(bodyKey, d.Body)
}

// addRef adds a value that may not be there, or may be used.
func (f *filler) addRef(key *tree.Key, v tree.Ref) {
	if v != 0 {
		f.out.add(record.Member{Key: key, Value: v, LeftOver: true})
	}
}

// gatherLeftOver adds the members of object r that are not used. A key that is ours moves under "source.", so that nobody
// can forge ours; one that is among the first own members of the field, or in an object that was gathered before, moves
// under prefix.
func (f *filler) gatherLeftOver(field Field, own int, prefix string, r tree.Ref) {
	d := f.doc
	n := d.At(r)
	if n.Len == 0 {
		return
	}
	members := f.out.object[field]
	var ours tree.Among
	for i := range members[:own] {
		ours.Add(members[i].Key)
	}
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		child := d.At(c)
		if child.Used {
			continue
		}
		key := child.Key
		switch {
		case key.Has(tree.Reserved):
			key = f.concatKey("source.", key)
		case ours.May(key) && hasKey(members[:own], key) || inAny(d, key, f.gathered):
			key = f.concatKey(prefix, key)
		}
		members = append(members, record.Member{Key: key, Value: c, LeftOver: true})
	}
	f.out.object[field] = members
	f.gathered = append(f.gathered, r)
}

// concatKey returns a key with a prefix.
func (f *filler) concatKey(prefix string, key *tree.Key) *tree.Key {
	return f.doc.Key(f.doc.Concat(prefix, key.String()))
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

func hasKey(members []record.Member, key *tree.Key) bool {
	for i := range members {
		if members[i].Key.Is(key) {
			return true
		}
	}
	return false
}

func inAny(d *record.Doc, key *tree.Key, objects []tree.Ref) bool {
	for _, o := range objects {
		if d.Child(o, key) != 0 {
			return true
		}
	}
	return false
}
