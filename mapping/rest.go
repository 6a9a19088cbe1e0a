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
func (b *Batch) gatherRest(p *preset.Preset) {
	d := b.doc
	b.own(presetKey, d.AddString(b.made.Preset))
	if b.rule != nil {
		b.own(ruleKey, d.AddString(b.made.Rule))
	}
	b.own(versionKey, d.AddString(b.mapper.version))
	if !b.made.Time.IsZero() {
		b.own(timeKey, d.AddString(b.draft.exact))
	}
	b.keepTimestamp()
	b.gatherLogFields(d.Log)
	b.addRuled(AdditionalEventData)
	b.gathered = b.gathered[:0]
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
	for _, envelope := range d.Envelopes {
		b.gatherLeftOver(AdditionalEventData, own, "envelope.", envelope)
	}
	if !slices.Contains(b.gathered, d.Attributes) {
		b.gatherLeftOver(AdditionalEventData, own, "attributes.", d.Attributes)
	}
	b.gatherLeftOver(AdditionalEventData, own, "resource.", d.Resource)
	b.gatherLeftOver(AdditionalEventData, own, "scope.", d.Scope)
}

// keepTimestamp keeps a Timestamp that is no possible time and so was passed over: it may be the only trace of the real one, as
// seconds that were given as nanoseconds are.
func (b *Batch) keepTimestamp() {
	ts := b.doc.Log.Timestamp()
	if at, possible := pdataTime(ts); ts != 0 && !possible && !at.Equal(b.made.Time) {
		b.small = at.AppendFormat(b.small[:0], time.RFC3339Nano)
		b.own(loggedKey, b.doc.AddString(b.doc.Text(b.small)))
	}
}

// gatherLogFields adds what an OpenTelemetry log record says beside body and attributes. The names of scope and dropped
// attributes are those of https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/
func (b *Batch) gatherLogFields(lr plog.LogRecord) {
	d := b.doc
	if id := lr.TraceID(); !id.IsEmpty() {
		b.small = hex.AppendEncode(b.small[:0], id[:])
		b.addText(traceKey, d.Text(b.small))
	}
	if id := lr.SpanID(); !id.IsEmpty() {
		b.small = hex.AppendEncode(b.small[:0], id[:])
		b.addText(spanKey, d.Text(b.small))
	}
	if s := lr.SeverityText(); s != "" {
		b.addText(severityKey, s)
	} else if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		b.addText(severityKey, strings.ToUpper(n.String()))
	}
	if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		b.add(record.Member{Key: severityNumberKey, Value: d.Add(tree.Node{Kind: tree.Int, Num: uint64(n)})})
	}
	if n := lr.DroppedAttributesCount(); n != 0 {
		b.add(record.Member{Key: droppedKey, Value: d.Add(tree.Node{Kind: tree.Int, Num: uint64(n)})})
	}
	b.addRef(eventNameKey, d.EventName)
	b.addRef(scopeNameKey, d.ScopeName)
	b.addRef(scopeVersionKey, d.ScopeVersion)
	b.addRef(bodyKey, d.Body)
}

// addRef adds a value that may not be there, or may be used.
func (b *Batch) addRef(key *tree.Key, v tree.Ref) {
	if v != 0 {
		b.add(record.Member{Key: key, Value: v, LeftOver: true})
	}
}

// gatherLeftOver adds the members of object r that are not used. A key that is ours moves under "source.", so that nobody
// can forge ours; one that is among the first own members of the field, or in an object that was gathered before, moves
// under prefix.
func (b *Batch) gatherLeftOver(f Field, own int, prefix string, r tree.Ref) {
	d := b.doc
	n := d.At(r)
	if n.Len == 0 {
		return
	}
	members := b.draft.object[f]
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
			key = b.concatKey("source.", key)
		case ours.May(key) && hasKey(members[:own], key) || inAny(d, key, b.gathered):
			key = b.concatKey(prefix, key)
		}
		members = append(members, record.Member{Key: key, Value: c, LeftOver: true})
	}
	b.draft.object[f] = members
	b.gathered = append(b.gathered, r)
}

// concatKey returns a key with a prefix.
func (b *Batch) concatKey(prefix string, key *tree.Key) *tree.Key {
	return b.doc.Key(b.doc.Concat(prefix, key.String()))
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
