// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Error is the failure of a whole request. It wraps nothing, since errors of the SDK and of net/http carry the request's
// URL, whose query holds the channel's external ID, and AWS's messages may quote events.
type Error struct {
	// Code is the service's own, or one of the Code constants, or "HTTP" and the status if an answer had no code.
	Code string
	// Class tells the caller what to do.
	Class Class
	// Status is the HTTP status, 0 without an answer.
	Status int
	// RetryAfter is the wait that the answer asks for, at most five minutes; 0 = none.
	RetryAfter time.Duration
	// RequestID is the x-amzn-RequestId of the answer, "" without one.
	RequestID string

	host   string        // host and port that the request was for; "" = none was made, or not known
	origin string        // gives the endpoint, if it is neither the setting nor the SDK's default; else ""
	detail string        // the cause, free of event content and secrets
	skew   time.Duration // how far the host's clock is behind the Date of the answer; 0 = not far, or not known
}

// Error returns the host, the code, the known cause and what to do, in one line. For credentials and permissions it quotes
// AWS's own message, which names the principal and the resource. It never holds event content, the external ID, or more
// of the request's URL than its host.
func (e *Error) Error() string {
	var s strings.Builder
	s.WriteString("PutAuditEvents")
	if e.host != "" {
		s.WriteString(" at " + e.host)
	}
	s.WriteString(": " + e.Code)
	var answer []string
	if e.Status != 0 && e.Code != httpCode(e.Status) {
		answer = append(answer, "HTTP "+strconv.Itoa(e.Status))
	}
	if e.RequestID != "" {
		answer = append(answer, "request "+e.RequestID)
	}
	if len(answer) > 0 {
		s.WriteString(" (" + strings.Join(answer, ", ") + ")")
	}
	if e.detail != "" {
		s.WriteString(": " + e.detail)
	}
	if e.skew != 0 {
		direction := "behind"
		if e.skew < 0 {
			direction = "ahead of"
		}
		fmt.Fprintf(&s, "; by the Date of the answer, the clock of this host is %s %s that of the service: "+
			"set the clock, or, if it is right, look for a proxy that writes a wrong Date", e.skew.Abs().Round(time.Second), direction)
	}
	if text := adviceFrom(e.Code, e.origin); text != "" {
		s.WriteString("; " + text)
	}
	return s.String()
}

// maxDetail bounds foreign text in an error, in bytes.
const maxDetail = 1024

// clean makes foreign text safe for a log: one line, valid UTF-8, and not long.
func clean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxDetail)], "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}
