// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// objectFields are the fields that can be large.
var objectFields = [...]Field{UserIdentityDetails, RequestParameters, ResponseElements, AdditionalEventData}

// markerSize is more than any marker takes as JSON.
const markerSize = len(`"[trimmed: 9223372036854775807 bytes, sha256 ]"`) + 2*sha256.Size

// headroom is more than exporter.repaired can grow by: what is trimmed because the event is too large makes room for
// the list as well.
const headroom = 512

// fit says whether the event as written is within the limits on sizes. Where it is not, it trims, or refuses it.
func (e *encoder) fit() bool {
	fits := true
	for _, f := range objectFields {
		if excess := e.sizes[f] - fieldSpecs[f].max; excess > 0 {
			fits = false
			e.trim(excess, f)
		}
	}
	if fits && len(e.data) > MaxEventSize {
		fits = false
		e.trim(len(e.data)-MaxEventSize, objectFields[:]...)
	}
	return fits
}

// trim takes at least excess bytes from the fields, the largest values first.
func (e *encoder) trim(excess int, fields ...Field) {
	if !e.repair {
		e.event.refuse(CodeFieldTooLong)
		return
	}
	var all []part
	for _, f := range fields {
		for i, m := range e.event.object[f] {
			if !m.Pinned {
				all = append(all, part{field: f, index: i, ref: m.Value, leftOver: m.LeftOver, size: e.size(m)})
			}
		}
	}
	if slices.Contains(fields, AdditionalEventData) {
		excess += headroom
	}
	for _, p := range e.trimParts(all, excess) {
		e.event.repaired.Add(p.field, Trimmed)
		excess -= p.saved
	}
	if excess > 0 {
		e.collapse(excess, fields)
	}
}

// part is a value that may be trimmed.
type part struct {
	ref      tree.Ref
	leftOver bool
	size     int // of its JSON
	field    Field
	index    int
	saved    int // by trimming it
}

// size returns the size of a member's value.
func (e *encoder) size(m record.Member) int {
	e.small, _ = e.doc.AppendMember(e.small[:0], m)
	return len(e.small)
}

// trimParts trims the largest of the parts until excess bytes are saved, or nothing more is to be had, and returns what
// it trimmed. Where a part alone is more than enough, it is not trimmed whole but from within, if that will do.
func (e *encoder) trimParts(parts []part, excess int) []part {
	slices.SortStableFunc(parts, func(x, y part) int { return cmp.Compare(y.size, x.size) })
	for i := range parts {
		p := &parts[i]
		gain := p.size - markerSize
		if excess <= 0 || gain <= 0 {
			return parts[:i]
		}
		if gain < excess || !e.trimWithin(p, excess) {
			e.replace(p)
		}
		excess -= p.saved
	}
	return parts
}

// trimWithin trims what p holds, and says whether that saved excess bytes: where it cannot, it leaves p alone.
func (e *encoder) trimWithin(p *part, excess int) bool {
	d := e.doc
	n := d.At(p.ref)
	if n.Kind != tree.Object && n.Kind != tree.Array {
		return false
	}
	children := make([]part, 0, n.Len)
	possible := 0
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		if p.leftOver && d.At(c).Used {
			continue
		}
		child := part{ref: c, leftOver: p.leftOver}
		child.size = e.size(record.Member{Value: c, LeftOver: p.leftOver})
		possible += max(0, child.size-markerSize)
		children = append(children, child)
	}
	if possible < excess {
		return false
	}
	for _, c := range e.trimParts(children, excess) {
		p.saved += c.saved
	}
	return true
}

// replace puts a marker in the place of a value.
func (e *encoder) replace(p *part) {
	e.small, _ = e.doc.AppendMember(e.small[:0], record.Member{Value: p.ref, LeftOver: p.leftOver})
	text := e.marker(e.small)
	e.doc.Overwrite(p.ref, tree.Node{Kind: tree.String, Str: text})
	p.saved = p.size - len(text) - len(`""`)
}

// marker returns what stands in the place of a value whose JSON this is.
func (e *encoder) marker(json []byte) string {
	sum := sha256.Sum256(json)
	return e.markerOf(len(json), sum[:])
}

func (e *encoder) markerOf(size int, sum []byte) string {
	text := append(make([]byte, 0, markerSize), "[trimmed: "...)
	text = strconv.AppendInt(text, int64(size), 10)
	text = append(text, " bytes, sha256 "...)
	text = hex.AppendEncode(text, sum)
	return e.doc.Text(append(text, ']'))
}

// collapse takes members out of the largest of the fields, and leaves one marker for all of them, where a field has so many
// small values, or keys so long, that to trim values is not enough. Members with long keys go first. Then the smallest go,
// which are many, so that the few large ones stay. Our own members always stay.
func (e *encoder) collapse(excess int, fields []Field) {
	field, members, size := fields[0], []sized(nil), 0
	for _, f := range fields {
		if m, n := e.sized(f); n > size {
			field, members, size = f, m, n
		}
	}
	marked := len(trimmedKey.String()) + markerSize + len(`"":,`) // what the marker takes, at most
	excess += marked
	slices.SortStableFunc(members, func(x, y sized) int {
		if xLong, yLong := x.size > longMember, y.size > longMember; xLong || yLong {
			return cmp.Compare(y.size, x.size)
		}
		return cmp.Compare(x.size, y.size)
	})
	taken := make([]record.Member, 0, len(members))
	gone := make(map[int]bool, len(members))
	for _, m := range members {
		if excess <= 0 {
			break
		}
		excess -= m.size
		gone[m.index] = true
		taken = append(taken, e.event.object[field][m.index])
	}
	if excess > 0 && size <= marked {
		e.event.refuse(CodeFieldTooLong) // what is left, an earlier marker perhaps, is no larger than its marker would be
		return
	}
	e.small = e.doc.AppendMembers(e.small[:0], taken)
	marker := record.Member{Key: trimmedKey, Value: e.doc.AddString(e.marker(e.small))}
	kept := e.event.object[field][:0]
	for i, m := range e.event.object[field] {
		if !gone[i] {
			kept = append(kept, m)
		}
	}
	e.event.object[field] = append(kept, marker)
	e.event.repaired.Add(field, Trimmed)
}

// trimmedKey is the key of the marker that stands for whole members.
var trimmedKey = tree.NewKey(ownPrefix + "trimmed")

// longMember is the size beyond which a member must have a long key: its value has been trimmed.
const longMember = 1024

// sized is a member of a field that may be taken out.
type sized struct{ index, size int }

// sized returns the members of a field that may be taken out, and the size of all of them.
func (e *encoder) sized(f Field) (out []sized, total int) {
	for i, m := range e.event.object[f] {
		if m.Pinned {
			continue
		}
		e.small = e.doc.AppendKey(e.small[:0], m.Key)
		n := len(e.small) + len(",")
		n += e.size(m)
		out = append(out, sized{index: i, size: n})
		total += n
	}
	return out, total
}
