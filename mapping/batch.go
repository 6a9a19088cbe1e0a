// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// Batch maps the records of one request, in which no two events may share an id. It is made for reuse, so that mapping a
// record allocates nothing, and is not safe for concurrent use.
//
// A record goes through six stages. Each takes the value of the stage before, and keeps its own scratch:
//
//	choose  -> choice   which rule and which preset map it
//	hide    -> clean    the preset's secrets are hidden
//	apply   -> overlay  what the rule says
//	fill    -> draft    all fields, and the rest
//	hold    -> held     strings within the service's limits
//	encode  -> JSON     objects within the service's limits
type Batch struct {
	doc  *record.Doc
	ottl ottlContext

	chooser chooser
	hider   hider
	ruler   ruler
	filler  filler
	limiter limiter
	encoder encoder

	made    Event
	items   []Item // of the list that is being mapped
	leftOut int    // items of it that are not meant
}

// NewBatch returns a batch. Begin comes before its first record.
func (m *Mapper) NewBatch() *Batch {
	d := preset.NewDoc()
	b := &Batch{doc: d, ottl: ottlContext{doc: d, needs: &m.ottl}}
	b.chooser = chooser{doc: d, ottl: &b.ottl, rules: m.rules}
	b.hider = hider{doc: d, ottl: &b.ottl, enabled: m.secrets != nil, hasRules: len(m.rules) > 0}
	b.hider.add = func(r tree.Ref) { b.hider.secrets = append(b.hider.secrets, r) }
	b.ruler = ruler{doc: d, ottl: &b.ottl}
	b.filler = filler{doc: d, recipient: m.recipient, version: m.version, retention: m.retention, ids: ids{last: map[uint64]int{}}}
	b.limiter = limiter{doc: d, repair: m.repair}
	b.encoder = encoder{doc: d, repair: m.repair}
	d.Classify(func(key string) (facts tree.Facts, word tree.Word) {
		if isOwn(key) {
			facts |= tree.Reserved
		}
		return facts, word
	})
	if m.secrets != nil {
		d.HideSecrets(m.secrets)
	}
	return b
}

// Begin forgets the ids of the batch before.
func (b *Batch) Begin() {
	b.hider.secrets = tree.Kept(b.hider.secrets)
	b.ruler.forget()
	b.filler.forget()
	b.encoder.forget()
	b.made.UID = tree.Kept(b.made.UID)
	b.ottl.forget()
}

// Within opens the resource and the scope of the records that follow.
func (b *Batch) Within(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	b.doc.Within(resource, scope)
	b.ottl.within(resource, scope)
}

// open opens a log record, and returns how many events it makes.
func (b *Batch) open(lr plog.LogRecord) int {
	b.ottl.forget()
	return b.doc.Open(lr)
}

// event makes one of the events of the log record that is open.
func (b *Batch) event(item, ordinal int) *Event {
	b.doc.Item(item)
	choice := b.chooser.choose()
	clean := b.hider.hide(choice)
	overlay := b.ruler.apply(clean)
	draft := b.filler.fill(overlay, ordinal)
	held := b.limiter.hold(draft)
	data := b.encoder.encode(held)
	b.made = Event{
		ID: draft.id, UID: append(b.made.UID[:0], held.text[UID]...), Data: data, Time: draft.time,
		Preset: choice.preset.Name, Rule: choice.ruleName(), Errors: choice.errors, Ordinal: draft.ordinal,
		Repaired: draft.repaired, Refused: held.refused,
	}
	return &b.made
}
