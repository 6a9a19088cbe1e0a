// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// sized returns an object of exactly n bytes as JSON.
func sized(n int) map[string]any {
	return map[string]any{"k": strings.Repeat("x", n-len(`{"k":""}`))}
}

func identity(changes map[string]any) map[string]any {
	fields := map[string]any{"type": "User", "principalId": "alice"}
	for name, value := range changes {
		if value == nil {
			delete(fields, name)
			continue
		}
		fields[name] = value
	}
	return map[string]any{"userIdentity": fields}
}

func TestCheckFields(t *testing.T) {
	set := func(name string, value any) map[string]any { return map[string]any{name: value} }
	long := func(n int) string { return strings.Repeat("é", n) } // two bytes each: limits are in characters
	type row struct {
		name    string
		changes map[string]any
		code    string
		message string // part of it
	}
	rows := []row{
		{"nothing wrong", nil, "", ""},
		{"unknown field", set("eventType", "x"), CodeInvalidData, "eventType is not a field"},
		{"field in another case", set("uid", "x"), CodeInvalidData, "uid is not a field"},
		{"unknown identity field", identity(set("arn", "x")), CodeInvalidData, "userIdentity.arn is not a field"},
		{"identity is text", set("userIdentity", "alice"), CodeInvalidData, "userIdentity is a string"},
		{"identity without type", identity(set("type", nil)), CodeFieldNotFound, "userIdentity.type is required"},
		{"identity without principal", identity(set("principalId", nil)), CodeFieldNotFound, "userIdentity.principalId is required"},
		{"identity with empty principal", identity(set("principalId", "")), CodeFieldNotFound, "userIdentity.principalId is required"},
		{"details is a list", identity(set("details", []string{"a"})), CodeInvalidData, "userIdentity.details is an array"},
		{"details is an object", identity(set("details", map[string]any{"a": []any{1, nil, true}})), "", ""},
		{"details has no limit of its own", identity(set("details", sized(150_000))), "", ""},
		{"time with a fraction", set("eventTime", "2026-01-02T03:04:05.123Z"), CodeInvalidData, "eventTime"},
		{"time with an offset", set("eventTime", "2026-01-02T03:04:05+00:00"), CodeInvalidData, "eventTime"},
		{"time without a zone", set("eventTime", "2026-01-02T03:04:05"), CodeInvalidData, "eventTime"},
		{"time in lower case", set("eventTime", "2026-01-02t03:04:05z"), CodeInvalidData, "eventTime"},
		{"time that is a number", set("eventTime", 1767323045), CodeInvalidData, "eventTime is a number"},
		{"29 February of no leap year", set("eventTime", "2026-02-29T03:04:05Z"), CodeInvalidData, "exists"},
		{"29 February of a leap year", set("eventTime", "2028-02-29T03:04:05Z"), "", ""},
		{"24 o'clock", set("eventTime", "2026-01-02T24:00:00Z"), CodeInvalidData, "exists"},
		{"IPv6", set("sourceIPAddress", "2001:db8::1"), "", ""},
		{"IPv6 with a zone", set("sourceIPAddress", "fe80::1%eth0"), CodeInvalidData, "sourceIPAddress"},
		{"IPv6 in brackets", set("sourceIPAddress", "[2001:db8::1]"), CodeInvalidData, "sourceIPAddress"},
		{"address with a port", set("sourceIPAddress", "192.0.2.1:80"), CodeInvalidData, "sourceIPAddress"},
		{"address of five parts", set("sourceIPAddress", "1.0.0.0.0"), CodeInvalidData, "sourceIPAddress"},
		{"host name", set("sourceIPAddress", "example.com"), CodeInvalidData, "sourceIPAddress"},
		{"empty address", set("sourceIPAddress", ""), CodeInvalidData, "sourceIPAddress"},
		{"another account", set("recipientAccountId", "999922223333"), CodeInvalidRecipient, "999922223333"},
		{"no account ID", set("recipientAccountId", "11112222333"), CodeInvalidData, "twelve digits"},
		{"account as a number", set("recipientAccountId", 111122223333), CodeInvalidData, "recipientAccountId is a number"},
		{"request at its limit", set("requestParameters", sized(100_000)), "", ""},
		{"request over its limit", set("requestParameters", sized(100_001)), CodeFieldTooLong, "requestParameters is 100001 bytes"},
		{"response at its limit", set("responseElements", sized(100_000)), "", ""},
		{"response over its limit", set("responseElements", sized(100_001)), CodeFieldTooLong, "responseElements is 100001 bytes"},
		{"additional at its limit", set("additionalEventData", sized(28_000)), "", ""},
		{"additional over its limit", set("additionalEventData", sized(28_001)), CodeFieldTooLong, "additionalEventData is 28001 bytes"},
		{"empty object", set("requestParameters", map[string]any{}), "", ""},
		{"empty optional text", set("errorMessage", ""), "", ""},
		{"control characters, line separators and astral text", set("eventName", "\x00\x1f\u2028\U0001F600"), "", ""},
	}
	for _, name := range []string{"version", "userIdentity", "eventSource", "eventName", "eventTime", "UID", "recipientAccountId"} {
		rows = append(rows, row{"without " + name, set(name, nil), CodeFieldNotFound, name + " is required"})
	}
	for _, name := range []string{"userAgent", "requestParameters", "responseElements", "errorCode", "errorMessage", "sourceIPAddress", "additionalEventData"} {
		rows = append(rows, row{"without " + name, set(name, nil), "", ""})
	}
	for _, name := range []string{"version", "eventSource", "eventName", "UID"} {
		rows = append(rows, row{"empty " + name, set(name, ""), CodeFieldNotFound, name + " is required and empty"})
	}
	for name, limit := range map[string]int{"version": 256, "userAgent": 1024, "eventSource": 1024, "eventName": 1024, "UID": 1024, "errorCode": 256, "errorMessage": 256} {
		rows = append(rows,
			row{name + " at its limit", set(name, long(limit)), "", ""},
			row{name + " over its limit", set(name, long(limit+1)), CodeFieldTooLong, fmt.Sprintf("%s is %d characters", name, limit+1)},
			row{name + " is null", set(name, json.RawMessage("null")), CodeInvalidData, name + " is null"},
			row{name + " is a boolean", set(name, true), CodeInvalidData, name + " is a boolean"})
	}
	for name, limit := range map[string]int{"type": 128, "principalId": 1024} {
		rows = append(rows,
			row{name + " at its limit", identity(set(name, long(limit))), "", ""},
			row{name + " over its limit", identity(set(name, long(limit+1))), CodeFieldTooLong, fmt.Sprintf("userIdentity.%s is %d characters", name, limit+1)})
	}
	for _, name := range []string{"requestParameters", "responseElements", "additionalEventData"} {
		rows = append(rows,
			row{name + " is text", set(name, "{}"), CodeInvalidData, name + " is a string"},
			row{name + " is null", set(name, json.RawMessage("null")), CodeInvalidData, name + " is null"})
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			code, message := Check([]byte(event(row.changes)), testAccount)
			require.Equal(t, row.code, code, message)
			require.Contains(t, message, row.message)
			require.Equal(t, code == "", message == "")
			require.LessOrEqual(t, utf8.RuneCountInString(message), 1024)
		})
	}
}

func TestCheckText(t *testing.T) {
	good := event(nil)
	pad := func(n int) string { return good + strings.Repeat(" ", n-len(good)) }
	for _, row := range []struct {
		name, text, recipient, code, message string
	}{
		{"good", good, testAccount, "", ""},
		{"any recipient", good, "", "", ""},
		{"other recipient", good, "000000000000", CodeInvalidRecipient, "recipientAccountId"},
		{"at the limit", pad(256_000), testAccount, "", ""},
		{"over the limit", pad(256_001), testAccount, CodeFieldTooLong, "256001 bytes"},
		{"empty", "", testAccount, CodeInvalidData, "not valid JSON"},
		{"a list", "[]", testAccount, CodeInvalidData, "an array"},
		{"text", `"{}"`, testAccount, CodeInvalidData, "a string"},
		{"null", "null", testAccount, CodeInvalidData, "null"},
		{"cut off", good[:len(good)-1], testAccount, CodeInvalidData, "not valid JSON"},
		{"something after it", good + "{}", testAccount, CodeInvalidData, "not valid JSON"},
		{"NaN", strings.Replace(good, `"12"`, "NaN", 1), testAccount, CodeInvalidData, "not valid JSON"},
		{"trailing comma", strings.Replace(good, `"12"`, `"12",`, 1), testAccount, CodeInvalidData, "not valid JSON"},
		{"raw control character", strings.Replace(good, "curl", "\x01", 1), testAccount, CodeInvalidData, "not valid JSON"},
		{"invalid UTF-8", strings.Replace(good, "curl", "\xff", 1), testAccount, CodeInvalidData, "UTF-8"},
		{"surrogate as UTF-8", strings.Replace(good, "curl", "\xed\xa0\x80", 1), testAccount, CodeInvalidData, "UTF-8"},
		{"surrogate pair", strings.Replace(good, "curl", `\ud83d\ude00`, 1), testAccount, "", ""},
		{"lone high surrogate", strings.Replace(good, "curl", `\ud83d`, 1), testAccount, CodeInvalidData, "surrogate"},
		{"lone low surrogate", strings.Replace(good, "curl", `\ude00`, 1), testAccount, CodeInvalidData, "surrogate"},
		{"two high surrogates", strings.Replace(good, "curl", `\ud83d\ud83d`, 1), testAccount, CodeInvalidData, "surrogate"},
		{"high surrogate, then text", strings.Replace(good, "curl", `\ud83dx\ude00`, 1), testAccount, CodeInvalidData, "surrogate"},
		{"high surrogate, then another escape", strings.Replace(good, "curl", `\ud83d\n`, 1), testAccount, CodeInvalidData, "surrogate"},
		{"escaped backslash before a u", strings.Replace(good, "curl", `\\ud83d`, 1), testAccount, "", ""},
		{"name twice", `{"UID":"a",` + good[1:], testAccount, CodeInvalidData, `"UID" occurs twice`},
		{"name twice, once escaped", `{"\u0055ID":"a",` + good[1:], testAccount, CodeInvalidData, `"UID" occurs twice`},
		{"name twice, deep", strings.Replace(good, `"12"`, `[{"a":{"b":1,"b":2}}]`, 1), testAccount, CodeInvalidData, `"b" occurs twice`},
		{"same name in two objects", strings.Replace(good, `"12"`, `[{"a":1},{"a":1}]`, 1), testAccount, "", ""},
		{"number of any size", strings.Replace(good, `"12"`, "1e999", 1), testAccount, "", ""},
		{"deeply nested", strings.Replace(good, `"12"`, strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000), 1), testAccount, CodeInvalidData, "depth"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code, message := Check([]byte(row.text), row.recipient)
			require.Equal(t, row.code, code, message)
			require.Contains(t, message, row.message)
		})
	}
}

// FuzzCheck holds Check to what encoding/json says of the same text: what passes is one object with the required
// fields.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(event(nil)))
	f.Add([]byte(`{"a":"\ud83d\ude00\\u","a":[{}]}`))
	f.Add([]byte(`{"UID":"\ud800"}`))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		code, message := Check(text, testAccount)
		require.Equal(t, code == "", message == "")
		require.LessOrEqual(t, utf8.RuneCountInString(message), 1024)
		if !json.Valid(text) || !utf8.Valid(text) {
			require.Equal(t, CodeInvalidData, code)
			return
		}
		if code != "" {
			return
		}
		var fields map[string]any
		require.NoError(t, json.Unmarshal(text, &fields))
		require.Equal(t, testAccount, fields["recipientAccountId"])
		for _, name := range []string{"version", "eventSource", "eventName", "eventTime", "UID"} {
			require.NotEmpty(t, fields[name])
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	text := []byte(event(nil))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if code, message := Check(text, testAccount); code != "" {
			b.Fatal(code, message)
		}
	}
}
