// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each error about a mistake in the configuration names the key, and says what to write instead.
func TestConfigErrors(t *testing.T) {
	const arn = "channel_arn: " + testARN + "\n"
	for _, tt := range []struct{ name, config, want string }{
		// channel_arn, region, recipient_account_id
		{"nothing", "{}", "channel_arn: required: write the channel's ARN, as in arn:aws:cloudtrail:us-east-1:111122223333:channel/"},
		{"not an ARN", "channel_arn: my channel", `channel_arn: "my channel" is neither an ARN nor a channel ID: write the channel's ARN, as in arn:`},
		{"part of an ARN", "channel_arn: channel/" + testChannelID, "is neither an ARN nor a channel ID: write the channel's ARN, as in arn:"},
		{"broken ARN", "channel_arn: arn:aws:cloudtrail:us-east-1", `channel_arn: "arn:aws:cloudtrail:us-east-1" is not a whole ARN: write one of the form arn:`},
		{"no partition", "channel_arn: arn::cloudtrail:us-east-1:111122223333:channel/x", "is not a whole ARN: write one of the form arn:"},
		{"another service's ARN", "channel_arn: arn:aws:s3:::audit-logs", `channel_arn: "arn:aws:s3:::audit-logs" is an ARN of "s3", not of CloudTrail: write one of the form arn:`},
		{"the data plane's name", "channel_arn: arn:aws:cloudtrail-data:us-east-1:111122223333:channel/x", `is an ARN of "cloudtrail-data", not of CloudTrail: write one of the form arn:`},
		{"an event data store", "channel_arn: arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/" + testChannelID, "is not the ARN of a channel: write one of the form arn:"},
		{"a channel without an ID", "channel_arn: 'arn:aws:cloudtrail:us-east-1:111122223333:channel/'", "is not the ARN of a channel: write one of the form arn:"},
		{"an ARN without a Region", "channel_arn: arn:aws:cloudtrail::111122223333:channel/x", `channel_arn: "" in it is not a Region: write a Region's code, as in us-east-1`},
		{"an ARN without an account", "channel_arn: arn:aws:cloudtrail:us-east-1::channel/x", `channel_arn: "" in it is not an account: write 12 digits`},
		{"bare ID, no Region", "channel_arn: " + testChannelID + "\nrecipient_account_id: '111122223333'", "region: required, since channel_arn \"" + testChannelID + "\" is not an ARN: write a Region's code"},
		{"bare ID, no account", "channel_arn: " + testChannelID + "\nregion: us-east-1", "recipient_account_id: required, since channel_arn \"" + testChannelID + "\" is not an ARN: write \"111122223333\", 12 digits in quotes"},
		{"no Region", arn + "region: Frankfurt", `region: "Frankfurt" is not a Region: write a Region's code, as in us-east-1`},
		{"another Region", arn + "region: eu-west-1", "region: eu-west-1 contradicts channel_arn, which says us-east-1: remove region"},
		{"another account", arn + "recipient_account_id: '444455556666'", "recipient_account_id: 444455556666 contradicts channel_arn, which says 111122223333: remove recipient_account_id"},
		{"short account", arn + "recipient_account_id: '11112222333'", `recipient_account_id: "11112222333" is not an account: write "111122223333", 12 digits in quotes`},
		{"account with dashes", arn + "recipient_account_id: 1111-2222-3333", `recipient_account_id: "1111-2222-3333" is not an account: write`},
		{"unquoted account", arn + "recipient_account_id: 111122223333", `recipient_account_id: this is not text: write it in quotes, as in "00042"; without quotes YAML reads 00042 as the number 34`},
		{"unquoted octal account", arn + "recipient_account_id: 011122223333", "recipient_account_id: this is not text: write it in quotes"},
		{"unquoted account with leading zero", arn + "recipient_account_id: 089922223333", "recipient_account_id: this is not text: write it in quotes"},

		// credentials
		{"short external ID", arn + "external_id: x", "external_id: this is not an external ID: write 2 to 1224 letters, digits and _+=,.@:/-"},
		{"long external ID", arn + "external_id: " + strings.Repeat("x", 1225), "external_id: this is not an external ID: write 2 to 1224 letters"},
		{"external ID with a blank", arn + "external_id: two words", "external_id: this is not an external ID: write 2 to 1224 letters"},
		{"unquoted external ID", arn + "external_id: 8675309", `external_id: this is not text: write it in quotes`},
		{"role is a user", arn + "assume_role: {arn: 'arn:aws:iam::111122223333:user/alice'}", `assume_role.arn: "arn:aws:iam::111122223333:user/alice" is not the ARN of an IAM role: write one of the form arn:aws:iam::`},
		{"role is text", arn + "assume_role: 'arn:aws:iam::111122223333:role/x'", "'assume_role' expected a map"},
		{"role's name only", arn + "assume_role: {arn: audit-writer}", `assume_role.arn: "audit-writer" is not the ARN of an IAM role: write`},
		{"role of another partition", arn + "assume_role: {arn: 'arn:aws-cn:iam::111122223333:role/x'}", "is in partition aws-cn, the channel in aws: write a role of the channel's partition"},
		{"role's external ID alone", arn + "assume_role: {external_id: abc}", "assume_role.external_id: has no effect without assume_role.arn: write the role's ARN there, or remove external_id"},
		{"role's session name alone", arn + "assume_role: {session_name: abc}", "assume_role.session_name: has no effect without assume_role.arn"},
		{"role's Region alone", arn + "assume_role: {sts_region: us-east-1}", "assume_role.sts_region: has no effect without assume_role.arn"},
		{"role's external ID", arn + "assume_role: {arn: 'arn:aws:iam::111122223333:role/x', external_id: a b}", "assume_role.external_id: this is not an external ID: write"},
		{"role's external ID unquoted", arn + "assume_role: {arn: 'arn:aws:iam::111122223333:role/x', external_id: 8675309}", "assume_role.external_id: this is not text: write it in quotes"},
		{"role's session name", arn + "assume_role: {arn: 'arn:aws:iam::111122223333:role/x', session_name: a/b}", `assume_role.session_name: "a/b" is not a session's name: write 2 to 64 letters`},
		{"role's Region", arn + "assume_role: {arn: 'arn:aws:iam::111122223333:role/x', sts_region: global}", `assume_role.sts_region: "global" is not a Region: write`},

		// endpoint, tls, proxy_url
		{"endpoint without a scheme", arn + "endpoint: 10.0.0.1:8080", "endpoint: this is not the URL of a service: write scheme and host, as in https://"},
		{"endpoint without a host", arn + "endpoint: 'https://:8080'", "endpoint: this is not the URL of a service: write scheme and host"},
		{"endpoint with a password", arn + "endpoint: https://me:hunter2@example.com", "endpoint: this is not the URL of a service: write scheme and host"},
		{"endpoint with a query", arn + "endpoint: https://example.com/?a=b", "endpoint: this is not the URL of a service"},
		{"endpoint of another scheme", arn + "endpoint: grpc://example.com", "endpoint: grpc://example.com begins with neither https:// nor http://: write one of them"},
		{"unencrypted endpoint", arn + "endpoint: http://10.0.0.1:8080", "endpoint: http://10.0.0.1:8080 would send events unencrypted: write https://, or tls: {insecure: true}"},
		{"insecure and https", arn + "endpoint: https://example.com\ntls: {insecure: true}", "tls.insecure: only allows plain http, and https://example.com is https: remove it"},
		{"insecure and AWS", arn + "tls: {insecure: true}", "tls.insecure: only allows plain http, and the SDK's endpoint is https: remove it"},
		{"certificate without a key", arn + "tls: {cert_file: /x.pem}", "tls: "},
		{"proxy without a scheme", arn + "proxy_url: proxy.example.com:3128", "proxy_url: this is not the URL of a proxy: write one of the form http://proxy.example.com:3128"},
		{"proxy of another scheme", arn + "proxy_url: ftp://proxy.example.com", "proxy_url: this is not the URL of a proxy: write"},

		// delivery
		{"negative rate", arn + "requests_per_second: -1", "requests_per_second: -1 is not a rate: write a number above 0, or 0 for no limit"},
		{"no number", arn + "requests_per_second: .nan", "requests_per_second: NaN is not a rate: write a number above 0, or 0 for no limit"},
		{"infinite rate", arn + "requests_per_second: .inf", "requests_per_second: +Inf is not a rate: write a number above 0, or 0 for no limit"},
		{"no timeout", arn + "timeout: 0s", "timeout: 0s is too short for a request: write a duration with its unit, as in 30s"},
		{"negative timeout", arn + "timeout: -30s", "timeout: -30s is too short for a request: write a duration"},
		{"timeout without a unit", arn + "timeout: 30", "timeout: 30ns is too short for a request: write a duration with its unit, as in 30s"},
		{"unknown on_invalid", arn + "on_invalid: drop", `on_invalid: "drop" is not known: write repair or reject`},
		{"empty on_invalid", arn + "on_invalid: ''", `on_invalid: "" is not known: write repair or reject`},
		{"retention without a unit", arn + "retention: 2557", "retention: no event data store has a retention of 2.557µs: write the days that the event data store keeps events (its RetentionPeriod) with their unit, from 7d to 3653d, as in 2557d"},
		{"short retention", arn + "retention: 6d", "retention: no event data store has a retention of 6d: write the days"},
		{"nearly short retention", arn + "retention: 167h59m", "retention: no event data store has a retention of 167h59m0s: write the days"},
		{"long retention", arn + "retention: 3654d", "retention: no event data store has a retention of 3654d: write the days"},
		{"negative retention", arn + "retention: -8760h", `"-8760h" is not a retention: write the days`},
		{"negative days", arn + "retention: -7d", `"-7d" is not a retention: write the days that the event data store keeps events`},
		{"retention in years", arn + "retention: 7y", `"7y" is not a retention: write the days`},
		{"retention of no end", arn + "retention: 99999999999999999999d", `"99999999999999999999d" is not a retention: write the days`},
		{"empty retention", arn + "retention: ''", `"" is not a retention: write the days`},
		{"retention is a map", arn + "retention: {days: 7}", "retention"},
		{"batch in bytes", arn + "sending_queue: {batch: {sizer: bytes}}", "sending_queue.batch.sizer: bytes would drop events silently, since a request is counted in events: write sizer: items"},
		{"batch in bytes, from the queue", arn + "sending_queue: {sizer: bytes, batch: {flush_timeout: 1s}}", "sending_queue.batch.sizer: bytes would drop events silently, since a request is counted in events: write sizer: items (a batch without a sizer of its own has sending_queue.sizer's)"},
		{"batch in requests", arn + "sending_queue: {sizer: requests, queue_size: 1000, batch: {flush_timeout: 1s}}", "sending_queue.batch.sizer: requests would drop events silently, since a request is counted in events: write sizer: items"},
		{"queue in bytes of another exporter's size", arn + "sending_queue: {queue_size: 5000}", "sending_queue.queue_size: 5000 bytes is less than one payload: this exporter counts bytes by default; write 33554432, or set sizer: requests to count payloads"},
		{"queue just below one payload", arn + "sending_queue: {queue_size: 1048575}", "sending_queue.queue_size: 1048575 bytes is less than one payload"},
		{"queue of no bytes", arn + "sending_queue: {queue_size: 0}", "sending_queue.queue_size: 0 bytes is less than one payload"},
		{"small queue on disk", arn + "sending_queue: {sizer: bytes, queue_size: 5000, storage: file_storage, batch: {sizer: items}}", "sending_queue.queue_size: 5000 bytes is less than one payload"},
		{"queue in items of the size in bytes", arn + "sending_queue: {sizer: items}", "sending_queue.queue_size: the default of 33554432 is in bytes, and sending_queue.sizer is items: write how many items the queue may hold"},
		{"queue in requests of the size in bytes", arn + "sending_queue: {sizer: requests}", "sending_queue.queue_size: the default of 33554432 is in bytes, and sending_queue.sizer is requests: write how many requests"},
		{"retry off with storage", arn + "sending_queue: {storage: file_storage}\nretry_on_failure: {enabled: false}", "retry_on_failure.enabled: false gives up an event at its first failure, and sending_queue.storage would then delete that event: remove it"},
		{"retry bounded with storage", arn + "sending_queue: {storage: file_storage}\nretry_on_failure: {max_elapsed_time: 5m}", "retry_on_failure.max_elapsed_time: 5m0s gives up an event after that time, and sending_queue.storage would then delete that event: remove it"},
		{"unknown key", arn + "channel: x", "has invalid keys: channel"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(t, "aws_cloudtrail_lake:\n  "+strings.ReplaceAll(tt.config, "\n", "\n  "), "aws_cloudtrail_lake")
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.want)
			for _, secret := range []string{"8675309", "hunter2", "two words"} {
				assert.NotContains(t, err.Error(), secret, "no error shows a secret")
			}
		})
	}
}

// One start reports all mistakes: nobody should have to start a collector three times to find three of them.
func TestConfigErrorsTogether(t *testing.T) {
	_, err := read(t, "aws_cloudtrail_lake: {channel_arn: a b, on_invalid: x, timeout: 0s, endpoint: 'http://10.0.0.1', proxy_url: x, external_id: x}",
		"aws_cloudtrail_lake")
	for _, key := range []string{"channel_arn: ", "on_invalid: ", "timeout: ", "endpoint: ", "proxy_url: ", "external_id: "} {
		assert.ErrorContains(t, err, key)
	}
}

// Plain http is allowed to this machine, or if the configuration allows it with tls.insecure.
func TestConfigPlainHTTP(t *testing.T) {
	for _, config := range []string{
		"endpoint: http://localhost:8080", "endpoint: http://127.0.0.1:8080", "endpoint: http://127.8.9.10", "endpoint: 'http://[::1]:8080/lake'",
		"endpoint: http://lake.internal:8080, tls: {insecure: true}",
	} {
		_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', "+config+"}", "aws_cloudtrail_lake")
		assert.NoError(t, err, config)
	}
}

// What the error about a small queue advises works if it is followed, and what the error does not mean is not refused.
func TestConfigQueueSizeAdvice(t *testing.T) {
	for _, queue := range []string{
		"queue_size: 33554432", "queue_size: 1048576", "queue_size: 5000, sizer: requests", "queue_size: 5000, sizer: items", "queue_size: 5000, enabled: false",
	} {
		_, err := read(t, "aws_cloudtrail_lake: {channel_arn: '"+testARN+"', sending_queue: {"+queue+"}}", "aws_cloudtrail_lake")
		assert.NoError(t, err, queue)
	}
}
