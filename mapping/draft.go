// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"

import (
	"net/netip"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// draft is an event in the making: fields that are filled and not yet held to limits.
type draft struct {
	// text holds the fields that are strings; "" = none.
	text [numFields]string
	// exact is the time with its fraction of a second.
	exact string
	// object holds the fields that are objects.
	object [numFields][]record.Member
}

func (d *draft) reset() {
	d.text, d.exact = [numFields]string{}, ""
	for f := range d.object {
		d.object[f] = d.object[f][:0]
	}
}

// tableVersion is the version of an event whose source says none: that of the presets' tables.
const tableVersion = "1.0"

// fill takes the fields that are strings from where the preset says.
func (b *Batch) fill(p *preset.Preset) {
	b.take(Version, p.Version)
	if b.draft.text[Version] == "" {
		b.draft.text[Version] = tableVersion
	}
	b.take(UserIdentityType, p.Type)
	b.take(UserIdentityPrincipalID, p.PrincipalID)
	b.take(UserAgent, p.UserAgent)
	b.take(EventSource, p.EventSource)
	b.take(EventName, p.EventName)
	b.take(ErrorCode, p.ErrorCode)
	b.take(ErrorMessage, p.ErrorMessage)
	b.draft.text[RecipientAccountID] = b.mapper.recipient
}

// take fills a field, where the expression has a single value for it, and marks that value as used. What a rule gives
// stands; what it removes is used and not taken.
func (b *Batch) take(f Field, e preset.Expr) {
	if e == nil || b.ruling.fields[f] == given {
		return
	}
	v := e.Eval(b.doc)
	if b.doc.Empty(v) || !b.doc.Scalar(v) {
		return
	}
	b.doc.Use(v)
	if b.ruling.fields[f] != removed {
		b.draft.text[f] = b.doc.String(v)
	}
}

// fillTime takes the time that the source says, else the log record's, else the time at which it was observed, as
// OpenTelemetry's data model for logs has it; the last is not the source's, and the event says so.
func (b *Batch) fillTime(p *preset.Preset) {
	if b.ruling.fields[EventTime] != given {
		b.findTime(p)
	}
	b.checkTime()
}

func (b *Batch) findTime(p *preset.Preset) {
	logged, possible := pdataTime(b.doc.Log.Timestamp())
	if p.TimestampFirst && possible {
		b.setTime(logged)
		return
	}
	if at, ok := b.sourceTime(p); ok {
		b.setTime(at)
		return
	}
	if possible {
		b.setTime(logged)
		return
	}
	observed, possible := pdataTime(b.doc.Log.ObservedTimestamp())
	// No record that was admitted comes this far without a possible time. One of an older version's queue may, and an event with an
	// impossible time is better than none.
	if !possible && b.doc.Log.Timestamp() != 0 {
		b.setTime(logged)
		b.made.Repaired.Add(EventTime, OutOfRange)
		return
	}
	if b.doc.Log.ObservedTimestamp() == 0 {
		return
	}
	b.setTime(observed)
	b.made.Repaired.Add(EventTime, Filled)
	if !possible {
		b.made.Repaired.Add(EventTime, OutOfRange)
	}
}

// sourceTime takes the first of the source's values that is a possible time. The others are left over.
func (b *Batch) sourceTime(p *preset.Preset) (time.Time, bool) {
	for _, e := range p.EventTime {
		v := e.Eval(b.doc)
		if b.doc.Empty(v) {
			continue
		}
		at, zoned, ok := readTime(b.doc.Tree, v)
		if !ok {
			continue
		}
		if zoned {
			b.doc.Use(v)
		} else {
			b.made.Repaired.Add(EventTime, Filled) // with a zone; the text itself is left over
		}
		return at, true
	}
	return time.Time{}, false
}

func (b *Batch) setTime(at time.Time) {
	b.made.Time = at
	b.small = at.AppendFormat(b.small[:0], time.RFC3339Nano)
	b.draft.exact = b.doc.Text(b.small)
	b.draft.text[EventTime] = b.draft.exact
	if at.Nanosecond() != 0 {
		b.draft.text[EventTime] = b.doc.Concat(b.draft.exact[:len("2006-01-02T15:04:05")], "Z")
	}
}

// fillAddress takes the first text that is an address. Where none is, the texts are left over.
func (b *Batch) fillAddress(p *preset.Preset) {
	if b.ruling.fields[SourceIPAddress] == given {
		return
	}
	claimed := b.ruling.notAddress
	for _, e := range p.SourceIP {
		v := e.Eval(b.doc)
		if b.doc.Empty(v) || !b.doc.Scalar(v) {
			continue
		}
		raw := b.doc.String(v)
		addr, ok := readAddress(raw)
		if !ok {
			claimed = true
			continue
		}
		if b.ruling.fields[SourceIPAddress] == removed {
			b.doc.Use(v)
			return
		}
		b.setAddress(addr)
		if raw == b.draft.text[SourceIPAddress] {
			b.doc.Use(v)
		}
		return
	}
	if claimed {
		b.made.Repaired.Add(SourceIPAddress, Moved)
	}
}

func (b *Batch) setAddress(addr netip.Addr) {
	b.small = addr.AppendTo(b.small[:0])
	b.draft.text[SourceIPAddress] = b.doc.Text(b.small)
}

func (b *Batch) fillObjects(p *preset.Preset) {
	b.takeParts(UserIdentityDetails, &p.Details)
	b.takeParts(RequestParameters, &p.Request)
	b.takeParts(ResponseElements, &p.Response)
	for _, o := range p.Omitted {
		if v := o.What.Eval(b.doc); v != 0 {
			b.doc.Use(v)
		}
	}
}

func (b *Batch) takeParts(f Field, parts *preset.Parts) {
	members := b.draft.object[f]
	if b.ruling.fields[f] != given {
		members = parts.Append(b.doc, members)
		members = b.overrule(f, members)
	}
	for _, m := range members {
		b.doc.Use(m.Value)
	}
	b.draft.object[f] = members
	b.addRuled(f)
}

// addText adds a member that is text to additionalEventData.
func (b *Batch) addText(key *tree.Key, text string) {
	b.add(record.Member{Key: key, Value: b.doc.AddString(text)})
}

func (b *Batch) add(m record.Member) {
	b.draft.object[AdditionalEventData] = append(b.draft.object[AdditionalEventData], m)
}

// own adds a member of our own to additionalEventData: none of those is ever trimmed.
func (b *Batch) own(key *tree.Key, value tree.Ref) {
	b.add(record.Member{Key: key, Value: value, Pinned: true})
}
