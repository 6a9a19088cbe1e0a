// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"fmt"
	"strings"
)

// Advice tells the operator what to do about the code of an event or of a request. It returns "" if there is nothing to do
// but wait, or nothing is known.
func Advice(code string) string {
	return advice[codeKey(code)]
}

// adviceFrom is Advice for a request whose endpoint comes from somewhere else than the setting, such as AWS_ENDPOINT_URL,
// which the operator may have meant for another program. origin "" = from the setting or the SDK.
func adviceFrom(code, origin string) string {
	text := Advice(code)
	if origin == "" {
		return text
	}
	if format, ok := adviceOrigin[codeKey(code)]; ok {
		return fmt.Sprintf(format, origin)
	}
	return text
}

const (
	adviceKeys   = "check that the access key exists and is active, and that its secret is the one that belongs to it"
	adviceExpiry = "the credentials have expired: renew them where they come from; they are read again at every attempt"
	adviceClock  = "check the clock of this host: AWS refuses signatures more than five minutes off"
	adviceRole   = "allow the principal cloudtrail-data:PutAuditEvents on the channel, in its own IAM policy and, for another account's channel, in the channel's policy"
	adviceEvent  = "the request or an event in it has a form that the service does not take: please report it, without the event's content"
	adviceSize   = "the request was larger than something on the way allows: where a proxy or gateway stands before CloudTrail, let it take bodies of 1 MB"
)

// byCode returns a map by codeKey. The keys of texts are lists of codes.
func byCode(texts map[string]string) map[string]string {
	all := map[string]string{}
	for codes, text := range texts {
		for code := range strings.FieldsSeq(codes) {
			all[codeKey(code)] = text
		}
	}
	return all
}

// adviceOrigin is the advice on codes that a wrong endpoint may cause, with a place for the endpoint's origin.
var adviceOrigin = byCode(map[string]string{
	CodeConnection + " " + CodeTimeout: "if this lasts: the endpoint comes from %s: check it, region, DNS and the way out of this network",
	CodeTLS:                            "the endpoint comes from %s: check it, and check tls: the certificate authority, the client certificate and the server name",
	CodeClient:                         "the endpoint comes from %s: check it and region",
	CodeInvalidAnswer: "what answered is not CloudTrail, or was cut: the endpoint comes from %s: check it and any proxy on the way; " +
		"events that were stored all the same are stored twice when they are sent again",

	"HTTP301 HTTP302 HTTP307 HTTP308": "the endpoint comes from %s: it answers with a redirect, which is not followed: write the address that it leads to",
	"HTTP401 HTTP403 HTTP407":         "the endpoint comes from %s: check it, and the rules and credentials of any proxy or gateway before CloudTrail",
	"HTTP400 HTTP404 HTTP405":         "what answered does not serve PutAuditEvents: the endpoint comes from %s: check it",
})

// advice is the advice on a code.
var advice = byCode(map[string]string{
	"ChannelInsufficientPermission": "let the channel's policy allow this principal cloudtrail-data:PutAuditEvents, and set external_id where the policy demands one",
	"ChannelNotFound":               "check channel_arn and region: the channel must exist in this Region and account",
	"ChannelUnsupportedSchema":      "send to a channel for your own sources, one whose Source is Custom",
	"InvalidChannelARN":             "write channel_arn as arn:aws:cloudtrail:<region>:<account>:channel/<id>",
	"UnsupportedOperationException": "check that CloudTrail Lake takes events in this Region and for this account",

	"AccessDenied NotAuthorized": adviceRole,
	"OptInRequired":              "enable the Region or the service for this account",
	"ExpiredToken":               adviceExpiry,
	"UnrecognizedClient InvalidClientTokenId InvalidAccessKeyId AuthFailure InvalidToken": adviceKeys,
	"InvalidSignature SignatureDoesNotMatch":                                              adviceKeys + "; and " + adviceClock,
	"RequestTimeTooSkewed RequestExpired":                                                 adviceClock,
	"IncompleteSignature MissingAuthenticationToken":                                      "a proxy or gateway on the way may be changing the request's headers: let it pass them as they are",

	CodeConnection + " " + CodeTimeout: "if this lasts, check region, endpoint, DNS and the way out of this network",
	CodeCredentials:                    "check profile, assume_role and the credentials of this host: environment, shared files, container or instance role",
	CodeTLS:                            "check tls: the certificate authority, the client certificate and the server name",
	CodeProxy:                          "check proxy_url, or HTTPS_PROXY in the environment, and what the proxy lets through",
	CodeClient:                         "check region and endpoint",
	CodeInvalidAnswer: "what answered is not CloudTrail, or was cut: check endpoint and any proxy on the way; " +
		"events that were stored all the same are stored twice when they are sent again",

	"ValidationError ValidationException SerializationException DuplicatedAuditEventId": adviceEvent,
	"RequestEntityTooLarge PayloadTooLarge HTTP413":                                     adviceSize,

	"AccountNotSubscribed": "enable CloudTrail Lake for this account",
	"InvalidRecipient":     "set recipient_account_id to the account that owns the channel",
	"InvalidEventSource":   "check that the channel takes events of this eventSource",
	"InvalidChecksum":      "something on the way changes the request's body: check any proxy before CloudTrail",

	"HTTP301 HTTP302 HTTP307 HTTP308": "endpoint answers with a redirect, which is not followed: write the address that it leads to",
	"HTTP401 HTTP403 HTTP407":         "a proxy or gateway before CloudTrail refuses the request: check its rules and its credentials",
	"HTTP404 HTTP405":                 "what answered does not serve PutAuditEvents: check endpoint",
})
