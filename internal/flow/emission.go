// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"encoding/base64"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

// Values of attr.Outcome.
const (
	outcomeRejected = "rejected"
	outcomeTrimmed  = "trimmed"
	outcomeIngested = "ingested"
)

// receipt is what CloudTrail said of an event that it took.
type receipt struct {
	eventID, requestID string
}

// maxListCopies bounds, in bytes, the copies of one list that are made for the items of one request. Each item that is told of
// comes with a copy of the list; beyond the bound one copy tells of all of them, so that a long list of which every item is
// refused does not fill a disk with itself.
const maxListCopies = 8 << 20

// maxOffer is about how much is offered at once, in bytes of protobuf: no record is added to an offer of that size. The next
// hop may bound what it takes, as OTLP receivers do at 4 MiB by default, and would refuse more for ever.
const maxOffer = 1 << 20

// records returns copies of pushed records, and receipts, that tell of as many of the events as fit into one offer, and how
// many of them that is.
func (o *Outlet) records(pushed plog.Logs, events []*event) (plog.Logs, int) {
	out := newCopies(pushed)
	var receipts []*event
	told := 0
	for size := 0; told < len(events) && size < maxOffer; {
		n := 1
		if e := events[told]; e.state == outcome.Rejected || o.Trimmed && e.repaired.Trimmed() {
			recordSize := (&plog.ProtoMarshaler{}).LogRecordSize(recordAt(pushed, e.at))
			n = sharing(events[told:], recordSize)
			o.tell(out.add(e.at), events[told:told+n])
			size += recordSize
		}
		if o.Ingested && events[told].state == outcome.Ingested {
			receipts = append(receipts, events[told:told+n]...)
		}
		told += n
	}
	if len(receipts) > 0 {
		sl := out.logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		sl.Scope().SetName(metadata.ScopeName)
		for _, e := range receipts {
			o.receipt(sl.LogRecords().AppendEmpty(), e)
		}
	}
	return out.logs, told
}

// sharing returns how many of the events, from the first on, one copy of their record tells of: one, unless they are items of
// a list whose copies would exceed maxListCopies.
func sharing(events []*event, recordSize int) int {
	first := events[0]
	n := 1
	for n < len(events) && sameRecord(events[n].at, first.at) &&
		events[n].state == first.state && events[n].code == first.code &&
		events[n].repaired.Trimmed() == first.repaired.Trimmed() {
		n++
	}
	if n*recordSize <= maxListCopies {
		return 1
	}
	return n
}

// tell puts what became of the events on a copy of their record. They have outcome and code in common.
func (o *Outlet) tell(lr plog.LogRecord, events []*event) {
	attributes := lr.Attributes()
	attr.Clear(attributes)
	first := events[0]
	if first.state == outcome.Rejected {
		attributes.PutStr(attr.Outcome, outcomeRejected)
		attributes.PutStr(attr.ErrorCode, first.code)
		putText(attributes, attr.ErrorMessage, events, func(e *event) string { return e.message })
	} else {
		attributes.PutStr(attr.Outcome, outcomeTrimmed)
	}
	putText(attributes, attr.ID, events, func(e *event) string { return string(e.id) })
	putText(attributes, attr.UID, events, func(e *event) string { return string(e.uid) })
	attributes.PutStr(attr.ChannelARN, o.ChannelARN)
	attributes.PutStr(attr.Preset, first.preset)
	if first.at.item != noItem {
		items := attributes.PutEmptySlice(attr.Items)
		for _, e := range events {
			items.AppendEmpty().SetInt(int64(e.at.item))
		}
	}
}

// putText puts a text of one event, or, of several, a list of each one's.
func putText(attributes pcommon.Map, name string, events []*event, text func(*event) string) {
	if len(events) == 1 {
		attributes.PutStr(name, text(events[0]))
		return
	}
	list := attributes.PutEmptySlice(name)
	for _, e := range events {
		list.AppendEmpty().SetStr(text(e))
	}
}

// receipt writes the receipt of an event.
func (o *Outlet) receipt(lr plog.LogRecord, e *event) {
	at := pcommon.NewTimestampFromTime(e.ingestedAt)
	lr.SetTimestamp(at)
	lr.SetObservedTimestamp(at)
	attributes := lr.Attributes()
	attributes.EnsureCapacity(9)
	attributes.PutStr(attr.Outcome, outcomeIngested)
	attributes.PutStr(attr.ID, string(e.id))
	attributes.PutStr(attr.UID, string(e.uid))
	attributes.PutStr(attr.ChannelARN, o.ChannelARN)
	attributes.PutStr(attr.Preset, e.preset)
	attributes.PutStr(attr.EventID, e.receipt.eventID)
	attributes.PutStr(attr.Checksum, base64.StdEncoding.EncodeToString(e.checksum[:]))
	attributes.PutStr(attr.RequestID, e.receipt.requestID)
	attributes.PutStr(attr.IngestedAt, e.ingestedAt.UTC().Format(time.RFC3339Nano))
}
