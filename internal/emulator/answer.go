// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	codeOK            = "OK" // stands for HTTP 200 in counts and requests
	codeValidation    = "ValidationException"
	codeSerialization = "SerializationException"
	codeInternal      = "InternalFailure"
)

// statuses are the HTTP statuses of the errors of a whole request: CloudTrail Data API Reference, PutAuditEvents and
// Common Errors.
//
// Codes stand without the ending Exception, which AWS's documents give to some and leave from others.
var statuses = map[string]int{
	"AccessDenied":               http.StatusForbidden,
	"ExpiredToken":               http.StatusForbidden,
	"InternalFailure":            http.StatusInternalServerError,
	"InvalidClientTokenId":       http.StatusForbidden,
	"InvalidSignature":           http.StatusForbidden,
	"MissingAuthenticationToken": http.StatusForbidden,
	"OptInRequired":              http.StatusForbidden,
	"RequestEntityTooLarge":      http.StatusRequestEntityTooLarge,
	"RequestTimeout":             http.StatusRequestTimeout,
	"ServiceUnavailable":         http.StatusServiceUnavailable,
	"TooManyRequests":            http.StatusTooManyRequests,
	"UnrecognizedClient":         http.StatusForbidden,
}

// statusOf returns the HTTP status of an error code: 400 is that of every other one.
func statusOf(code string) int {
	if status, ok := statuses[strings.TrimSuffix(code, "Exception")]; ok {
		return status
	}
	return http.StatusBadRequest
}

// apiError is the failure of a whole request.
type apiError struct {
	status     int
	code       string
	message    string
	retryAfter string
	violation  bool // the request broke the model: no correct client sends it
}

func violation(status int, code, format string, args ...any) *apiError {
	return &apiError{status: status, code: code, message: fmt.Sprintf(format, args...), violation: true}
}

func refusal(code, format string, args ...any) *apiError {
	return &apiError{status: statusOf(code), code: code, message: fmt.Sprintf(format, args...)}
}

// answer is the body of HTTP 200: CloudTrail Data API Reference, PutAuditEvents, Response Syntax.
type answer struct {
	Failed     []failedEntry     `json:"failed"`
	Successful []successfulEntry `json:"successful"`
}

type failedEntry struct {
	ErrorCode    string `json:"errorCode"`
	ErrorMessage string `json:"errorMessage"`
	ID           string `json:"id"`
}

type successfulEntry struct {
	EventID string `json:"eventID"`
	ID      string `json:"id"`
}

// head sets what every answer carries. Date is the emulator's own clock, by which the SDK corrects the time that it
// signs with.
func head(w http.ResponseWriter, requestID string, now time.Time) {
	h := w.Header()
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("X-Amzn-RequestId", requestID)
	h.Set("Content-Type", "application/json")
}

// writeError answers as the restJson1 protocol does: the code in a header and in the body.
func writeError(w http.ResponseWriter, err *apiError) {
	w.Header().Set("X-Amzn-ErrorType", err.code)
	if err.retryAfter != "" {
		w.Header().Set("Retry-After", err.retryAfter)
	}
	writeJSON(w, err.status, struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}{err.code, err.message})
}

// writeJSON sends a value that is known to marshal.
func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone has no use for the error
}

// marshal is json.Marshal without the escaping of <, > and &, so that what was sent is what is shown.
func marshal(value any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return buf.Bytes(), err
}
