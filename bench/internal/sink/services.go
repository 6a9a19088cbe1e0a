// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package sink

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Marks in the body of a PutAuditEvents request: an event's id, and the time that the exporter repeats inside the event with
// its whole precision. The event stands in the body as a JSON string, hence the escapes.
var (
	markID   = []byte(`","id":"`)
	markTime = []byte(`exporter.time\":\"`)
)

// putAuditEvents lists each event as successful.
// https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
func putAuditEvents(dst []byte, _ *http.Request, body []byte, age func(time.Time)) (answer []byte, contentType string, events int) {
	dst = append(dst, `{"failed":[],"successful":[`...)
	for ; ; events++ {
		i := bytes.Index(body, markID)
		if i < 0 {
			break
		}
		if at, ok := timeIn(body[:i]); ok {
			age(at)
		}
		body = body[i+len(markID):]
		end := bytes.IndexByte(body, '"')
		if end < 0 {
			break
		}
		if events > 0 {
			dst = append(dst, ',')
		}
		dst = fmt.Appendf(dst, `{"eventID":"7f3c1a52-8f40-4f0c-9d0a-%012x","id":"%s"}`, events, body[:end])
		body = body[end:]
	}
	return append(dst, `]}`...), "application/json", events
}

// timeIn finds the time of an event. The mark stands near its end: additionalEventData comes last.
func timeIn(event []byte) (at time.Time, ok bool) {
	i := bytes.LastIndex(event, markTime)
	if i < 0 {
		return at, false
	}
	text, _, found := bytes.Cut(event[i+len(markTime):], []byte{'\\'})
	if !found {
		return at, false
	}
	at, err := time.Parse(time.RFC3339Nano, string(text))
	return at, err == nil
}

// exportLogs answers as a receiver of OTLP that took everything. It does not look into what it took.
// https://opentelemetry.io/docs/specs/otlp/#full-success
func exportLogs(dst []byte, r *http.Request, _ []byte, _ func(time.Time)) (answer []byte, contentType string, events int) {
	contentType = r.Header.Get("Content-Type")
	if contentType == "application/json" {
		dst = append(dst, `{"partialSuccess":{}}`...)
	}
	return dst, contentType, 0
}

// kinesis answers DescribeStream, which the exporter asks at start, and PutRecords.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
func kinesis(dst []byte, r *http.Request, body []byte, _ func(time.Time)) (answer []byte, contentType string, events int) {
	contentType = "application/x-amz-json-1.1"
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".DescribeStream") {
		return append(dst, `{"StreamDescription":{"StreamName":"audit","StreamStatus":"ACTIVE","Shards":[],"HasMoreShards":false}}`...), contentType, 0
	}
	dst = append(dst, `{"FailedRecordCount":0,"Records":[`...)
	for i := range bytes.Count(body, []byte(`"PartitionKey":"`)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"SequenceNumber":"49543463076548007577105092703039560359975228518395012686","ShardId":"shardId-000000000000"}`...)
	}
	return append(dst, `]}`...), contentType, 0
}
