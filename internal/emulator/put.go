// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"cmp"
	"io"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"
)

// CodeCut is the code of a Request whose connection the emulator cut, or the client left.
const CodeCut = "ConnectionCut"

// received is an event of a request with what the emulator thinks of it.
type received struct {
	summary
	id, data      string
	code, message string // "" = good
}

// call is one request while it is answered. It sees the faults as they were when it came in.
type call struct {
	e       *Emulator
	request Request
	draw    *draw
}

func (e *Emulator) begin(r *http.Request) *call {
	c := &call{e: e, request: Request{Time: e.now(), RequestID: newUUID(), Query: r.URL.RawQuery, UserAgent: r.UserAgent()}}
	if auth, err := parseAuthorization(r.Header.Values("Authorization")); err == nil {
		c.request.AccessKeyID = strings.Clone(clip(auth.accessKey)) // anybody can claim one of any length
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drawn++
	c.draw = e.faults.draw(e.drawn)
	return c
}

// putAuditEvents admits a request, or does not, and then decides each of its events.
func (e *Emulator) putAuditEvents(w http.ResponseWriter, r *http.Request) {
	c := e.begin(r)
	if c.draw.faults.Outage {
		c.cut()
	}
	events, cutAfter, apiErr := c.admit(r)
	if apiErr != nil {
		c.fail(w, apiErr)
		return
	}
	c.settle(w, events, cutAfter)
}

// admit takes a request through the gates that it has to pass, in their order: size, signature, quota, model, faults,
// channel. cutAfter says that the answer is to be lost.
func (c *call) admit(r *http.Request) (events []received, cutAfter bool, _ *apiError) {
	body, apiErr := readBody(r)
	c.request.BodyBytes = len(body)
	if !c.wait(r) {
		c.cut()
	}
	if apiErr != nil {
		return nil, false, apiErr
	}
	secret := func(accessKey string) (string, bool) { s, ok := c.e.keys[accessKey]; return s, ok }
	if apiErr := verify(r, body, region(c.e.channelARN), c.e.now(), secret); apiErr != nil {
		return nil, false, apiErr
	}
	if apiErr := c.e.quota.take(c.e.now()); apiErr != nil {
		return nil, false, apiErr
	}
	if apiErr := checkHTTP(r); apiErr != nil {
		return nil, false, apiErr
	}
	channel, externalID, apiErr := parseQuery(r.URL.RawQuery)
	if apiErr != nil {
		return nil, false, apiErr
	}
	events, apiErr = c.receive(body)
	if apiErr != nil {
		return nil, false, apiErr
	}
	fault := c.draw.request(events)
	switch {
	case fault == nil:
	case fault.Cut == CutBefore:
		c.cut()
	case fault.Cut == CutAfter:
		cutAfter = true
	default:
		return nil, false, fault.answer()
	}
	return events, cutAfter, c.checkChannel(channel, externalID)
}

// readBody reads up to the limit. Of a body over it the rest is read too, within reason, since a client that still
// writes would see a reset and not the answer.
func readBody(r *http.Request) ([]byte, *apiError) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return body, refusal("RequestTimeoutException", "the body ended early")
	}
	if len(body) > maxBody {
		_, _ = io.CopyN(io.Discard, r.Body, 16<<20)
		return body, &apiError{
			status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLargeException", message: "Request size is not less than 1 MB", violation: true,
		}
	}
	return body, nil
}

// wait plays the latency; false where the client has gone meanwhile.
func (c *call) wait(r *http.Request) bool {
	if c.draw.faults.Latency == 0 {
		return true
	}
	timer := time.NewTimer(time.Duration(c.draw.faults.Latency))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// receive reads the events and holds each to the schema.
func (c *call) receive(body []byte) ([]received, *apiError) {
	parsed, apiErr := parseBody(body)
	c.request.Events = len(parsed)
	if apiErr != nil {
		return nil, apiErr
	}
	events := make([]received, len(parsed))
	for i := range parsed {
		e := &events[i]
		e.id, e.data = parsed[i].id, parsed[i].data
		e.summary, e.code, e.message = inspect([]byte(e.data), account(c.e.channelARN))
		if code, message := parsed[i].checkChecksum(); code != "" {
			e.code, e.message = code, message
		}
	}
	return events, nil
}

// checkChannel holds the call to the channel and its policy.
func (c *call) checkChannel(channel, externalID string) *apiError {
	if channel != c.e.channelARN && channel != c.e.channelARN[strings.IndexByte(c.e.channelARN, '/')+1:] {
		return refusal("ChannelNotFound", "The channel could not be found.")
	}
	// A policy whose condition on cloudtrail:ExternalId is not met does not allow the call. That this shows as
	// AccessDeniedException is inferred from how IAM answers elsewhere.
	if c.e.externalID != "" && externalID != c.e.externalID {
		return refusal("AccessDeniedException", "User is not authorized to perform: cloudtrail-data:PutAuditEvents on resource: %s "+
			"because no resource-based policy allows the cloudtrail-data:PutAuditEvents action", c.e.channelARN)
	}
	return nil
}

// settle decides each event, stores the good ones and answers.
func (c *call) settle(w http.ResponseWriter, events []received, cutAfter bool) {
	result := answer{Failed: []failedEntry{}, Successful: []successfulEntry{}}
	records := make([]*record, len(events))
	var stored []Event
	for i := range events {
		e := &events[i]
		if fault := c.draw.event(e); fault != nil && e.code == "" {
			e.code, e.message = fault.Code, cmp.Or(fault.Message, toldTo(fault.Code))
		}
		rec := &record{summary: e.summary, time: c.request.Time, requestID: c.request.RequestID, id: e.id, data: e.data, code: e.code, message: e.message}
		switch e.code {
		case "":
			rec.eventID = newUUID()
			result.Successful = append(result.Successful, successfulEntry{rec.eventID, e.id})
			stored = append(stored, Event{Time: rec.time, RequestID: rec.requestID, EventID: rec.eventID, ID: e.id, EventData: []byte(e.data)})
		case CodeNotListed:
		default:
			result.Failed = append(result.Failed, failedEntry{e.code, e.message, e.id})
		}
		records[i] = rec
	}
	c.request.Ingested = len(stored)
	if err := c.e.keep(stored, records); err != nil {
		c.e.log.Error("Could not write to the store; the request is refused", zap.Error(err))
		c.request.Ingested = 0
		c.fail(w, refusal(codeInternal, "the emulator's store could not be written"))
		return
	}
	if cutAfter {
		c.cut()
	}
	c.finish(http.StatusOK, codeOK, "")
	head(w, c.request.RequestID, c.e.now())
	writeJSON(w, http.StatusOK, result)
}

// keep stores and counts events. Where the store fails, nothing is kept and the events are not ingested.
func (e *Emulator) keep(stored []Event, records []*record) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := writeStore(e.store, stored); err != nil {
		return err
	}
	for _, r := range records {
		e.seq++
		r.seq = e.seq
		e.counts.event(r)
		e.records.push(r, r.size())
	}
	return nil
}

// fail answers a request that failed as a whole.
func (c *call) fail(w http.ResponseWriter, err *apiError) {
	violation := ""
	if err.violation {
		violation = err.message
	}
	c.finish(err.status, err.code, violation)
	head(w, c.request.RequestID, c.e.now())
	writeError(w, err)
}

// cut ends the connection without an answer and does not return.
func (c *call) cut() {
	c.finish(0, CodeCut, "")
	panic(http.ErrAbortHandler)
}

// finish records the request. It comes before the answer, so that whoever has the answer finds the record.
func (c *call) finish(status int, code, violation string) {
	c.request.Status, c.request.Code, c.request.Violation = status, code, violation
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	c.e.version++
	c.e.counts.Requests[code]++
	if violation != "" {
		c.e.counts.Violations++
		c.e.violation = violation
	}
	c.e.requests.push(c.request, len(c.request.Query)+len(c.request.UserAgent)+len(c.request.Violation)+256)
}
