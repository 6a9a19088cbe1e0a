// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// wanted returns what an expectation says, by field.
func wanted(who string, e map[string]any) map[string][]string {
	want := map[string][]string{}
	add := func(field string, paths ...string) {
		for _, path := range paths {
			want[field] = append(want[field], textsAt(e, path)...)
		}
	}
	switch who {
	case "ecs":
		add("UID", "event.id")
		add("userAgent", "user_agent.original")
		add("eventTime", "@timestamp")
		add("sourceIPAddress", "source.ip", "client.ip")
		add("principalId", "user.id", "user.name", "user.email",
			"client.user.id", "client.user.name", "client.user.email", "source.user.id", "source.user.name", "source.user.email")
		add("eventName", "event.action")
		for _, outcome := range textsAt(e, "event.outcome") {
			switch outcome {
			case "success", "failure":
				want["error"] = []string{yesNo(outcome == "failure")}
			}
		}
	case "panther":
		add("userAgent", "user_agent", "userAgent")
		add("sourceIPAddress", "source_ip", "sourceIPs")
		add("principalId", "actor_user", "username")
		want["principalId"] = slices.DeleteFunc(want["principalId"], standIn.MatchString)
		add("eventName", "verb")
		for _, kind := range textsAt(e, "event_type") {
			switch kind {
			case "successful_login", "failed_login":
				want["error"] = []string{yesNo(kind == "failed_login")}
			}
		}
		for _, code := range textsAt(e, "responseStatus.code") {
			// Of HTTP, or of gRPC, whose codes end at 16 and of which 0 is no error.
			want["error"] = []string{yesNo(code != "0" && (len(code) <= 2 || code[0] == '4' || code[0] == '5'))}
		}
		for _, key := range []string{"namespace", "resource", "subresource", "name", "apiGroup"} {
			for _, value := range textsAt(e, key) {
				want["target"] = append(want["target"], key+"="+value)
			}
		}
	}
	want["sourceIPAddress"] = slices.DeleteFunc(want["sourceIPAddress"], func(s string) bool {
		_, ok := readAddress(s)
		return !ok // "gce-internal-ip", which is no address
	})
	maps.DeleteFunc(want, func(_ string, texts []string) bool { return len(texts) == 0 })
	return want
}

// standIn is what an expectation says where it knows no actor: UnknownAssumedRole, <UNKNOWN ACTOR USER>.
var standIn = regexp.MustCompile(`^<?(Unknown|UNKNOWN)\b|^Unknown[A-Z]`)

// textsAt returns the texts at a path, and of the items of a list there. What may be left out of an event says nothing.
func textsAt(e any, path string) (texts []string) {
	for step := range strings.SplitSeq(path, ".") {
		m, _ := e.(map[string]any)
		e = m[step]
	}
	list, ok := e.([]any)
	if !ok {
		list = []any{e}
	}
	for _, item := range list {
		text := ""
		switch item := item.(type) {
		case string:
			text = item
		case json.Number:
			text = item.String()
		}
		switch text {
		case "", "-", "null", "None", "N/A":
		default:
			texts = append(texts, text)
		}
	}
	return texts
}
