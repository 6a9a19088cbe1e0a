// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"errors"
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
)

// answered returns the error of an answer other than HTTP 200, from what the SDK's own deserialiser made of it.
func answered(head *answerHead, err error) *Error {
	e := &Error{Status: head.status, RetryAfter: head.retryAfter, RequestID: head.requestID}
	var message string
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		e.Code, message = cleanCode(api.ErrorCode()), api.ErrorMessage()
	} else {
		e.Code = head.code // the SDK could not read the body, and gives up on the header as well
	}
	if e.Code == "" || e.Code == codeUnknown {
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
	skew       time.Duration // how far the host's clock is behind the Date header, which may be a proxy's
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
