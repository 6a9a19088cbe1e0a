// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// maxAnswerSize bounds what is read of an answer. A hundred failures with messages of the full 1,024 characters
// take less than half of it.
const maxAnswerSize = 1 << 20

var (
	errAnswerTooLong = errors.New("the answer is longer than 1 MiB")
	errNoAnswer      = errors.New(`the answer has neither a "successful" nor a "failed" list`)
)

// Answer is what CloudTrail said about each event of a request. Its buffers are reused by the next Put.
type Answer struct {
	// RequestID is the x-amzn-RequestId of the answer, "" where it had none.
	RequestID string
	// Results holds one result for each event of the body, in the body's order.
	Results []Result

	buffer   []byte
	decoder  jx.Decoder
	eventIDs []byte // of all results, one behind the other: they become one string, not a hundred
	spans    []span // where in it the eventID of each is
}

// span is where in Answer.eventIDs the eventID of a result stands.
type span struct{ result, from, to int }

// Result is what became of one event.
type Result struct {
	// Code is "" for an event that is listed as successful, else the service's errorCode, or CodeNotListed or
	// CodeNone.
	Code string
	// Message is the service's errorMessage. It may quote the event's content: never log it.
	Message string
	// EventID is the eventID that CloudTrail gave the event, "" unless it was successful.
	EventID string
}

// read takes in the body of an HTTP 200 answer to body. After an error the results mean nothing: what became of
// the events is unknown.
func (a *Answer) read(r io.Reader, body *Body) error {
	a.buffer = a.buffer[:0]
	for {
		if len(a.buffer) == cap(a.buffer) {
			a.buffer = append(a.buffer, 0)[:len(a.buffer)]
		}
		n, err := r.Read(a.buffer[len(a.buffer):cap(a.buffer)])
		a.buffer = a.buffer[:len(a.buffer)+n]
		if len(a.buffer) > maxAnswerSize {
			return errAnswerTooLong
		}
		if err == io.EOF {
			return a.decode(a.buffer, body)
		}
		if err != nil {
			return err
		}
	}
}

// decode settles the results of body's events by the JSON text of an answer. Members and ids that it does not know
// are passed over, as is anything behind the answer's object.
//
// An event in both lists counts as successful: CloudTrail has stored it, under an eventID, so to send it again
// would store it twice and to take it as failed would report a loss that did not happen.
func (a *Answer) decode(text []byte, body *Body) error {
	a.Results, a.eventIDs, a.spans = a.Results[:0], a.eventIDs[:0], a.spans[:0]
	for range body.Len() {
		a.Results = append(a.Results, Result{Code: CodeNotListed})
	}
	a.decoder.ResetBytes(text)
	d := &a.decoder
	members, err := d.ObjIter()
	if err != nil {
		return err
	}
	listed := false
	for members.Next() {
		switch string(members.Key()) {
		case "successful":
			listed = true
			err = a.entries(d, body, true)
		case "failed":
			listed = true
			err = a.entries(d, body, false)
		default:
			err = d.Skip()
		}
		if err != nil {
			return err
		}
	}
	if err := members.Err(); err != nil {
		return err
	}
	if !listed {
		return errNoAnswer
	}
	eventIDs := string(a.eventIDs)
	for _, s := range a.spans {
		a.Results[s.result].EventID = eventIDs[s.from:s.to]
	}
	return nil
}

// entry is one item of either list.
type entry struct {
	id, code, message, eventID []byte
}

func (a *Answer) entries(d *jx.Decoder, body *Body, successful bool) error {
	if d.Next() == jx.Null {
		return d.Null()
	}
	items, err := d.ArrIter()
	if err != nil {
		return err
	}
	// CloudTrail lists the events in the order of the request, so the next one is nearly always the one
	// expected; where it is not, it is looked for.
	expected := 0
	for items.Next() {
		e, err := readEntry(d)
		if err != nil {
			return err
		}
		i := find(body, e.id, expected)
		if i < 0 {
			continue
		}
		expected = i + 1
		switch result := &a.Results[i]; {
		case successful:
			from := len(a.eventIDs)
			if !utf8.Valid(e.eventID) {
				e.eventID = bytes.ToValidUTF8(e.eventID, []byte("\ufffd")) // a receipt holds it
			}
			a.eventIDs = append(a.eventIDs, e.eventID...)
			a.spans = append(a.spans, span{result: i, from: from, to: len(a.eventIDs)})
			*result = Result{}
		case result.Code != "":
			*result = Result{Code: cleanCode(string(e.code)), Message: strings.ToValidUTF8(string(e.message), "\ufffd")}
			if result.Code == "" {
				result.Code = CodeNone
			}
		}
	}
	return items.Err()
}

func readEntry(d *jx.Decoder) (e entry, err error) {
	if d.Next() == jx.Null {
		return e, d.Null()
	}
	members, err := d.ObjIter()
	if err != nil {
		return e, err
	}
	for members.Next() {
		var value *[]byte
		switch string(members.Key()) {
		case "id":
			value = &e.id
		case "eventID":
			value = &e.eventID
		case "errorCode":
			value = &e.code
		case "errorMessage":
			value = &e.message
		}
		if value == nil || d.Next() == jx.Null {
			err = d.Skip()
		} else {
			*value, err = d.StrBytes()
		}
		if err != nil {
			return e, err
		}
	}
	return e, members.Err()
}

// find returns the index of the event with the id, or -1. It looks at the expected place first.
func find(body *Body, id []byte, expected int) int {
	if expected < body.Len() && bytes.Equal(body.ID(expected), id) {
		return expected
	}
	for i := range body.Len() {
		if bytes.Equal(body.ID(i), id) {
			return i
		}
	}
	return -1
}
