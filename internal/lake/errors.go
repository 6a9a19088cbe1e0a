// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Error is the failure of a whole request. It wraps nothing, on purpose: errors of the SDK and of net/http carry the
// request's URL, whose query holds the channel's external ID, and AWS's messages may quote events.
type Error struct {
	// Code is the service's own, or one of the Code constants, or "HTTP" and the status where an answer had no code.
	Code string
	// Class says what to do.
	Class Class
	// Status is the HTTP status, 0 where there was no answer.
	Status int
	// RetryAfter is how long the answer asks to wait, at most five minutes; 0 = it does not say.
	RetryAfter time.Duration
	// RequestID is the x-amzn-RequestId of the answer, "" where there was none.
	RequestID string

	detail string        // what went wrong; free of event content and secrets
	skew   time.Duration // how far the host's clock is behind the service's; 0 = not far, or not known
}

// Error returns the code, what is known of the cause, and what to do about it, in one line. For credentials and
// permissions it quotes AWS's own message, which names the principal and the resource; it never holds event content,
// nor the request's URL or external ID.
func (e *Error) Error() string {
	var s strings.Builder
	s.WriteString("PutAuditEvents: ")
	s.WriteString(e.Code)
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
		fmt.Fprintf(&s, "; the clock of this host is %s %s that of the service: set it right", e.skew.Abs().Round(time.Second), direction)
	}
	if text := Advice(e.Code); text != "" {
		s.WriteString("; " + text)
	}
	return s.String()
}

// maxDetail bounds the text of others that an error carries, in bytes.
const maxDetail = 1024

// clean makes text of others safe for a log line: one line, valid UTF-8, and not long.
func clean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxDetail)], "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}
