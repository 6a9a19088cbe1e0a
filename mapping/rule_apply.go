// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"slices"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// use marks what the rule has read as used. It comes after the preset has read, which passes over what is used.
func (b *Batch) use(values []tree.Ref) {
	for _, v := range values {
		b.doc.Use(v)
		if n := *b.doc.At(v); n.Kind == tree.Object { // the record itself and its attributes are gathered member by member
			for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
				b.doc.Use(c)
			}
		}
	}
}

// overrule takes out the members of a field that the rule names with a value of its own: the preset's are left over then.
func (b *Batch) overrule(f Field, members []record.Member) []record.Member {
	for _, m := range b.ruling.named {
		if m.field == f && m.value != 0 {
			members = slices.DeleteFunc(members, func(x record.Member) bool { return x.Key.Is(m.key) })
		}
	}
	return members
}

// addRuled adds the rule's members of a field.
func (b *Batch) addRuled(f Field) {
	if b.rule == nil {
		return
	}
	members := b.draft.object[f]
	from := len(members)
	for _, m := range b.ruling.held {
		if m.field != f {
			continue
		}
		key := m.key
		if f == AdditionalEventData && isOwn(key.String()) {
			key = b.concatKey("source.", key)
		}
		members = append(members, record.Member{Key: key, Value: m.value})
	}
	members = members[:from+len(b.overrule(f, members[from:]))]
	for _, m := range b.ruling.named {
		if m.field == f && m.value != 0 {
			members = append(members, record.Member{Key: m.key, Value: m.value})
		}
	}
	b.draft.object[f] = members
}

// removeRuled takes out what the rule removes: of a field that is removed, all but our own members and those that the rule
// names with a value.
func (b *Batch) removeRuled() {
	if b.rule == nil {
		return
	}
	for _, f := range objectFields {
		if b.ruling.fields[f] == removed {
			b.draft.object[f] = slices.DeleteFunc(b.draft.object[f], func(x record.Member) bool { return !x.Pinned && !b.gives(f, x) })
		}
	}
	for _, m := range b.ruling.named {
		if m.value == 0 {
			b.draft.object[m.field] = slices.DeleteFunc(b.draft.object[m.field],
				func(x record.Member) bool { return x.Key.Is(m.key) && !x.Pinned })
		}
	}
}

func (b *Batch) gives(f Field, x record.Member) bool {
	return slices.ContainsFunc(b.ruling.named, func(m ruledMember) bool { return m.field == f && m.key.Is(x.Key) && m.value == x.Value })
}
