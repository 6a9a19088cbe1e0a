// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"slices"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// use marks what the rule has read as used, so that it is not left over. It comes after the preset has read, which passes over
// used values: the preset's objects have what they have without the rule.
func (f *filler) use(values []tree.Ref) {
	for _, v := range values {
		f.doc.Use(v)
		if n := *f.doc.At(v); n.Kind == tree.Object { // the record itself and its attributes are gathered member by member
			for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
				f.doc.Use(c)
			}
		}
	}
}

// overrule takes out the members of a field that the rule names with a value of its own: the preset's are left over then.
func (f *filler) overrule(field Field, members []record.Member) []record.Member {
	for _, m := range f.over.named {
		if m.field == field && m.value != 0 {
			members = slices.DeleteFunc(members, func(x record.Member) bool { return x.Key.Is(m.key) })
		}
	}
	return members
}

// addRuled adds the rule's members of a field.
func (f *filler) addRuled(field Field) {
	if f.over.rule == nil {
		return
	}
	members := f.out.object[field]
	from := len(members)
	for _, m := range f.over.held {
		if m.field != field {
			continue
		}
		key := m.key
		if field == AdditionalEventData && isOwn(key.String()) {
			key = f.concatKey("source.", key)
		}
		members = append(members, record.Member{Key: key, Value: m.value})
	}
	members = members[:from+len(f.overrule(field, members[from:]))]
	for _, m := range f.over.named {
		if m.field == field && m.value != 0 {
			members = append(members, record.Member{Key: m.key, Value: m.value})
		}
	}
	f.out.object[field] = members
}

// removeRuled takes out what the rule removes: of a field that is removed, all but our own members and those that the rule
// names with a value.
func (f *filler) removeRuled() {
	if f.over.rule == nil {
		return
	}
	for _, field := range objectFields {
		if f.over.fields[field] == removed {
			f.out.object[field] = slices.DeleteFunc(f.out.object[field], func(x record.Member) bool { return !x.Pinned && !f.gives(field, x) })
		}
	}
	for _, m := range f.over.named {
		if m.value == 0 {
			f.out.object[m.field] = slices.DeleteFunc(f.out.object[m.field],
				func(x record.Member) bool { return x.Key.Is(m.key) && !x.Pinned })
		}
	}
}

func (f *filler) gives(field Field, x record.Member) bool {
	return slices.ContainsFunc(f.over.named, func(m ruledMember) bool { return m.field == field && m.key.Is(x.Key) && m.value == x.Value })
}
