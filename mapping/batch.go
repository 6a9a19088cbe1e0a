// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// Batch maps the records of one request, in which no two events may share an id. It is made for reuse, so that mapping a
// record allocates nothing, and is not safe for concurrent use.
type Batch struct {
	mapper *Mapper
	doc    *record.Doc
	ids    ids
	made   Event
	draft  draft
	rule   *rule // that took the record; nil = none
	ruling ruling
	ottl   ottlContext
	data   []byte
	sizes  [numFields]int // of the fields that are objects, in data

	items   []Item // of the list that is being mapped
	leftOut int    // items of it that are not meant

	// Scratch.
	small     []byte
	gathered  []tree.Ref // objects of which the rest has been gathered
	secrets   []tree.Ref
	addSecret func(tree.Ref) // adds to secrets
}

// NewBatch returns a batch. Begin comes before its first record.
func (m *Mapper) NewBatch() *Batch {
	b := &Batch{mapper: m, doc: preset.NewDoc(), ids: ids{last: map[uint64]int{}}}
	b.addSecret = func(r tree.Ref) { b.secrets = append(b.secrets, r) }
	b.doc.Classify(func(key string) (facts tree.Facts, word tree.Word) {
		if isOwn(key) {
			facts |= tree.Reserved
		}
		return facts, word
	})
	if m.secrets != nil {
		b.doc.HideSecrets(m.secrets)
	}
	return b
}

// Begin forgets the ids of the batch before.
func (b *Batch) Begin() {
	b.ids.forget()
	b.data, b.small, b.secrets = tree.Kept(b.data), tree.Kept(b.small), tree.Kept(b.secrets)
	b.made.UID = tree.Kept(b.made.UID)
	for f := range b.draft.object {
		b.draft.object[f] = tree.Kept(b.draft.object[f])
	}
	b.ruling.forget()
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
	b.made.reset()
	b.draft.reset()
	p := b.pick()
	b.made.Preset = p.Name
	b.hideSecrets(p)
	b.applyRule()
	b.ottl.close()
	b.fill(p)
	b.fillTime(p)
	b.fillAddress(p)
	b.identify(p, ordinal)
	b.fillObjects(p)
	b.use(b.ruling.used)
	b.gatherRest(p)
	b.removeRuled()
	b.holdStrings()
	b.made.UID = append(b.made.UID, b.draft.text[UID]...)
	if b.made.Refused == "" {
		b.encode()
	}
	if b.made.Refused == "" {
		b.made.Data = b.data
	}
	return &b.made
}
