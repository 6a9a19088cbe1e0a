// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"regexp"
	"strings"
)

// keycloakLogger is the logger of events, and how the names of those below it begin.
const keycloakLogger = "org.keycloak.events"

var (
	// keycloakHeader is what Keycloak's log writes before a message: time, level, logger, thread. The message's first
	// key is that of an event or of an administrator's event.
	keycloakHeader = regexp.MustCompile(`^(\d{4}-\d\d-\d\d[ T]\S+)\s+([A-Z]+)\s+\[(` + regexp.QuoteMeta(keycloakLogger) + `)[^\]]*\]\s+(?:\((.*?)\)\s+)?((?:operationT|t)ype=)`)
	keycloakStart  = regexp.MustCompile(`^(?:operationT|t)ype=`)
	keycloakKey    = regexp.MustCompile(`^[A-Za-z_][\w.-]*=`)
	// keycloakNext is where the next of the pairs begins.
	keycloakNext = regexp.MustCompile(`, [A-Za-z_][\w.-]*=`)
)

// parseKeycloak reads the events that Keycloak's listener jboss-logging writes: pairs as key="value", or key=value in
// versions before 22 and where it is told to use no quotes
// (https://www.keycloak.org/docs/latest/server_admin/#_logging). Without quotes, what a value holds can look like the
// next pair.
func parseKeycloak(text string) []part {
	if m := keycloakHeader.FindStringSubmatchIndex(text); m != nil {
		parts := []part{
			{"timestamp", text[m[2]:m[3]]},
			{"level", text[m[4]:m[5]]},
			{"loggerName", text[m[6]:m[7]]},
			{"message", text[m[10]:]},
		}
		if m[8] >= 0 {
			parts = append(parts, part{"threadName", text[m[8]:m[9]]})
		}
		return parts
	}
	if !keycloakStart.MatchString(text) {
		return nil
	}
	var parts []part
	for text != "" {
		key := keycloakKey.FindString(text)
		if key == "" {
			// No pair: kept as it is, so that nothing is lost.
			return append(parts, part{"message", text})
		}
		value, rest := keycloakValue(text[len(key):])
		parts = append(parts, part{strings.TrimSuffix(key, "="), value})
		text = rest
	}
	return parts
}

// keycloakValue reads a value, and what comes after it and the comma behind.
func keycloakValue(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		if next := keycloakNext.FindStringIndex(text); next != nil {
			return text[:next[0]], text[next[0]+len(", "):]
		}
		return text, ""
	}
	for i := 1; i < len(text); i++ {
		if text[i] != '"' || text[i-1] == '\\' {
			continue
		}
		if after := text[i+1:]; after == "" || strings.HasPrefix(after, ", ") && keycloakKey.MatchString(after[len(", "):]) {
			return strings.ReplaceAll(text[1:i], `\"`, `"`), strings.TrimPrefix(after, ", ")
		}
	}
	return text, ""
}
