// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// textsThatYAMLChanges are texts that YAML reads as something else.
var textsThatYAMLChanges = []string{
	"00042", "1.10", "0x10", "0o17", "0b101", "012345678901", "1e3", "1_000", "+5", ".5", ".inf", ".nan", "18446744073709551616",
	"true", "yes", "NO", "on", "2026-03-04", "2026-03-04T05:06:07Z", "Team: payments", "[draft]", "- a", "{a}", "'00042'", "t-00042",
}

// A value from the environment keeps its text in every setting that is a text or a constant.
func TestConfigKeepsTextOfEnvironment(t *testing.T) {
	for _, text := range textsThatYAMLChanges {
		t.Run(text, func(t *testing.T) {
			t.Setenv("TEST_VALUE", text)
			cfg, err := readUnvalidated(t, `
aws_cloudtrail_lake:
  channel_arn: ${env:TEST_VALUE}
  external_id: ${env:TEST_VALUE}
  recipient_account_id: "${env:TEST_VALUE}"
  region: ${env:TEST_VALUE}
  endpoint: ${env:TEST_VALUE}
  profile: ${env:TEST_VALUE}
  proxy_url: ${env:TEST_VALUE}
  on_invalid: ${env:TEST_VALUE}
  tls: {ca_file: "${env:TEST_VALUE}", min_version: "${env:TEST_VALUE}"}
  assume_role:
    arn: ${env:TEST_VALUE}
    external_id: ${env:TEST_VALUE}
    session_name: ${env:TEST_VALUE}
    sts_region: ${env:TEST_VALUE}
  mappings:
    - name: ${env:TEST_VALUE}
      condition: ${env:TEST_VALUE}
      preset: ${env:TEST_VALUE}
      static:
        eventName: ${env:TEST_VALUE}
        version: "${env:TEST_VALUE}"
        requestParameters.plain: ${env:TEST_VALUE}
        requestParameters.quoted: "${env:TEST_VALUE}"
        requestParameters.default: ${TEST_VALUE}
        requestParameters.mixed: "t-${env:TEST_VALUE}"
        requestParameters.a::b: ${env:TEST_VALUE}
        requestParameters.object: {one: "${env:TEST_VALUE}", deep: {list: [x, "${env:TEST_VALUE}", ["${env:TEST_VALUE}"]]}, a::b: "${env:TEST_VALUE}"}
        requestParameters.list: ["${env:TEST_VALUE}", {member: "${env:TEST_VALUE}"}]
        responseElements: {one: "${env:TEST_VALUE}", literal: true}
  redact: {keys: ["${env:TEST_VALUE}"]}
`, "aws_cloudtrail_lake")
			require.NoError(t, err)
			for key, got := range map[string]string{
				"channel_arn": cfg.ChannelARN, "external_id": string(cfg.ExternalID), "recipient_account_id": cfg.RecipientAccountID,
				"region": cfg.Region, "endpoint": cfg.Endpoint, "profile": cfg.Profile, "proxy_url": cfg.ProxyURL, "on_invalid": string(cfg.OnInvalid),
				"tls.ca_file": cfg.TLS.CAFile, "tls.min_version": cfg.TLS.MinVersion,
				"assume_role.arn": cfg.AssumeRole.ARN, "assume_role.external_id": string(cfg.AssumeRole.ExternalID),
				"assume_role.session_name": cfg.AssumeRole.SessionName, "assume_role.sts_region": cfg.AssumeRole.STSRegion,
			} {
				assert.Equal(t, text, got, key)
			}
			assert.Equal(t, []string{text}, cfg.Redact.Keys)
			rule := cfg.Mappings[0]
			assert.Equal(t, text, rule.Name)
			assert.Equal(t, text, rule.Condition)
			assert.Equal(t, text, rule.Preset)
			assert.Equal(t, map[string]any{
				"eventName":                 text,
				"version":                   text,
				"requestParameters.plain":   text,
				"requestParameters.quoted":  text,
				"requestParameters.default": text,
				"requestParameters.mixed":   "t-" + text,
				"requestParameters.a::b":    text,
				"requestParameters.object":  map[string]any{"one": text, "deep": map[string]any{"list": []any{"x", text, []any{text}}}, "a::b": text},
				"requestParameters.list":    []any{text, map[string]any{"member": text}},
				"responseElements":          map[string]any{"one": text, "literal": true},
			}, rule.Static)
		})
	}
}

// An expression from the environment is text too. A list of expressions, and an object of value and condition, may come from there as well.
func TestConfigKeepsExpressionsOfEnvironment(t *testing.T) {
	t.Setenv("TEST_NUMBER", "7")
	t.Setenv("TEST_TRUE", "true")
	t.Setenv("TEST_LITERAL", `"00042"`)
	t.Setenv("TEST_LIST", `[log.event_name, {value: log.body, condition: "true"}]`)
	t.Setenv("TEST_OBJECT", `{value: log.event_name, condition: true}`)
	cfg, err := readUnvalidated(t, `
aws_cloudtrail_lake:
  mappings:
    - fields:
        eventName: ${env:TEST_LITERAL}
        requestParameters.number: ${env:TEST_NUMBER}
        requestParameters.list: ${env:TEST_LIST}
        requestParameters.item: ["${env:TEST_NUMBER}", "${env:TEST_OBJECT}", {value: "${env:TEST_NUMBER}", condition: "${env:TEST_TRUE}"}]
`, "aws_cloudtrail_lake")
	require.NoError(t, err)
	assert.Equal(t, map[string]any{
		"eventName":                `"00042"`,
		"requestParameters.number": "7",
		"requestParameters.list":   []any{"log.event_name", map[string]any{"value": "log.body", "condition": "true"}},
		"requestParameters.item": []any{
			"7", map[string]any{"value": "log.event_name", "condition": true}, map[string]any{"value": "7", "condition": "true"},
		},
	}, cfg.Mappings[0].Fields)
}

// Rules, and parts of them, may stand in files of their own. The values in such a file are YAML like any other.
func TestConfigReadsRulesFromFiles(t *testing.T) {
	t.Setenv("TEST_TENANT", "00042")
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return "${file:" + path + "}"
	}
	object := file("object.yaml", "tenant: ${env:TEST_TENANT}\nquoted: \"007\"\n")
	static := file("static.yaml", "requestParameters: "+object+"\nrequestParameters.tenant: ${env:TEST_TENANT}\n")
	rules := file("rules.yaml", "- name: ${env:TEST_TENANT}\n  static: "+static+"\n")
	cfg, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: '"+rules+"'}", "aws_cloudtrail_lake")
	require.NoError(t, err)
	require.Len(t, cfg.Mappings, 1)
	assert.Equal(t, "00042", cfg.Mappings[0].Name)
	assert.Equal(t, map[string]any{
		"requestParameters":        map[string]any{"tenant": "00042", "quoted": "007"},
		"requestParameters.tenant": "00042",
	}, cfg.Mappings[0].Static)

	rules = file("rules.yaml", "- {name: a, static: {requestParameters: {tenant: 00042}}}\n")
	_, err = read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: '"+rules+"'}", "aws_cloudtrail_lake")
	assert.ErrorContains(t, err, "mappings[0] (a).static.requestParameters.tenant: this is not text: write it in quotes")
}

// A variable that is not set is reported: an event would silently be without its value.
func TestConfigEmptyEnvironment(t *testing.T) {
	t.Setenv("TEST_EMPTY", "")
	for _, static := range []string{
		"eventName: ${env:TEST_EMPTY}", "eventName: ${env:TEST_NOT_SET}", "requestParameters.a: ${env:TEST_EMPTY}",
		"requestParameters.a: {b: '${env:TEST_EMPTY}'}", "requestParameters.a: [x, '${env:TEST_EMPTY}']",
		"requestParameters: ${env:TEST_EMPTY}",
	} {
		_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: [{static: {"+quoteEnv(static)+"}}]}", "aws_cloudtrail_lake")
		assert.ErrorContains(t, err, ": there is nothing here: write a text, or remove it; an environment variable that is not set gives nothing", static)
	}
	_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: [{static: {requestParameters.a: '${env:TEST_NOT_SET:-}'}}]}", "aws_cloudtrail_lake")
	assert.NoError(t, err, "a default that is empty says that the variable may be missing")
}

// quoteEnv lets a reference stand in YAML's flow style.
func quoteEnv(text string) string {
	key, value, _ := strings.Cut(text, ": ")
	if strings.HasPrefix(value, "$") {
		value = "'" + value + "'"
	}
	return key + ": " + value
}

// Each value is one that YAML changes. The error names the key and does not show the value. What it advises works.
func TestConfigTextWithoutQuotes(t *testing.T) {
	const rule = "mappings[0] (billing).static."
	for _, tt := range []struct {
		key    string // as the error has it
		config string // %s stands for the value
	}{
		{"recipient_account_id", "recipient_account_id: %s"},
		{"external_id", "external_id: %s"},
		{"assume_role.external_id", "assume_role: {external_id: %s}"},
		{"assume_role.session_name", "assume_role: {session_name: %s}"},
		{"profile", "profile: %s"},
		{"on_invalid", "on_invalid: %s"},
		{"tls.min_version", "tls: {min_version: %s}"},
		{"mappings[0].name", "mappings: [{name: %s}]"},
		{"mappings[1].name", "mappings: [{name: a, condition: 'log.body == 1'}, {name: %s}]"},
		{"mappings[0].condition", "mappings: [{condition: %s}]"},
		{"mappings[0].preset", "mappings: [{preset: %s}]"},
		{"redact.keys[1]", "redact: {keys: [pin, %s]}"},
		{rule + "eventName", "mappings: [{name: billing, static: {eventName: %s}}]"},
		{rule + "requestParameters.tenant", "mappings: [{name: billing, static: {requestParameters.tenant: %s}}]"},
		{rule + "requestParameters.tags.tenant", "mappings: [{name: billing, static: {requestParameters.tags: {tenant: %s}}}]"},
		{rule + "requestParameters.tags[1]", "mappings: [{name: billing, static: {requestParameters.tags: [x, %s]}}]"},
		{rule + "requestParameters.tags.a[0].b", "mappings: [{name: billing, static: {requestParameters.tags: {a: [{b: %s}]}}}]"},
		{rule + "userIdentity.details.tenant", "mappings: [{name: billing, static: {userIdentity.details: {tenant: %s}}}]"},
	} {
		for _, value := range []string{"00042", "8675309", "1.10", "0x10", "012345678901", "1e3", "2026-03-04"} {
			t.Run(tt.key+" "+value, func(t *testing.T) {
				in := func(value string) string {
					return "aws_cloudtrail_lake: {channel_arn: '" + testARN + "', " + fmt.Sprintf(tt.config, value) + "}"
				}
				_, err := read(t, in(value), "aws_cloudtrail_lake")
				require.ErrorContains(t, err, tt.key+`: this is not text: write it in quotes, as in "00042"`)
				assert.Equal(t, 1, strings.Count(err.Error(), tt.key+": "), "said once: %v", err)
				for _, shown := range []string{"8675309", "1.1", "16", "12345678901", "1000", "2026"} {
					assert.NotContains(t, err.Error(), shown, "no error shows the value")
				}

				_, err = read(t, in(`"`+value+`"`), "aws_cloudtrail_lake")
				if err != nil { // of what the text says, but no longer of its type
					assert.NotContains(t, err.Error(), "this is not text")
				}
			})
		}
	}
}

// What the errors advise for constants works if it is followed: quotes keep the text, and an expression gives a real number.
func TestConfigConstantAdvice(t *testing.T) {
	event := func(rule string) map[string]any {
		cfg, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: ["+rule+"]}", "aws_cloudtrail_lake")
		require.NoError(t, err)
		mapper, err := cfg.NewMapper()
		require.NoError(t, err)
		logs := plog.NewLogs()
		rl := logs.ResourceLogs().AppendEmpty()
		lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)))
		lr.Body().SetStr("a retry")
		batch := mapper.NewBatch()
		batch.Begin()
		batch.Within(rl.Resource(), rl.ScopeLogs().At(0).Scope())
		var out map[string]any
		for _, made := range batch.Map(lr, 0, nil) {
			require.Empty(t, made.Errors)
			require.Empty(t, made.Refused)
			require.NoError(t, json.Unmarshal(made.Data, &out))
		}
		return out["requestParameters"].(map[string]any)
	}
	_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: [{static: {requestParameters.retries: 3}}]}", "aws_cloudtrail_lake")
	require.ErrorContains(t, err, `mappings[0].static.requestParameters.retries: this is not text: write it in quotes, as in "00042"; `+
		`without quotes YAML reads 00042 as the number 34; to store a number, write an expression in quotes under fields, as in requestParameters.retries: "3"`)
	assert.Equal(t, map[string]any{"retries": "3"}, event(`{static: {requestParameters.retries: "3"}}`))
	assert.Equal(t, map[string]any{"retries": 3.0}, event(`{fields: {requestParameters.retries: "3"}}`))

	_, err = read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', mappings: [{fields: {requestParameters.retries: 3}}]}", "aws_cloudtrail_lake")
	require.ErrorContains(t, err, `mappings[0].fields.requestParameters.retries: this is not text: write an OTTL expression in quotes, as in "3" for a number`)

	assert.Equal(t, map[string]any{"tags": map[string]any{"retries": 3.0, "tenant": "00042"}},
		event(`{fields: {requestParameters.tags: '{"retries": 3, "tenant": "00042"}'}}`), "a number in an object")
	assert.Equal(t, map[string]any{"tags": []any{"00042", true}}, event(`{static: {requestParameters.tags: ["00042", true]}}`))
}

// The Collector's own error for a text of the wrong type stays where quotes would not help.
func TestConfigTextThatIsNoScalar(t *testing.T) {
	_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', profile: [a], timeout: soon, region: 7}", "aws_cloudtrail_lake")
	assert.ErrorContains(t, err, "'profile' expected type 'string', got unconvertible type '[]interface {}'")
	assert.ErrorContains(t, err, "'timeout' ")
	assert.ErrorContains(t, err, "region: this is not text")
}
