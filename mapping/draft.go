// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"net/netip"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// texts are the fields of an event that are strings; "" = none.
type texts struct {
	text [numFields]string
	// exact is the time with its fraction of a second.
	exact string
	time  time.Time
}

func (t *texts) setTime(d *record.Doc, at time.Time) {
	var buf [len(time.RFC3339Nano)]byte
	t.time = at
	t.exact = d.Text(at.AppendFormat(buf[:0], time.RFC3339Nano))
	t.text[EventTime] = t.exact
	if at.Nanosecond() != 0 {
		t.text[EventTime] = d.Concat(t.exact[:len("2006-01-02T15:04:05")], "Z")
	}
}

func (t *texts) setAddress(d *record.Doc, addr netip.Addr) {
	var buf [len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")]byte
	t.text[SourceIPAddress] = d.Text(addr.AppendTo(buf[:0]))
}

// draft is an event with its fields filled, and not yet held to limits.
type draft struct {
	*choice
	texts
	// object holds the fields that are objects.
	object   [numFields][]record.Member
	id       []byte
	ordinal  int
	repaired Repairs
}

func (d *draft) reset(o *overlay) {
	d.choice, d.texts, d.repaired = o.choice, o.texts, o.repaired
	for f := range d.object {
		d.object[f] = d.object[f][:0]
	}
}

func (d *draft) add(m record.Member) {
	d.object[AdditionalEventData] = append(d.object[AdditionalEventData], m)
}

// addText adds a member that is text to additionalEventData.
func (d *draft) addText(doc *record.Doc, key *tree.Key, text string) {
	d.add(record.Member{Key: key, Value: doc.AddString(text)})
}

// own adds a member of this component's to additionalEventData: none of those is ever trimmed.
func (d *draft) own(key *tree.Key, value tree.Ref) {
	d.add(record.Member{Key: key, Value: value, Pinned: true})
}

// filler fills the fields: what the rule leaves open from where the preset says, and the rest.
type filler struct {
	doc       *record.Doc
	recipient string
	version   string
	retention time.Duration
	ids       ids

	over     *overlay
	out      draft
	small    []byte
	gathered []tree.Ref // objects of which the rest has been gathered
}

// forget forgets the ids of the request before, and gives back what only an unusually large record needed.
func (f *filler) forget() {
	f.ids.forget()
	f.small = tree.Kept(f.small)
	for field := range f.out.object {
		f.out.object[field] = tree.Kept(f.out.object[field])
	}
}

// fill returns the event's fields. ordinal is the one that the event had when it was made before; 0 or 1 if it was not. The result is
// valid until the next record.
//
// The order of the steps matters within this stage: what a field takes is marked as used, and the rest is what no field has taken.
func (f *filler) fill(o *overlay, ordinal int) *draft {
	f.over = o
	f.out.reset(o)
	p := o.preset
	f.fillTexts(p)
	f.fillTime(p)
	f.fillAddress(p)
	f.identify(p, ordinal)
	f.fillObjects(p)
	f.use(o.used)
	f.gatherRest(p)
	f.removeRuled()
	return &f.out
}

// tableVersion is the version of an event whose source says none: that of the presets' tables.
const tableVersion = "1.0"

// fillTexts takes the fields that are strings from where the preset says.
func (f *filler) fillTexts(p *preset.Preset) {
	f.take(Version, p.Version)
	if f.out.text[Version] == "" {
		f.out.text[Version] = tableVersion
	}
	f.take(UserIdentityType, p.Type)
	f.take(UserIdentityPrincipalID, p.PrincipalID)
	f.take(UserAgent, p.UserAgent)
	f.take(EventSource, p.EventSource)
	f.take(EventName, p.EventName)
	f.take(ErrorCode, p.ErrorCode)
	f.take(ErrorMessage, p.ErrorMessage)
	f.out.text[RecipientAccountID] = f.recipient
}

// take fills a field, where the expression has a single value for it, and marks that value as used. What a rule gives
// stands; what it removes is used and not taken.
func (f *filler) take(field Field, e preset.Expr) {
	if e == nil || f.over.fields[field] == given {
		return
	}
	v := e.Eval(f.doc)
	if f.doc.Empty(v) || !f.doc.Scalar(v) {
		return
	}
	f.doc.Use(v)
	if f.over.fields[field] != removed {
		f.out.text[field] = f.doc.String(v)
	}
}

// fillTime takes the time that the source says, else the log record's, else the time at which it was observed, as
// OpenTelemetry's data model for logs has it; the last is not the source's, and the event says so.
func (f *filler) fillTime(p *preset.Preset) {
	if f.over.fields[EventTime] != given {
		f.findTime(p)
	}
	f.checkTime()
}

func (f *filler) findTime(p *preset.Preset) {
	logged, possible := pdataTime(f.doc.Log.Timestamp())
	if p.TimestampFirst && possible {
		f.out.setTime(f.doc, logged)
		return
	}
	if at, ok := f.sourceTime(p); ok {
		f.out.setTime(f.doc, at)
		return
	}
	if possible {
		f.out.setTime(f.doc, logged)
		return
	}
	observed, possible := pdataTime(f.doc.Log.ObservedTimestamp())
	// No record that was admitted comes this far without a possible time. One of an older version's queue may, and an event with an
	// impossible time is better than none.
	if !possible && f.doc.Log.Timestamp() != 0 {
		f.out.setTime(f.doc, logged)
		f.out.repaired.Add(EventTime, OutOfRange)
		return
	}
	if f.doc.Log.ObservedTimestamp() == 0 {
		return
	}
	f.out.setTime(f.doc, observed)
	f.out.repaired.Add(EventTime, Filled)
	if !possible {
		f.out.repaired.Add(EventTime, OutOfRange)
	}
}

// sourceTime takes the first of the source's values that is a possible time. The others are left over.
func (f *filler) sourceTime(p *preset.Preset) (time.Time, bool) {
	for _, e := range p.EventTime {
		v := e.Eval(f.doc)
		if f.doc.Empty(v) {
			continue
		}
		at, zoned, ok := readTime(f.doc.Tree, v)
		if !ok {
			continue
		}
		if zoned {
			f.doc.Use(v)
		} else {
			f.out.repaired.Add(EventTime, Filled) // with a zone; the text itself is left over
		}
		return at, true
	}
	return time.Time{}, false
}

// fillAddress takes the first text that is an address. Where none is, the texts are left over.
func (f *filler) fillAddress(p *preset.Preset) {
	if f.over.fields[SourceIPAddress] == given {
		return
	}
	claimed := f.over.notAddress
	for _, e := range p.SourceIP {
		v := e.Eval(f.doc)
		if f.doc.Empty(v) || !f.doc.Scalar(v) {
			continue
		}
		raw := f.doc.String(v)
		addr, ok := readAddress(raw)
		if !ok {
			claimed = true
			continue
		}
		if f.over.fields[SourceIPAddress] == removed {
			f.doc.Use(v)
			return
		}
		f.out.setAddress(f.doc, addr)
		if raw == f.out.text[SourceIPAddress] {
			f.doc.Use(v)
		}
		return
	}
	if claimed {
		f.out.repaired.Add(SourceIPAddress, Moved)
	}
}

func (f *filler) fillObjects(p *preset.Preset) {
	f.takeParts(UserIdentityDetails, &p.Details)
	f.takeParts(RequestParameters, &p.Request)
	f.takeParts(ResponseElements, &p.Response)
	for _, o := range p.Omitted {
		if v := o.What.Eval(f.doc); v != 0 {
			f.doc.Use(v)
		}
	}
}

func (f *filler) takeParts(field Field, parts *preset.Parts) {
	members := f.out.object[field]
	if f.over.fields[field] != given {
		members = parts.Append(f.doc, members)
		members = f.overrule(field, members)
	}
	for _, m := range members {
		f.doc.Use(m.Value)
	}
	f.out.object[field] = members
	f.addRuled(field)
}
