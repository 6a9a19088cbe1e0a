// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// CodeNotListed is the code of an EventFault that leaves an event out of the answer: it is neither stored nor listed.
const CodeNotListed = "NotListed"

// When a RequestFault cuts the connection.
const (
	CutBefore = "before" // nothing is stored
	CutAfter  = "after"  // the events are stored, the answer is lost
)

// Faults is what the emulator is told to do wrong. The zero value is a service in good health. Its JSON form is that of
// the control call PUT /_control/faults and of the file that lake-emulator takes:
//
//	{
//	  "seed": 1,
//	  "latency": "50ms",
//	  "deny": false,
//	  "outage": false,
//	  "events": [
//	    {"code": "Throttling", "rate": 0.2},
//	    {"code": "NotListed", "rate": 0.05},
//	    {"code": "InvalidEventSource", "event_name": "DeleteUser"},
//	    {"code": "InternalFailure", "id": "c0ffee"}
//	  ],
//	  "requests": [
//	    {"code": "AccessDeniedException", "first": 20},
//	    {"code": "ThrottlingException", "rate": 0.1, "retry_after": "1"},
//	    {"code": "ServiceUnavailable", "status": 503, "rate": 0.1},
//	    {"cut": "before", "rate": 0.1},
//	    {"code": "ValidationException", "uid": "the one that is refused"}
//	  ]
//	}
//
// Rates are shares of all that a list of rules sees: of 20 % and then 10 %, seven tenths go through. The first rule
// that applies is the one that is played. A request or an event that is wrong by itself is refused for that, before any
// fault is played.
type Faults struct {
	// Seed makes the draws repeatable: the same requests in the same order meet the same faults.
	Seed uint64 `json:"seed,omitempty"`
	// Latency is the wait before a request is looked at.
	Latency Duration `json:"latency,omitempty"`
	// Deny answers every request with AccessDeniedException.
	Deny bool `json:"deny,omitempty"`
	// Outage cuts every connection before anything is read.
	Outage bool `json:"outage,omitempty"`
	// Events are faults of single events, inside HTTP 200.
	Events []EventFault `json:"events,omitempty"`
	// Requests are faults of whole requests.
	Requests []RequestFault `json:"requests,omitempty"`
}

// Match picks events by what they hold; each part that is set has to be equal.
type Match struct {
	EventName string `json:"event_name,omitempty"`
	UID       string `json:"uid,omitempty"`
	ID        string `json:"id,omitempty"` // AuditEvent.id
}

// EventFault refuses single events.
type EventFault struct {
	Match
	// Code is the errorCode of the answer, or CodeNotListed.
	Code string `json:"code"`
	// Message is the errorMessage; "" = one that names the fault.
	Message string `json:"message,omitempty"`
	// Rate is the share of events that is refused, 0 to 1. With a Match, 0 means all that match.
	Rate float64 `json:"rate,omitempty"`
}

// RequestFault fails whole requests. With a Match it fails those that hold an event that matches.
type RequestFault struct {
	Match
	// Code is the error's name; it may be empty where Cut is set.
	Code string `json:"code,omitempty"`
	// Status is the HTTP status; 0 = what the service's reference gives for Code, 400 where it gives none.
	Status int `json:"status,omitempty"`
	// Message is the error's message; "" = one that names the fault.
	Message string `json:"message,omitempty"`
	// RetryAfter is the Retry-After header of the answer, as it is sent; "" = none.
	RetryAfter string `json:"retry_after,omitempty"`
	// Cut is CutBefore or CutAfter to close the connection without an answer, and "" to answer with Code.
	Cut string `json:"cut,omitempty"`
	// Rate is the share of requests that fails, 0 to 1. With First or a Match, 0 means all of those.
	Rate float64 `json:"rate,omitempty"`
	// First limits the fault to this many requests, counted from when the faults were set; 0 = no limit.
	First int `json:"first,omitempty"`
}

// Duration is a time.Duration that JSON writes as Go does: "1.5s".
type Duration time.Duration

// MarshalText writes the duration as time.Duration.String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// ParseFaults reads the JSON form of Faults and validates it. Unknown members are errors.
func ParseFaults(text []byte) (Faults, error) {
	var f Faults
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return Faults{}, fmt.Errorf("faults: %w", err)
	}
	if dec.More() {
		return Faults{}, errors.New("faults: more than one JSON value")
	}
	return f, f.Validate()
}

// Validate finds rules that could never apply or could not be answered.
func (f *Faults) Validate() error {
	if f.Latency < 0 {
		return errors.New("faults: latency is negative")
	}
	for i, e := range f.Events {
		if e.Code == "" {
			return fmt.Errorf("faults: events[%d] needs a code", i)
		}
		if err := validRate(e.Rate, e.Match != Match{}); err != nil {
			return fmt.Errorf("faults: events[%d]: %w", i, err)
		}
	}
	for i, r := range f.Requests {
		switch {
		case r.Cut != "" && r.Cut != CutBefore && r.Cut != CutAfter:
			return fmt.Errorf("faults: requests[%d]: cut is %q; use %q or %q", i, r.Cut, CutBefore, CutAfter)
		case (r.Code == "") == (r.Cut == ""):
			return fmt.Errorf("faults: requests[%d] needs either a code or a cut", i)
		case r.Status != 0 && (r.Status < 300 || r.Status > 599):
			return fmt.Errorf("faults: requests[%d]: status %d is none of an error", i, r.Status)
		case r.First < 0:
			return fmt.Errorf("faults: requests[%d]: first is negative", i)
		}
		if err := validRate(r.Rate, r.First > 0 || r.Match != Match{}); err != nil {
			return fmt.Errorf("faults: requests[%d]: %w", i, err)
		}
	}
	return nil
}

func validRate(rate float64, selective bool) error {
	if rate < 0 || rate > 1 {
		return fmt.Errorf("rate is %v; it is a share from 0 to 1", rate)
	}
	if rate == 0 && !selective {
		return errors.New("the rule needs a rate, or something that picks what it applies to")
	}
	return nil
}

// draw is the dice of one request. Its numbers depend on the seed and on which request it is since the faults were set,
// never on the clock.
type draw struct {
	faults Faults
	n      int // 1 = the first request
	random *rand.Rand
}

func (f Faults) draw(n int) *draw {
	return &draw{faults: f, n: n, random: rand.New(rand.NewPCG(f.Seed, uint64(n)))}
}

// request returns the fault of a whole request that holds these events, nil = none.
func (d *draw) request(events []received) *RequestFault {
	if d.faults.Deny {
		return &RequestFault{Code: "AccessDeniedException", Message: "User is not authorized to perform: cloudtrail-data:PutAuditEvents"}
	}
	u := d.random.Float64()
	for i := range d.faults.Requests {
		r := &d.faults.Requests[i]
		if r.First > 0 && d.n > r.First || !r.anyOf(events) {
			continue
		}
		if r.Rate == 0 || u < r.Rate {
			return r
		}
		u -= r.Rate
	}
	return nil
}

// event returns the fault of one event, nil = none. It takes one number whatever the rules are, so that a rule for one
// event does not move the others' luck.
func (d *draw) event(e *received) *EventFault {
	u := d.random.Float64()
	for i := range d.faults.Events {
		r := &d.faults.Events[i]
		if !r.matches(e) {
			continue
		}
		if r.Rate == 0 || u < r.Rate {
			return r
		}
		u -= r.Rate
	}
	return nil
}

func (m Match) matches(e *received) bool {
	return (m.EventName == "" || m.EventName == e.Name) && (m.UID == "" || m.UID == e.UID) && (m.ID == "" || m.ID == e.id)
}

func (m Match) anyOf(events []received) bool {
	return m == (Match{}) || slices.ContainsFunc(events, func(e received) bool { return m.matches(&e) })
}

// toldTo is the message of a fault that has none of its own.
func toldTo(code string) string { return "The emulator was told to answer " + code }

func (r *RequestFault) answer() *apiError {
	return &apiError{
		status: cmp.Or(r.Status, statusOf(r.Code)), code: r.Code, message: cmp.Or(r.Message, toldTo(r.Code)), retryAfter: r.RetryAfter,
	}
}
