// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Constraints of one request: CloudTrail Data API Reference, PutAuditEvents and AuditEvent.
const (
	maxEvents = 100
	// "Up to 1 MB": decimal, the escaped body counted and the limit itself excluded, which is the strictest of the
	// readings.
	maxBody = 1_000_000 - 1
)

var (
	idShape         = regexp.MustCompile(`^[-_A-Za-z0-9]{1,128}$`)
	externalIDShape = regexp.MustCompile(`^[\w+=,.@:/-]+$`)
	channelShape    = regexp.MustCompile(`^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:channel/[A-Za-z0-9._-]{1,128}$`)
	channelIDShape  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)
)

// isExternalID counts by itself, because regexp repeats no more than 1,000 times.
func isExternalID(s string) bool {
	return len(s) >= 2 && len(s) <= 1224 && externalIDShape.MatchString(s)
}

// auditEvent is one member of auditEvents.
type auditEvent struct {
	id, data string
	checksum *string // nil = not sent
}

// checkChecksum compares eventDataChecksum, where it is sent, with the base64 of the SHA-256 of eventData.
func (a *auditEvent) checkChecksum() (code, message string) {
	if a.checksum == nil {
		return "", ""
	}
	sum := sha256.Sum256([]byte(a.data))
	if want := base64.StdEncoding.EncodeToString(sum[:]); *a.checksum != want {
		return CodeInvalidChecksum, fmt.Sprintf("eventDataChecksum is %q; the SHA-256 of eventData is %s", clip(*a.checksum), want)
	}
	return "", ""
}

// checkHTTP holds what stands before the body to the restJson1 protocol (Smithy, "AWS restJson1 protocol") and its
// binding of PutAuditEvents.
func checkHTTP(r *http.Request) *apiError {
	if r.Method != http.MethodPost {
		return violation(http.StatusMethodNotAllowed, "UnknownOperationException", "PutAuditEvents is a POST, not a %s", clip(r.Method))
	}
	if r.ContentLength < 0 {
		return violation(http.StatusLengthRequired, "MissingContentLengthException", "the request has no Content-Length")
	}
	if types := r.Header.Values("Content-Type"); len(types) != 1 || !isJSON(types[0]) {
		return violation(http.StatusUnsupportedMediaType, "UnsupportedMediaTypeException",
			"Content-Type is %q, not application/json", clip(strings.Join(types, ", ")))
	}
	// The model of the service has no request compression.
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" {
		return violation(http.StatusUnsupportedMediaType, "UnsupportedMediaTypeException", "Content-Encoding is %q; the service takes none", clip(encoding))
	}
	return nil
}

func isJSON(contentType string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return err == nil && media == "application/json"
}

// parseQuery reads channelArn and externalId and nothing else: whether the service minds other parameters is not
// documented, so they are refused.
func parseQuery(raw string) (channel, externalID string, _ *apiError) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return "", "", violation(http.StatusBadRequest, codeSerialization, "the query string cannot be parsed: %s", clip(err.Error()))
	}
	for name, values := range query {
		if name != "channelArn" && name != "externalId" {
			return "", "", violation(http.StatusBadRequest, codeValidation, "the query has a parameter %q, which the operation does not", clip(name))
		}
		if len(values) != 1 {
			return "", "", violation(http.StatusBadRequest, codeValidation, "the query has %s %d times", name, len(values))
		}
	}
	channel, externalID = query.Get("channelArn"), query.Get("externalId")
	if query.Has("externalId") && !isExternalID(externalID) {
		return "", "", violation(http.StatusBadRequest, codeValidation,
			"1 validation error detected: Value '%s' at 'externalId' failed to satisfy constraint: "+
				"Member must be 2 to 1224 characters and satisfy regular expression pattern: [\\w+=,.@:\\/-]*", clip(externalID))
	}
	if channel == "" {
		return "", "", violation(http.StatusBadRequest, codeValidation,
			"1 validation error detected: Value null at 'channelArn' failed to satisfy constraint: Member must not be null")
	}
	// The pattern is ^arn:.*$; the prose of the reference also takes the suffix of the ARN.
	if !channelShape.MatchString(channel) && !channelIDShape.MatchString(channel) {
		return "", "", violation(http.StatusBadRequest, "InvalidChannelARN", "%q is not the ARN or the ID of a channel", clip(channel))
	}
	return channel, externalID, nil
}

// parseBody reads a request's events. Unknown members, null and names given twice are refused: most servers let them
// pass, and nobody promises which of two counts.
func parseBody(body []byte) ([]auditEvent, *apiError) {
	root, err := parse(body, 3)
	if err != nil {
		return nil, violation(http.StatusBadRequest, codeSerialization, "the body is not valid JSON: %s", clip(err.Error()))
	}
	members, apiErr := membersOf(&root, "the body", "auditEvents")
	if apiErr != nil {
		return nil, apiErr
	}
	list := members["auditEvents"]
	switch {
	case list == nil:
		return nil, violation(http.StatusBadRequest, codeValidation,
			"1 validation error detected: Value null at 'auditEvents' failed to satisfy constraint: Member must not be null")
	case list.kind != kindArray:
		return nil, violation(http.StatusBadRequest, codeSerialization, "auditEvents is %s, not an array", list.kind)
	case len(list.items) < 1 || len(list.items) > maxEvents:
		return nil, violation(http.StatusBadRequest, codeValidation, "1 validation error detected: Value at 'auditEvents' failed to satisfy constraint: "+
			"Member must have length between 1 and %d, has %d", maxEvents, len(list.items))
	}
	events := make([]auditEvent, 0, len(list.items))
	ids := make(map[string]struct{}, len(list.items))
	twice := ""
	for i := range list.items {
		event, apiErr := parseEvent(&list.items[i], i+1)
		if apiErr != nil {
			return nil, apiErr
		}
		if _, ok := ids[event.id]; ok {
			twice = event.id
		}
		ids[event.id] = struct{}{}
		events = append(events, event)
	}
	if twice != "" {
		return events, violation(http.StatusBadRequest, "DuplicatedAuditEventId", "two or more entries in the request have the same event ID: %s", twice)
	}
	return events, nil
}

// parseEvent reads entry n, counted from 1 as the service counts in its messages.
func parseEvent(n *node, index int) (auditEvent, *apiError) {
	where := fmt.Sprintf("auditEvents.%d.member", index)
	members, apiErr := membersOf(n, where, "eventData", "eventDataChecksum", "id")
	if apiErr != nil {
		return auditEvent{}, apiErr
	}
	for name, value := range members {
		if value.kind != kindString {
			return auditEvent{}, violation(http.StatusBadRequest, codeSerialization, "%s.%s is %s, not a string", where, name, value.kind)
		}
	}
	for _, name := range []string{"eventData", "id"} {
		if members[name] == nil {
			return auditEvent{}, violation(http.StatusBadRequest, codeValidation,
				"1 validation error detected: Value null at '%s.%s' failed to satisfy constraint: Member must not be null", where, name)
		}
	}
	event := auditEvent{id: members["id"].text, data: members["eventData"].text}
	if !idShape.MatchString(event.id) {
		return auditEvent{}, violation(http.StatusBadRequest, codeValidation,
			"1 validation error detected: Value '%s' at '%s.id' failed to satisfy constraint: "+
				"Member must be 1 to 128 characters and satisfy regular expression pattern: ^[-_A-Za-z0-9]+$", clip(event.id), where)
	}
	if sum := members["eventDataChecksum"]; sum != nil {
		event.checksum = &sum.text
	}
	return event, nil
}

// membersOf returns the members of an object by name, none but the known ones allowed.
func membersOf(n *node, where string, known ...string) (map[string]*node, *apiError) {
	if n.kind != kindObject {
		return nil, violation(http.StatusBadRequest, codeSerialization, "%s is %s, not an object", where, n.kind)
	}
	members := make(map[string]*node, len(known))
	for _, name := range known {
		if value, ok := n.get(name); ok {
			members[name] = value
		}
	}
	if len(members) == len(n.members) {
		return members, nil
	}
	for _, m := range n.members {
		if _, ok := members[m.name]; !ok {
			return nil, violation(http.StatusBadRequest, codeSerialization, "%s has a member %q, which the model does not", where, clip(m.name))
		}
	}
	return members, nil
}
