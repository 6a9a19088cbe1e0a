// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.yaml.in/yaml/v3"
)

// rulesOf reads rules as a user writes them.
func rulesOf(tb testing.TB, text string) []Rule {
	var raw []struct {
		Name, Condition, Preset string
		Static, Fields          map[string]any
	}
	require.NoError(tb, yaml.Unmarshal([]byte(text), &raw))
	rules := make([]Rule, len(raw))
	for i, r := range raw {
		rules[i] = Rule{Name: r.Name, Condition: r.Condition, Preset: r.Preset, Static: r.Static, Fields: r.Fields}
	}
	return rules
}

// mapBy maps the only record of logs by these rules.
func mapBy(tb testing.TB, rules string, logs plog.Logs) *Event {
	m, err := New(Config{
		RecipientAccountID: "111122223333", OnInvalid: Repair, Version: "1.2.3",
		Rules: rulesOf(tb, rules), Redact: Redact{Enabled: true},
	})
	require.NoError(tb, err)
	return mapFirst(batchFor(m, logs), recordOf(logs))
}

// appRecord is what an application of one's own may write.
func appRecord() plog.Logs {
	logs := with(map[string]any{
		"app.action": "invoice.approve", "app.user": "u-7", "app.ip": "203.0.113.17:443", "app.ok": false, "app.error": "Limit exceeded",
		"app.time": "2026-03-04T05:06:07.5Z", "app.params": map[string]any{"amount": 12.5, "ids": []any{"a", "b"}}, "team": "finance",
	})
	rl := logs.ResourceLogs().At(0)
	rl.Resource().Attributes().PutStr("deployment.environment.name", "prod")
	return logs
}

// TestRules says for each rule which parts of the event it makes of appRecord.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		name, rule string
		want       map[string]any // by field, or a member of an object
		absent     []string
		repairs    []string
		errors     []string // fields
	}{
		{
			name: "a string from an attribute", rule: `{fields: {eventName: 'log.attributes["app.action"]'}}`,
			want:   map[string]any{"eventName": "invoice.approve", "additionalEventData/exporter.rule": "0", "additionalEventData/event.name": "n"},
			absent: []string{"additionalEventData/app.action"},
		},
		{
			name: "a name", rule: `{name: billing, condition: 'resource.attributes["deployment.environment.name"] == "prod"'}`,
			want: map[string]any{"eventName": "n", "additionalEventData/exporter.rule": "billing"},
		},
		{
			name: "no rule takes it", rule: `{condition: 'log.attributes["x"] != nil', fields: {eventName: log.event_name}}`,
			want: map[string]any{"eventName": "n"}, absent: []string{"additionalEventData/exporter.rule"},
		},
		{
			name: "a condition that fails", rule: `{condition: 'log.attributes["team"]["x"] == 1', fields: {eventName: log.event_name}}`,
			want: map[string]any{"eventName": "n"}, absent: []string{"additionalEventData/exporter.rule"}, errors: []string{"condition"},
		},
		{
			name: "no value", rule: `{fields: {eventName: 'log.attributes["missing"]', userAgent: '""'}}`,
			want: map[string]any{"eventName": "n"}, absent: []string{"userAgent"},
		},
		{
			name: "the first that gives a value", rule: `{fields: {eventName: ['log.attributes["missing"]', '"-"', 'log.attributes["team"]', 'log.attributes["app.action"]']}}`,
			want:   map[string]any{"eventName": "finance", "additionalEventData/app.action": "invoice.approve"},
			absent: []string{"additionalEventData/team"},
		},
		{
			name: "conditional", rule: `{fields: {errorCode: [{value: '"Never"', condition: 'log.attributes["app.ok"] == true'}, {value: 'log.attributes["app.error"]', condition: 'log.attributes["app.ok"] == false'}]}}`,
			want: map[string]any{"errorCode": "Limit exceeded"}, absent: []string{"additionalEventData/app.error"},
		},
		{
			name: "computed values leave what they read", rule: `{fields: {eventName: 'Concat([log.attributes["team"], log.attributes["app.action"]], ":")'}}`,
			want: map[string]any{"eventName": "finance:invoice.approve", "additionalEventData/team": "finance", "additionalEventData/app.action": "invoice.approve"},
		},
		{
			name: "what is missing has a text in OTTL", rule: `{fields: {eventName: 'Concat([log.attributes["team"], log.attributes["missing"]], ":")', userAgent: [{value: 'Concat([log.attributes["missing"]], "")', condition: 'log.attributes["missing"] != nil'}]}}`,
			want: map[string]any{"eventName": "finance:<nil>"}, absent: []string{"userAgent"},
		},
		{
			name: "a failure leaves the field to the preset", rule: `{fields: {eventName: 'ParseJSON(log.attributes["team"])', userAgent: ['Substring(log.attributes["team"], 5, 100)', 'log.attributes["team"]']}}`,
			want: map[string]any{"eventName": "n", "userAgent": "finance"}, errors: []string{"eventName", "userAgent"},
		},
		{
			name: "a path below a single value", rule: `{fields: {eventName: 'log.attributes["team"]["x"]'}}`,
			want: map[string]any{"eventName": "n"}, errors: []string{"eventName"},
		},
		{
			name: "no single value", rule: `{fields: {eventName: 'log.attributes["app.params"]'}}`,
			want: map[string]any{"eventName": "n"}, errors: []string{"eventName"},
		},
		{
			name: "single values of other types", rule: `{fields: {eventName: 'log.attributes["app.params"]["amount"]', userAgent: 'log.attributes["app.ok"]', errorCode: '7'}}`,
			want: map[string]any{"eventName": "12.5", "userAgent": "false", "errorCode": "7"},
		},
		{
			name: "an object", rule: `{fields: {requestParameters: 'log.attributes["app.params"]'}}`,
			want:   map[string]any{"requestParameters": map[string]any{"amount": 12.5, "ids": []any{"a", "b"}}},
			absent: []string{"additionalEventData/app.params"},
		},
		{
			name: "no object", rule: `{fields: {requestParameters: 'log.attributes["team"]', responseElements: 'log.attributes["app.params"]["ids"]'}}`,
			want: map[string]any{"requestParameters": map[string]any{"value": "finance"}, "responseElements": map[string]any{"value": []any{"a", "b"}}},
		},
		{
			name: "members", rule: `{static: {requestParameters.retries: "3", requestParameters.tags: {a: ["00042", true]}}, fields: {requestParameters.limit: "3", userIdentity.details.team: 'log.attributes["team"]', requestParameters.app.first: 'log.attributes["app.params"]["ids"][0]', additionalEventData.where: 'resource.attributes["deployment.environment.name"]'}}`,
			want: map[string]any{
				"userIdentity/details/team": "finance", "requestParameters": map[string]any{
					"retries": "3", "tags": map[string]any{"a": []any{"00042", true}}, "limit": 3.0, "app.first": "a", "url.path": "/a",
				}, "additionalEventData/where": "prod",
				"additionalEventData/app.params": map[string]any{"amount": 12.5, "ids": []any{"b"}},
			},
			absent: []string{"additionalEventData/team", "additionalEventData/deployment.environment.name"},
		},
		{
			name: "members beside an object", rule: `{fields: {requestParameters: 'log.attributes["app.params"]', requestParameters.amount: '"much"'}}`,
			want: map[string]any{"requestParameters": map[string]any{"amount": "much", "ids": []any{"a", "b"}}},
		},
		{
			name: "constants that would be no value in a record", rule: `{static: {errorCode: "-", requestParameters.environment: "N/A", requestParameters.tags: {a: "null", b: ["None", ""]}}}`,
			want: map[string]any{"errorCode": "-", "requestParameters": map[string]any{"url.path": "/a", "environment": "N/A", "tags": map[string]any{"a": "null", "b": []any{"None", ""}}}},
		},
		{
			name: "nil removes", rule: `{fields: {requestParameters: 'log.attributes["app.params"]', requestParameters.ids: nil, userIdentity.details: nil, additionalEventData.team: nil, additionalEventData.app.error: nil}}`,
			want:   map[string]any{"requestParameters": map[string]any{"amount": 12.5}},
			absent: []string{"userIdentity/details", "additionalEventData/team", "additionalEventData/app.error", "additionalEventData/app.params"},
		},
		{
			name: "nil for all else", rule: `{fields: {additionalEventData: nil, additionalEventData.kept: '"x"'}}`,
			want: map[string]any{"additionalEventData/exporter.preset": "semconv", "additionalEventData/kept": "x"}, absent: []string{"additionalEventData/team"},
		},
		{
			name: "nil in the end", rule: `{fields: {sourceIPAddress: ['log.attributes["missing"]', {value: nil, condition: 'log.attributes["team"] == "finance"'}]}}`,
			absent: []string{"sourceIPAddress", "additionalEventData/client.address"},
		},
		{
			name: "a time", rule: `{fields: {eventTime: 'log.attributes["app.time"]'}}`,
			want:   map[string]any{"eventTime": "2026-03-04T05:06:07Z", "additionalEventData/exporter.time": "2026-03-04T05:06:07.5Z"},
			absent: []string{"additionalEventData/app.time"},
		},
		{
			name: "a time that is computed", rule: `{fields: {eventTime: 'Time("04/03/2026 05:06", "%d/%m/%Y %H:%M", "Europe/Berlin")'}}`,
			want: map[string]any{"eventTime": "2026-03-04T04:06:00Z"},
		},
		{
			name: "no time", rule: `{fields: {eventTime: 'log.attributes["team"]'}}`,
			want: map[string]any{"eventTime": "2026-03-04T05:06:07Z", "additionalEventData/team": "finance"}, errors: []string{"eventTime"},
		},
		{
			name: "an address", rule: `{fields: {sourceIPAddress: ['log.attributes["team"]', 'log.attributes["app.ip"]']}}`,
			want: map[string]any{"sourceIPAddress": "203.0.113.17", "additionalEventData/app.ip": "203.0.113.17:443", "additionalEventData/team": "finance"},
		},
		{
			name: "no address", rule: `{fields: {sourceIPAddress: 'log.attributes["team"]'}}`,
			want: map[string]any{"sourceIPAddress": "192.0.2.1", "additionalEventData/team": "finance"},
		},
		{
			name: "the id of the request", rule: `{fields: {UID: 'log.attributes["app.user"]'}}`,
			want: map[string]any{"UID": "u-7"}, absent: []string{"additionalEventData/app.user"},
		},
		{
			name: "what a preset had is left over", rule: `{fields: {userIdentity.principalId: 'log.attributes["app.user"]', sourceIPAddress: 'log.attributes["app.ip"]', requestParameters: 'log.attributes["app.params"]'}}`,
			want: map[string]any{
				"userIdentity/principalId": "u-7", "userIdentity/details/id": "u", "additionalEventData/client.address": "192.0.2.1",
				"additionalEventData/url.path": "/a",
			},
		},
		{
			name: "no preset", rule: `{preset: none, static: {userIdentity.type: User, eventSource: billing.example.com, eventTime: '2026-01-02T03:04:05Z'}, fields: {userIdentity.principalId: 'log.attributes["app.user"]', eventName: 'log.attributes["app.action"]'}}`,
			want: map[string]any{
				"userIdentity/type": "User", "eventSource": "billing.example.com", "eventTime": "2026-01-02T03:04:05Z", "version": "1.0",
				"additionalEventData/exporter.preset": "none", "additionalEventData/user.id": "u",
			},
			absent: []string{"requestParameters", "sourceIPAddress"},
		},
		{
			name: "keys of ours cannot be forged", rule: `{fields: {additionalEventData: '{"exporter.id": "forged", "a": 1}'}}`,
			want: map[string]any{"additionalEventData/source.exporter.id": "forged", "additionalEventData/a": 1.0},
		},
		{
			name: "the record in the cache", rule: `{condition: 'log.cache["app.action"] == "invoice.approve"', fields: {eventName: 'log.cache["app.action"]', userAgent: 'ToUpperCase(log.cache["team"])', responseElements: 'log.cache["app.params"]'}}`,
			want:   map[string]any{"eventName": "invoice.approve", "userAgent": "FINANCE", "responseElements/amount": 12.5},
			absent: []string{"additionalEventData/app.action", "additionalEventData/app.params"},
		},
		{
			name: "all of the cache", rule: `{fields: {eventName: 'Format("%d", [Len(log.cache)])'}}`,
			want: map[string]any{"eventName": "13"},
		},
		{
			name: "secrets stay out", rule: `{static: {requestParameters.password: hunter2}, fields: {eventName: 'Concat(["https://u:", log.attributes["team"], "@host"], "")', userIdentity.details.token: 'log.attributes["team"]'}}`,
			want:    map[string]any{"eventName": "https://u:[redacted: 7 bytes]@host", "userIdentity/details/token": "[redacted: 7 bytes]", "requestParameters/password": "[redacted: 7 bytes]"},
			repairs: []string{"userIdentity.details redacted", "eventName redacted", "requestParameters redacted"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			logs := appRecord()
			attributes := recordOf(logs).Attributes()
			attributes.PutStr("client.address", "192.0.2.1")
			attributes.PutStr("url.path", "/a")
			before := plog.NewLogs()
			logs.CopyTo(before)
			e := mapBy(t, "- "+tt.rule, logs)
			require.Equal(t, before, logs, "a rule changes no record")
			accepted(t, e)
			var event map[string]any
			require.NoError(t, json.Unmarshal(e.Data, &event))
			for path, want := range tt.want {
				got, _ := at(event, path)
				require.Equal(t, want, got, path)
			}
			for _, path := range tt.absent {
				_, there := at(event, path)
				require.False(t, there, path)
			}
			if tt.repairs != nil {
				require.Equal(t, tt.repairs, repairs(e))
			}
			var failed []string
			for _, f := range e.Errors {
				require.Equal(t, "0", f.Rule)
				failed = append(failed, f.Field)
			}
			require.Equal(t, tt.errors, failed)
		})
	}
}

// at returns what stands at a path like requestParameters/key.
func at(event map[string]any, path string) (any, bool) {
	for i := range path {
		if path[i] == '/' {
			inner, _ := event[path[:i]].(map[string]any)
			return at(inner, path[i+1:])
		}
	}
	v, there := event[path]
	return v, there
}

func TestFirstRuleWins(t *testing.T) {
	const rules = `
- {name: a, condition: 'log.attributes["team"] == "it"', fields: {eventName: '"a"'}}
- {name: b, condition: 'IsMatch(log.attributes["team"], "^fin")', fields: {eventName: '"b"'}}
- {name: c, fields: {eventName: '"c"'}}
`
	require.Equal(t, "b", mapBy(t, rules, appRecord()).Rule)
	require.Equal(t, "c", mapBy(t, rules, with(nil)).Rule)
	require.Equal(t, "a", mapBy(t, rules, with(map[string]any{"team": "it"})).Rule)
}

func TestPresetThatDoesNotFit(t *testing.T) {
	e := mapBy(t, `[{name: k8s, preset: kubernetes_audit}]`, appRecord())
	require.Equal(t, "semconv", e.Preset)
	require.Equal(t, []MappingError{{Rule: "k8s", Field: "preset"}}, e.Errors)
}

// TestCauses has expressions fail in each way: whoever writes a rule is told why.
func TestCauses(t *testing.T) {
	for expression, want := range map[string]string{
		`eventName: 'log.attributes["team"]["name"]'`:                         "goes on below a single value",
		`eventName: 'ParseJSON("[1]")'`:                                       "the value is a list or an object",
		`eventName: 'log.attributes["app.params"]'`:                           "the value is a list or an object",
		`eventTime: 'log.attributes["team"]'`:                                 "the value is not a time in a form that the exporter reads",
		`eventName: {value: '"a"', condition: 'Substring("a", 5, 1) == "a"'}`: "invalid range",
	} {
		e := mapBy(t, "- fields: {"+expression+"}", appRecord())
		require.Len(t, e.Errors, 1, expression)
		require.ErrorContains(t, e.Errors[0].Cause, want)
	}
}

// TestRulesAtEachAttempt maps a record and its copy that is handed back: no rule sees what this component has put on it.
func TestRulesAtEachAttempt(t *testing.T) {
	const rules = `[{fields: {requestParameters: 'log.attributes', eventName: 'Format("%d", [Len(log.attributes)])'}}]`
	first := string(mapBy(t, rules, appRecord()).Data)
	again := appRecord()
	recordOf(again).Attributes().PutInt("aws.cloudtrail_lake.attempts", 3)
	require.Equal(t, first, string(mapBy(t, rules, again).Data))
}

// TestRulesOnItems maps a list: each item is log.cache in its turn.
func TestRulesOnItems(t *testing.T) {
	logs := with(nil)
	lr := recordOf(logs)
	lr.Body().SetStr(`{"records":[{"op":"a","password":"hunter2"},{"op":"b"}]}`)
	m, err := New(Config{
		RecipientAccountID: "111122223333", OnInvalid: Repair, Redact: Redact{Enabled: true},
		Rules: rulesOf(t, `[{fields: {eventName: 'log.cache["op"]', userAgent: 'ToUpperCase(log.cache["op"])'}}]`),
	})
	require.NoError(t, err)
	b := batchFor(m, logs)
	require.Equal(t, 2, b.open(lr))
	for range 2 { // in whatever order
		for i, want := range []string{"a", "b"} {
			d := decode(t, b.event(i, 0))
			require.Equal(t, want, d.EventName)
			require.Equal(t, string(want[0]-'a'+'A'), d.UserAgent)
			require.NotContains(t, d.AdditionalEventData, "op")
			if i == 0 {
				require.Equal(t, "[redacted: 7 bytes]", d.AdditionalEventData["password"])
			}
		}
	}
}
