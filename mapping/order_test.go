// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A value that a rule reads by its path is not left over. The objects of the preset have it all the same, whether the rule reads it
// into a field that is a string or into a member of an object: one query finds userIdentity.details.email in every event.
func TestRuleReadsWhatThePresetReads(t *testing.T) {
	for name, rule := range map[string]string{
		"into a string":  `[{fields: {userAgent: 'log.attributes["user.email"]'}}]`,
		"into a member":  `[{fields: {requestParameters.approver: 'log.attributes["user.email"]'}}]`,
		"into an object": `[{fields: {requestParameters: 'log.attributes["user.email"]'}}]`,
	} {
		t.Run(name, func(t *testing.T) {
			logs := with(map[string]any{"user.id": "u1", "user.email": "ann@example.com"})
			made := mapBy(t, rule, logs)
			event := decode(t, made)
			require.Equal(t, "ann@example.com", event.UserIdentity.Details["email"])
			require.NotContains(t, event.AdditionalEventData, "user.email")
			require.Equal(t, 2, strings.Count(string(made.Data), "ann@example.com"))
		})
	}
}

// The UID that receipts, rejected records and the ledger have is that of the event, also where the event's is shortened.
func TestUIDOfTheEvent(t *testing.T) {
	for name, uid := range map[string]string{"short": "r1", "long": strings.Repeat("u", 2000), "not UTF-8": "u\xff"} {
		t.Run(name, func(t *testing.T) {
			made := mapBy(t, "[]", with(map[string]any{"log.record.uid": uid}))
			require.Equal(t, decode(t, made).UID, string(made.UID))
		})
	}
}
