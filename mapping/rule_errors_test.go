// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRuleErrors finds mistakes that would mislead whoever reads events and metrics, or that no event could be right with.
func TestRuleErrors(t *testing.T) {
	const condition = `log.event_name == "a"`
	long := map[string]any{
		"errorMessage": strings.Repeat("ä", 257), "eventName": strings.Repeat("n", 1025), "version": strings.Repeat("1", 257),
		"userIdentity.type": strings.Repeat("t", 129), "userIdentity.principalId": strings.Repeat("p", 1025), "errorCode": strings.Repeat("e", 256),
	}
	for _, tt := range []struct {
		name  string
		rules []Rule
		want  []string // nil = none
	}{
		{"names of their own", []Rule{{Name: "a", Condition: condition}, {Name: "b", Condition: condition}, {}}, nil},
		{
			"one name",
			[]Rule{{Name: "a", Condition: condition}, {Name: "b", Condition: condition}, {Name: "a"}},
			[]string{"mappings[2] (a): mappings[0] (a) has this name too: give each rule a name of its own, since events and metrics tell rules apart by it"},
		},
		{
			"the name of a rule without",
			[]Rule{{Name: "1", Condition: condition}, {}},
			[]string{"mappings[1]: mappings[0] (1) has this name too: give each rule"},
		},
		{"constants that are too long", []Rule{{Static: long}}, []string{
			"mappings[0].static.errorMessage: this has 257 characters, and the service takes 256: shorten it",
			"mappings[0].static.eventName: this has 1025 characters, and the service takes 1024: shorten it",
			"mappings[0].static.userIdentity.principalId: this has 1025", "mappings[0].static.userIdentity.type: this has 129",
			"mappings[0].static.version: this has 257",
		}},
		{
			"constants that YAML has changed",
			[]Rule{{Name: "a", Static: map[string]any{
				"eventName": 34, "userAgent": 1.1, "version": true, "eventTime": time.Time{},
				"requestParameters":         map[string]any{"tenant": 34, "quoted": "00042", "flag": true},
				"requestParameters.tenant":  34,
				"requestParameters.version": 1.1,
				"responseElements.at":       time.Time{},
				"responseElements.list":     []any{"x", map[string]any{"deep": []any{uint64(1)}}, int64(7), nil},
			}}},
			[]string{
				`mappings[0] (a).static.eventName: this is not text: write it in quotes, as in "00042"`, "static.eventTime: this is not text",
				"static.requestParameters.tenant: this is not text", // of the object
				"static.requestParameters.tenant: this is not text", "static.requestParameters.version: this is not text",
				"static.responseElements.at: this is not text", "static.responseElements.list[1].deep[0]: this is not text",
				`static.responseElements.list[2]: this is not text: write it in quotes, as in "00042"; without quotes YAML reads 00042 as the ` +
					`number 34; to store a number, write an expression in quotes under fields, as in requestParameters.retries: "3"`,
				"static.responseElements.list[3]: there is nothing here",
				"static.userAgent: this is not text", "static.version: this is not text",
			},
		},
		{
			"constants and paths as others write them",
			[]Rule{{Name: "a", Fields: map[string]any{"eventName": "$.did", "userAgent": `ParseJson(log.body)`, "userIdentity.type": "User"}}},
			[]string{
				`mappings[0] (a).fields.eventName: "$.did" is no OTTL expression: `, `undefined function "ParseJson"`,
				`; a constant belongs under static, and what the record has is read as in log.cache["a"]["b"]`,
			},
		},
		{
			"keys that no rule has",
			[]Rule{{Name: "a", Unknown: map[string]any{"nane": 1, "field": 2}}},
			[]string{"mappings[0] (a): this has invalid keys: field, nane: a rule has name, condition, preset, static and fields"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := ValidateRules(tt.rules, Redact{})
			if tt.want == nil {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			lines := strings.Split(err.Error(), "\n")
			require.Len(t, lines, len(tt.want))
			for i, line := range lines {
				require.Contains(t, line, tt.want[i])
			}
		})
	}
}
