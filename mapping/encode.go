// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// encode writes the event, trims what is too large, and writes it again until it fits. Nearly always once will do.
func (b *Batch) encode() {
	b.trimHuge()
	b.listRepairs()
	for b.event.Refused == "" {
		said := b.event.Repaired
		sizes := b.write()
		fits := b.fit(sizes)
		switch {
		case b.event.Refused != "":
			return
		case fits && b.event.Repaired == said:
			return
		}
		b.relistRepairs()
	}
}

// write writes the event to b.data, and returns the size of each field that is an object.
func (b *Batch) write() (sizes [numFields]int) {
	b.doc.Replaced() // what was measured since is nothing to report
	w := writer{dst: b.data[:0], b: b}
	w.raw('{')
	w.text(Version, `"version":`)
	w.key(`"userIdentity":`)
	w.raw('{')
	w.text(UserIdentityType, `"type":`)
	w.text(UserIdentityPrincipalID, `"principalId":`)
	sizes[UserIdentityDetails] = w.object(UserIdentityDetails, `"details":`)
	w.raw('}')
	w.text(UserAgent, `"userAgent":`)
	w.text(EventSource, `"eventSource":`)
	w.text(EventName, `"eventName":`)
	w.text(EventTime, `"eventTime":`)
	w.text(UID, `"UID":`)
	sizes[RequestParameters] = w.object(RequestParameters, `"requestParameters":`)
	sizes[ResponseElements] = w.object(ResponseElements, `"responseElements":`)
	w.text(ErrorCode, `"errorCode":`)
	w.text(ErrorMessage, `"errorMessage":`)
	w.text(SourceIPAddress, `"sourceIPAddress":`)
	w.text(RecipientAccountID, `"recipientAccountId":`)
	sizes[AdditionalEventData] = w.object(AdditionalEventData, `"additionalEventData":`)
	w.raw('}')
	b.data = w.dst
	return sizes
}

// writer appends the fields of an event.
type writer struct {
	dst []byte
	b   *Batch
}

func (w *writer) raw(c byte) { w.dst = append(w.dst, c) }

// key writes the quoted name of a field and its colon, and before them the comma that they need.
func (w *writer) key(quoted string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.raw(',')
	}
	w.dst = append(w.dst, quoted...)
}

// text writes a field that is a string, if there is one.
func (w *writer) text(f Field, quoted string) {
	s := w.b.draft.text[f]
	if s == "" {
		return
	}
	w.key(quoted)
	from := len(w.dst)
	w.dst = w.b.doc.AppendText(w.dst, s)
	w.replaced(f)
	w.hidden(f, w.dst[from:])
}

// object writes a field that is an object, if it has members of which something is left, and returns its size.
func (w *writer) object(f Field, quoted string) int {
	members := w.b.draft.object[f]
	if len(members) == 0 {
		return 0
	}
	before := len(w.dst)
	w.key(quoted)
	from := len(w.dst)
	w.dst = w.b.doc.AppendMembers(w.dst, members)
	if len(w.dst)-from == len("{}") {
		w.dst = w.dst[:before]
		return 0
	}
	w.replaced(f)
	w.hidden(f, w.dst[from:])
	return len(w.dst) - from
}

// replaced notes that text of a field was not UTF-8.
func (w *writer) replaced(f Field) {
	if !w.b.doc.Replaced() {
		return
	}
	if w.b.mapper.repair {
		w.b.event.Repaired.add(f, Replaced)
	} else {
		w.b.refuse(CodeInvalidData)
	}
}

var repairedKey = tree.NewKey(ownPrefix + "repaired")

// listRepairs adds exporter.repaired, where there is anything to list.
func (b *Batch) listRepairs() {
	if b.event.Repaired.Any() {
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
	for f, done := range b.event.Repaired {
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
