// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// encoder writes events, and holds their objects to the service's limits on sizes, which are those of the JSON.
type encoder struct {
	doc    *record.Doc
	repair bool

	event *held
	data  []byte
	sizes [numFields]int // of the fields that are objects, in data
	small []byte
}

// forget gives back what only an unusually large event needed.
func (e *encoder) forget() { e.data, e.small = tree.Kept(e.data), tree.Kept(e.small) }

// encode returns the event as JSON, nil where it is refused. It writes the event, trims what is too large, and writes it again until
// it fits. Nearly always once will do. The result is valid until the next record.
func (e *encoder) encode(h *held) []byte {
	e.event = h
	if h.refused == "" {
		e.writeUntilItFits()
	}
	if h.refused != "" {
		return nil
	}
	return e.data
}

func (e *encoder) writeUntilItFits() {
	e.trimHuge()
	e.listRepairs()
	for e.event.refused == "" {
		said := e.event.repaired
		e.write()
		fits := e.fit()
		switch {
		case e.event.refused != "":
			return
		case fits && e.event.repaired == said:
			return
		}
		e.relistRepairs()
	}
}

// write writes the event to e.data, and notes the size of each field that is an object.
func (e *encoder) write() {
	e.doc.Replaced() // forgets what was noted while sizes were measured
	w := writer{dst: e.data[:0], encoder: e, hides: e.doc.HasHidden()}
	w.write()
	if e.doc.Replaced() { // that is rare, so only then is it asked field by field
		w.dst, w.replaces = w.dst[:0], true
		w.write()
	}
	e.data = w.dst
}

// writer appends the fields of an event.
type writer struct {
	*encoder
	dst []byte
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
	s := w.event.text[f]
	if s == "" {
		return
	}
	w.raw(name)
	from := len(w.dst)
	w.dst = w.doc.AppendText(w.dst, s)
	if w.hides || w.replaces {
		w.note(f, from)
	}
}

// object writes a field that is an object, if it has members of which something is left, and before it its name.
func (w *writer) object(f Field, name string) {
	w.sizes[f] = 0
	members := w.event.object[f]
	if len(members) == 0 {
		return
	}
	before := len(w.dst)
	w.raw(name)
	from := len(w.dst)
	w.dst = w.doc.AppendMembers(w.dst, members)
	if len(w.dst)-from == len("{}") {
		w.dst = w.dst[:before]
		return
	}
	if w.hides || w.replaces {
		w.note(f, from)
	}
	w.sizes[f] = len(w.dst) - from
}

// note notes what was done to the field that is written from a place on.
func (w *writer) note(f Field, from int) {
	if w.replaces && w.doc.Replaced() {
		if w.repair {
			w.event.repaired.Add(f, Replaced)
		} else {
			w.event.refuse(CodeInvalidData)
		}
	}
	if w.hides {
		w.hidden(f, w.dst[from:])
	}
}

var repairedKey = tree.NewKey(ownPrefix + "repaired")

// listRepairs adds exporter.repaired, where there is anything to list.
func (e *encoder) listRepairs() {
	if e.event.repaired.Any() {
		e.event.own(repairedKey, e.repairedFields())
	}
}

// relistRepairs brings exporter.repaired up to date.
func (e *encoder) relistRepairs() {
	members := e.event.object[AdditionalEventData]
	for i := range members {
		if members[i].Key == repairedKey && members[i].Pinned {
			members[i].Value = e.repairedFields()
			return
		}
	}
	e.listRepairs()
}

// repairedFields returns the names of the fields that are not as the source had them.
func (e *encoder) repairedFields() tree.Ref {
	d := e.doc
	list := tree.Node{Kind: tree.Array}
	for f, done := range e.event.repaired {
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
