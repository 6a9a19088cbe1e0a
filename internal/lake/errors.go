// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/smithy-go"
)

const (
	// maxRetryAfter bounds how long an answer can tell us to wait.
	maxRetryAfter = 5 * time.Minute
	// tolerableSkew is how far the host's clock may be off before an error mentions it. SigV4 allows five minutes;
	// the SDK suspects the clock from four (aws/retry, skewThreshold).
	tolerableSkew = 4 * time.Minute
	// maxDetail bounds the text of others that an error carries, in bytes.
	maxDetail = 1024
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

// answered returns the error of an answer other than HTTP 200, from what the SDK's own deserialiser made of it.
func answered(head *answerHead, err error) *Error {
	e := &Error{Status: head.status, RetryAfter: head.retryAfter, RequestID: head.requestID}
	var message string
	var api smithy.APIError
	if errors.As(err, &api) {
		e.Code, message = cleanCode(api.ErrorCode()), api.ErrorMessage()
	} else {
		e.Code = head.code // the SDK could not read the body, and gives up on the header as well
	}
	// "UnknownError" is the SDK's own word for an answer without a code, such as a proxy's page.
	if e.Code == "" || e.Code == "UnknownError" {
		e.Code, message = httpCode(head.status), ""
	}
	e.Class = classOf(head.status, e.Code)
	if isAboutAccess(e.Code) {
		e.detail = withoutRequest(message)
	}
	if e.Class == Operator && head.skew.Abs() >= tolerableSkew {
		e.skew = head.skew
	}
	return e
}

// answerHead is what is kept of an answer's status line and headers.
type answerHead struct {
	status     int
	requestID  string
	code       string // of the header that names the error, "" where there is none
	retryAfter time.Duration
	skew       time.Duration // how far the host's clock is behind the service's
}

// readHead reads the head of an answer to a request that was sent and answered at these times.
func readHead(status int, header http.Header, sent, received time.Time) answerHead {
	head := answerHead{status: status, requestID: clean(header.Get("X-Amzn-Requestid")), code: cleanCode(header.Get("X-Amzn-Errortype"))}
	date, err := http.ParseTime(header.Get("Date"))
	if err == nil && header.Get("Age") == "" { // an answer out of a cache tells a time gone by
		head.skew = date.Sub(sent.Add(received.Sub(sent) / 2))
	} else {
		date = received
	}
	head.retryAfter = retryAfter(header.Get("Retry-After"), date)
	// AWS's own header counts in milliseconds: aws/retry in the SDK, adjustForRetryAfterHeader.
	if ms, err := strconv.ParseUint(header.Get("X-Amz-Retry-After"), 10, 32); err == nil {
		head.retryAfter = min(time.Duration(ms)*time.Millisecond, maxRetryAfter)
	}
	return head
}

// retryAfter reads a Retry-After header, a number of seconds or a date (RFC 9110, 10.2.3), at the service's time.
func retryAfter(value string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(value); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// withoutRequest cuts off what services may add to their message about a signature: the request as they read it, with its
// query and the session token.
func withoutRequest(message string) string {
	message, _, _ = strings.Cut(message, "The Canonical String for this request")
	return message
}

// clean makes text of others safe for a log line: one line, valid UTF-8, and not long.
func clean(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxDetail)], "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
}
