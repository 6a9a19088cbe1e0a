// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"slices"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Member is a named value: one member of an object field.
type Member struct {
	Key   *tree.Key
	Value tree.Ref
	// LeftOver says that only what of the value is not used belongs here.
	LeftOver bool
	// Pinned says that the value is not to be trimmed.
	Pinned bool
}

// AppendMembers appends the members as a JSON object, in their order. Members that share a key become a list, as in a tree.
func (d *Doc) AppendMembers(dst []byte, members []Member) []byte {
	shared := shareKeys(members)
	if shared {
		slices.SortStableFunc(members, func(a, b Member) int { return strings.Compare(a.Key.String(), b.Key.String()) })
	}
	dst = append(dst, '{')
	open := len(dst)
	for i := 0; i < len(members); {
		next := i + 1
		for shared && next < len(members) && members[next].Key.Is(members[i].Key) {
			next++
		}
		from := len(dst)
		if from > open {
			dst = append(dst, ',')
		}
		dst = d.AppendKey(dst, members[i].Key)
		var written bool
		if next == i+1 {
			dst, written = d.AppendMember(dst, members[i])
		} else {
			dst, written = d.appendList(dst, members[i:next])
		}
		if !written {
			dst = dst[:from]
		}
		i = next
	}
	return append(dst, '}')
}

// shareKeys reports whether two members have the same key. Of very many members it says so without a look.
func shareKeys(members []Member) bool {
	const many = 100
	if len(members) > many {
		return true
	}
	var before tree.Among
	for i := range members {
		key := members[i].Key
		if before.May(key) && slices.ContainsFunc(members[:i], func(m Member) bool { return m.Key.Is(key) }) {
			return true
		}
		before.Add(key)
	}
	return false
}

func (d *Doc) appendList(dst []byte, members []Member) ([]byte, bool) {
	dst = append(dst, '[')
	written := false
	for _, m := range members {
		from := len(dst)
		if written {
			dst = append(dst, ',')
		}
		var some bool
		if dst, some = d.AppendMember(dst, m); some {
			written = true
		} else {
			dst = dst[:from]
		}
	}
	return append(dst, ']'), written
}

// AppendMember appends the member's value as JSON, and says whether there is any.
func (d *Doc) AppendMember(dst []byte, m Member) ([]byte, bool) {
	return d.AppendValue(dst, m.Value, m.LeftOver)
}
