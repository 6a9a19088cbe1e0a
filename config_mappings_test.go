// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

func TestConfigMappings(t *testing.T) {
	text, err := os.ReadFile("testdata/config_mappings.yaml")
	require.NoError(t, err)

	cfg, err := read(t, string(text), "aws_cloudtrail_lake/rules")
	require.NoError(t, err)
	assert.Equal(t, []mapping.Rule{
		{
			Name:      "billing",
			Condition: `resource.attributes["service.name"] == "billing"`,
			Preset:    "none",
			Static:    map[string]any{"userIdentity.type": "User", "eventSource": "billing.example.com", "requestParameters.retries": "3"},
			Fields: map[string]any{
				"userIdentity.principalId":  []any{`log.attributes["user.id"]`, `log.attributes["enduser.id"]`},
				"userIdentity.details.team": `log.attributes["team"]`,
				"eventName":                 `log.attributes["app.action"]`,
				"requestParameters":         `log.attributes["app.params"]`,
				"responseElements":          "nil",
				"errorCode":                 []any{map[string]any{"value": `log.attributes["app.error"]`, "condition": `log.attributes["app.ok"] == false`}},
			},
		},
		{Preset: "semconv"},
	}, cfg.Mappings)
	assert.Equal(t, mapping.Redact{Enabled: true, Keys: []string{"x_internal_key"}}, cfg.Redact)

	cfg, err = read(t, string(text), "aws_cloudtrail_lake/no_redaction")
	require.NoError(t, err)
	assert.Equal(t, mapping.Redact{}, cfg.Redact)
	assert.Empty(t, cfg.Mappings)
}

// Each error about a mistake in rules or redaction names the key with rule and field, and says what to write.
func TestConfigMappingsErrors(t *testing.T) {
	for _, tt := range []struct{ name, rules, want string }{
		{"unknown key", `[{nane: a}]`, "has invalid keys: nane"},
		{"unknown preset", `[{preset: kubernets}]`, `mappings[0].preset: there is no preset "kubernets": write one of auto, none, `},
		{"unknown field", `[{name: a, fields: {eventname: log.event_name}}]`, "mappings[0] (a).fields.eventname: there is no such field: write one of version, userIdentity.type, userIdentity.principalId"},
		{"unknown constant", `[{static: {event_source: x}}]`, "mappings[0].static.event_source: there is no such field: write one of"},
		{"a member of a string", `[{static: {eventName.x: y}}]`, "mappings[0].static.eventName.x: there is no such field"},
		{"a member without a key", `[{static: {requestParameters.: y}}]`, "mappings[0].static.requestParameters.: the member's key is missing: write one as in requestParameters.team"},
		{"a key of ours", `[{static: {additionalEventData.exporter.id: y}}]`, `additionalEventData.exporter.id: keys that begin with "exporter." are the exporter's own: write another`},
		{"the recipient", `[{static: {recipientAccountId: "444455556666"}}]`, "static.recipientAccountId: this is always the account that owns the channel, since the service refuses any other: remove it"},
		{"the recipient from a record", `[{fields: {recipientAccountId: 'log.attributes["x"]'}}]`, "fields.recipientAccountId: this is always the account that owns the channel"},
		{"in both", `[{static: {eventName: a}, fields: {eventName: log.event_name}}]`, "mappings[0].fields.eventName: this field is in static too: remove it from one of them"},
		{"a number for text", `[{static: {version: 1.0}}]`, "mappings[0].static.version: this is not text: write it in quotes"},
		{"an empty constant", `[{static: {eventName: ""}}]`, "static.eventName: this is empty: write a text, or remove it"},
		{"nothing for a constant", `[{static: {requestParameters.a: }}]`, "static.requestParameters.a: there is nothing here: write a text, or remove it"},
		{"a constant that is no time", `[{static: {eventTime: noon}}]`, `static.eventTime: "noon" is no time: write one as in 2026-03-04T05:06:07Z`},
		{"a constant that is no address", `[{static: {sourceIPAddress: localhost}}]`, `static.sourceIPAddress: "localhost" is no IP address: write one, or remove this`},

		{"OTTL's syntax", `[{fields: {eventName: 'log.attributes["a"'}}]`, `mappings[0].fields.eventName: "log.attributes[\"a\"" is no OTTL expression: expression has invalid syntax at 1:1`},
		{"OTTL's syntax in a list", `[{fields: {eventName: [log.event_name, 'Concat(']}}]`, `mappings[0].fields.eventName[1]: "Concat(" is no OTTL expression: expression has invalid syntax at 1:`},
		{"an unknown path", `[{fields: {eventName: log.name}}]`, `mappings[0].fields.eventName: "log.name" is no OTTL expression: segment "name"`},
		{"an unknown function", `[{fields: {eventName: Lower(log.event_name)}}]`, `undefined function "Lower"`},
		{"an editor", `[{fields: {eventName: 'set(log.attributes["a"], 1)'}}]`, "mappings[0].fields.eventName: \"set(log.attributes[\\\"a\\\"], 1)\" is no OTTL expression: converter names must start with an uppercase letter"},
		{"a condition's syntax", `[{name: a, condition: 'log.attributes["a"] ='}]`, `mappings[0] (a).condition: "log.attributes[\"a\"] =" is no OTTL condition: condition has invalid syntax at 1:`},
		{"a condition of a value", `[{fields: {eventName: [{value: log.event_name, condition: a b}]}}]`, `mappings[0].fields.eventName[0].condition: "a b" is no OTTL condition`},
		{"the request's context", `[{fields: {userIdentity.principalId: 'otelcol.client.auth.attributes["sub"]'}}]`, "mappings[0].fields.userIdentity.principalId: \"otelcol.client.auth.attributes[\\\"sub\\\"]\" is no OTTL expression: otelcol.* is what the sender's request said, and is not known any more once records are queued and batched: write it to an attribute before"},
		{"the request's context in a condition", `[{condition: 'Len(otelcol.client.metadata["x"]) > 0'}]`, "mappings[0].condition: \"Len(otelcol.client.metadata[\\\"x\\\"]) > 0\" is no OTTL condition: otelcol.*"},
		{"the time of mapping", `[{fields: {eventTime: Now()}}]`, "Now gives another value at each attempt, and an event has to be the same at each"},
		{"a random id", `[{fields: {UID: UUID()}}]`, "UUID gives another value at each attempt"},
		{"a schema", `[{fields: {eventName: resource.schema_url}}]`, "schema_url is not offered"},

		{"an empty list", `[{fields: {eventName: []}}]`, "mappings[0].fields.eventName: the list is empty: write an OTTL expression"},
		{"nothing", `[{fields: {eventName: }}]`, "mappings[0].fields.eventName: there is nothing here: write an OTTL expression, or nil to remove the field"},
		{"a number", `[{fields: {eventName: 7}}]`, `mappings[0].fields.eventName: this is not text: write an OTTL expression in quotes, as in "3" for a number; a text that is the same in every event belongs under static`},
		{"a value that is none", `[{fields: {eventName: [{condition: 'true'}]}}]`, "mappings[0].fields.eventName[0]: value is missing, or is not text"},
		{"an unknown key of a value", `[{fields: {eventName: [{value: log.event_name, when: 'true'}]}}]`, `mappings[0].fields.eventName[0]: "when" means nothing here: write value and condition`},
		{"nil for what is required", `[{fields: {eventName: nil}}]`, "mappings[0].fields.eventName: nil would remove a field that the service requires"},
		{"nil in the end for what is required", `[{fields: {userIdentity.type: [log.event_name, nil]}}]`, "mappings[0].fields.userIdentity.type[1]: nil would remove a field that the service requires"},

		{"a rule after one that takes everything", `[{name: a}, {condition: 'log.event_name == "x"'}]`, "mappings[1]: no record gets here, since mappings[0] (a) takes every one: give that a condition, or write it last"},
		{"a rule after one whose condition is true", `[{condition: "true"}, {name: b}]`, "mappings[1] (b): no record gets here, since mappings[0] takes every one"},
		{"no preset, no principal", `[{preset: none, static: {userIdentity.type: User, eventSource: s}, fields: {eventName: log.event_name}}]`, "mappings[0].preset: none gives no userIdentity.principalId, which the service requires: write it under static or fields, or name a preset"},
		{"no preset, no source", `[{preset: none, static: {userIdentity.type: User, userIdentity.principalId: p, eventName: n}}]`, "none gives no eventSource, which"},
		{"no preset, no name", `[{preset: none, static: {userIdentity.type: User, userIdentity.principalId: p, eventSource: n}}]`, "none gives no eventName, which"},
		{"no preset, no type", `[{preset: none, static: {eventName: User, userIdentity.principalId: p, eventSource: n}}]`, "none gives no userIdentity.type, which"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(t, "aws_cloudtrail_lake:\n  channel_arn: "+testARN+"\n  mappings: "+tt.rules, "aws_cloudtrail_lake")
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.want)
		})
	}
	for key, fine := range map[string]bool{"x_api_key": true, "pin": true, "pin2": true, "a": false, `""`: false, "'42'": false, "''": false} {
		_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', redact: {keys: [ok, "+key+"]}}", "aws_cloudtrail_lake")
		if fine {
			assert.NoError(t, err, key)
		} else {
			assert.ErrorContains(t, err, "redact.keys[1]: "+`"`+strings.Trim(key, `'"`)+`" is no key that can be looked for`, key)
		}
	}
}

// One start reports the mistakes of all rules.
func TestConfigMappingsErrorsTogether(t *testing.T) {
	_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', on_invalid: x, mappings: [{preset: x, static: {y: z}}, {fields: {eventName: nil}}]}",
		"aws_cloudtrail_lake")
	for _, key := range []string{"on_invalid: ", "mappings[0].preset: ", "mappings[0].static.y: ", "mappings[1]: ", "mappings[1].fields.eventName: "} {
		assert.ErrorContains(t, err, key)
	}
}
