// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// encode writes the event, trims what is too large, and writes it again until it fits. Nearly always once will do.
func (b *Batch) encode() {
	b.trimHuge()
	b.listRepairs()
	for b.made.Refused == "" {
		said := b.made.Repaired
		b.write()
		fits := b.fit()
		switch {
		case b.made.Refused != "":
			return
		case fits && b.made.Repaired == said:
			return
		}
		b.relistRepairs()
	}
}

// write writes the event to b.data, and notes the size of each field that is an object.
func (b *Batch) write() {
	b.doc.Replaced() // forgets what was noted while sizes were measured
	w := writer{dst: b.data[:0], b: b, hides: b.doc.HasHidden()}
	w.write()
	if b.doc.Replaced() { // that is rare, so only then is it asked field by field
		w.dst, w.replaces = w.dst[:0], true
		w.write()
	}
	b.data = w.dst
}

// writer appends the fields of an event.
type writer struct {
	dst []byte
	b   *Batch
	// hides says that there are secrets, replaces that there is text that is not UTF-8.
	hides, replaces bool
}

func (w *writer) write() {
	w.raw(`{"version":`)
	w.text(Version, "")
	w.raw(`,"userIdentity":{"type":`)
	w.text(UserIdentityType, "")
	w.text(UserIdentityPrincipalID, `,"principalId":`)
	w.object(UserIdentityDetails, `,"details":`)
	w.raw(`}`)
	w.text(UserAgent, `,"userAgent":`)
	w.text(EventSource, `,"eventSource":`)
	w.text(EventName, `,"eventName":`)
	w.text(EventTime, `,"eventTime":`)
	w.text(UID, `,"UID":`)
	w.object(RequestParameters, `,"requestParameters":`)
	w.object(ResponseElements, `,"responseElements":`)
	w.text(ErrorCode, `,"errorCode":`)
	w.text(ErrorMessage, `,"errorMessage":`)
	w.text(SourceIPAddress, `,"sourceIPAddress":`)
	w.text(RecipientAccountID, `,"recipientAccountId":`)
	w.object(AdditionalEventData, `,"additionalEventData":`)
	w.raw(`}`)
}

func (w *writer) raw(json string) { w.dst = append(w.dst, json...) }

// text writes a field that is a string, if there is one, and before it its name.
func (w *writer) text(f Field, name string) {
	s := w.b.draft.text[f]
	if s == "" {
		return
	}
	w.raw(name)
	from := len(w.dst)
	w.dst = w.b.doc.AppendText(w.dst, s)
	if w.hides || w.replaces {
		w.note(f, from)
	}
}

// object writes a field that is an object, if it has members of which something is left, and before it its name.
func (w *writer) object(f Field, name string) {
	w.b.sizes[f] = 0
	members := w.b.draft.object[f]
	if len(members) == 0 {
		return
	}
	before := len(w.dst)
	w.raw(name)
	from := len(w.dst)
	w.dst = w.b.doc.AppendMembers(w.dst, members)
	if len(w.dst)-from == len("{}") {
		w.dst = w.dst[:before]
		return
	}
	if w.hides || w.replaces {
		w.note(f, from)
	}
	w.b.sizes[f] = len(w.dst) - from
}

// note notes what was done to the field that is written from a place on.
func (w *writer) note(f Field, from int) {
	if w.replaces && w.b.doc.Replaced() {
		if w.b.mapper.repair {
			w.b.made.Repaired.Add(f, Replaced)
		} else {
			w.b.refuse(CodeInvalidData)
		}
	}
	if w.hides {
		w.hidden(f, w.dst[from:])
	}
}

var repairedKey = tree.NewKey(ownPrefix + "repaired")

// listRepairs adds exporter.repaired, where there is anything to list.
func (b *Batch) listRepairs() {
	if b.made.Repaired.Any() {
		b.own(repairedKey, b.repairedFields())
	}
}

// relistRepairs brings exporter.repaired up to date.
func (b *Batch) relistRepairs() {
	members := b.draft.object[AdditionalEventData]
	for i := range members {
		if members[i].Key == repairedKey && members[i].Pinned {
			members[i].Value = b.repairedFields()
			return
		}
	}
	b.listRepairs()
}

// repairedFields returns the names of the fields that are not as the source had them.
func (b *Batch) repairedFields() tree.Ref {
	d := b.doc
	list := tree.Node{Kind: tree.Array}
	for f, done := range b.made.Repaired {
		if done == 0 {
			continue
		}
		name := d.AddString(Field(f).String())
		if list.Len == 0 {
			list.First = name
		}
		list.Len++
	}
	return d.Add(list)
}
