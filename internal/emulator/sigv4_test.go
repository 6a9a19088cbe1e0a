// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/stretchr/testify/require"
)

func TestSignature(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	edit := func(old, replacement string) func(*http.Request) {
		return func(r *http.Request) {
			auth := r.Header.Get("Authorization")
			if !strings.Contains(auth, old) {
				panic(auth)
			}
			r.Header.Set("Authorization", strings.Replace(auth, old, replacement, 1))
		}
	}
	header := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = values }
	}
	for _, row := range []struct {
		name    string
		sign    func(*signing)
		change  func(*http.Request) // before signing
		spoil   func(*http.Request) // after
		status  int
		code    string
		message string
	}{
		{name: "good", status: 200},
		{name: "good with odd spaces", change: header("X-Amz-Meta-Odd", "  a   b "), status: 200},
		{name: "good with a header of two values", change: header("X-Amz-Meta-Two", "a", "b"), status: 200},
		{name: "good with the payload's hash", change: header("X-Amz-Content-Sha256", hexSum(body(t, entry("a", event(nil))))), status: 200},
		{name: "unsigned payload", change: header("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"), status: 403, code: "InvalidSignatureException", message: "X-Amz-Content-Sha256"},
		{name: "unknown key", sign: func(s *signing) { s.credentials.AccessKeyID = "AKIDOTHER" }, status: 403, code: "UnrecognizedClientException", message: "security token"},
		{name: "wrong secret", sign: func(s *signing) { s.credentials.SecretAccessKey = "x" }, status: 403, code: "InvalidSignatureException", message: "does not match"},
		{name: "temporary key without its token", sign: func(s *signing) { s.credentials.AccessKeyID = "ASIATEMPORARY" }, status: 403, code: "UnrecognizedClientException"},
		{name: "temporary key with its token", sign: func(s *signing) {
			s.credentials.AccessKeyID, s.credentials.SessionToken = "ASIATEMPORARY", "token"
		}, status: 200},
		{name: "long-term key with a token", sign: func(s *signing) { s.credentials.SessionToken = "token" }, status: 403, code: "UnrecognizedClientException", message: "unset AWS_SESSION_TOKEN"},
		{name: "token not signed", sign: func(s *signing) { s.credentials.AccessKeyID = "ASIATEMPORARY" }, spoil: header("X-Amz-Security-Token", "token"), status: 403, code: "InvalidSignatureException", message: "x-amz-security-token"},
		{name: "x-amz header not signed", spoil: header("X-Amz-Other", "1"), status: 403, code: "InvalidSignatureException", message: "x-amz-other"},
		{name: "other header not signed", spoil: header("X-Other", "1"), status: 200},
		{name: "other Region", sign: func(s *signing) { s.region = "eu-west-1" }, status: 403, code: "InvalidSignatureException", message: "valid region"},
		{name: "other service", sign: func(s *signing) { s.service = "cloudtrail" }, status: 403, code: "InvalidSignatureException", message: "correct service: 'cloudtrail-data'"},
		{name: "other terminator", spoil: edit("aws4_request", "aws5_request"), status: 403, code: "InvalidSignatureException", message: "terminator"},
		{name: "other date in the scope", spoil: edit("20260304/", "20260305/"), status: 403, code: "InvalidSignatureException", message: "Date in Credential scope"},
		{name: "five minutes slow", sign: func(s *signing) { s.at = now.Add(-5 * time.Minute) }, status: 200},
		{name: "five minutes fast", sign: func(s *signing) { s.at = now.Add(5 * time.Minute) }, status: 200},
		{name: "too slow", sign: func(s *signing) { s.at = now.Add(-5*time.Minute - time.Second) }, status: 403, code: "InvalidSignatureException", message: "Signature expired: 20260304T050106Z is now earlier than 20260304T050107Z"},
		{name: "too fast", sign: func(s *signing) { s.at = now.Add(5*time.Minute + time.Second) }, status: 403, code: "InvalidSignatureException", message: "not yet current"},
		{name: "no date", spoil: header("X-Amz-Date"), status: 400, code: "IncompleteSignatureException", message: "X-Amz-Date"},
		{name: "two dates", spoil: header("X-Amz-Date", "20260304T050607Z", "20260304T050607Z"), status: 400, code: "IncompleteSignatureException", message: "X-Amz-Date"},
		{name: "date in another form", spoil: header("X-Amz-Date", "2026-03-04T05:06:07Z"), status: 400, code: "IncompleteSignatureException", message: "ISO-8601"},
		{name: "date with a fraction", spoil: func(r *http.Request) {
			const date = "20260304T050607.5Z"
			r.Header.Set("X-Amz-Date", date)
			a, _ := parseAuthorization(r.Header.Values("Authorization"))
			right := sign(r, a, date, hexSum(body(t, entry("a", event(nil)))), ExampleSecretAccessKey)
			edit(a.signature, right)(r)
		}, status: 400, code: "IncompleteSignatureException", message: "ISO-8601"},
		{name: "not signed", spoil: header("Authorization"), status: 403, code: "MissingAuthenticationTokenException"},
		{name: "two signatures", spoil: func(r *http.Request) {
			r.Header["Authorization"] = append(r.Header["Authorization"], r.Header["Authorization"][0])
		}, status: 400, code: "IncompleteSignatureException"},
		{name: "basic authorization", spoil: header("Authorization", "Basic eDp5"), status: 400, code: "IncompleteSignatureException"},
		{name: "scope cut off", spoil: edit("/aws4_request", ""), status: 400, code: "IncompleteSignatureException"},
		{name: "part twice", spoil: edit("SignedHeaders=", "Signature=x, SignedHeaders="), status: 400, code: "IncompleteSignatureException"},
		{name: "part unknown", spoil: edit("SignedHeaders=", "x=y, SignedHeaders="), status: 400, code: "IncompleteSignatureException"},
		{name: "no signature", spoil: edit("Signature=", "Sig="), status: 400, code: "IncompleteSignatureException"},
		{name: "no signed headers", spoil: edit("SignedHeaders=", "Headers="), status: 400, code: "IncompleteSignatureException"},
		{name: "host not signed", spoil: edit(";host;", ";"), status: 403, code: "InvalidSignatureException", message: "'host' must be signed"},
		{name: "Content-Type not signed", spoil: edit("content-length;content-type;", "content-length;"), status: 403, code: "InvalidSignatureException", message: "content-type"},
		{name: "signed headers not sorted", spoil: edit("content-length;content-type;", "content-type;content-length;"), status: 403, code: "InvalidSignatureException", message: "sorted"},
		{name: "signed header twice", spoil: edit("host;", "host;host;"), status: 403, code: "InvalidSignatureException", message: "sorted"},
		{name: "signed header not there", spoil: edit("host;", "host;no-such-header;"), status: 403, code: "InvalidSignatureException", message: "not in the request"},
		{name: "query changed", spoil: func(r *http.Request) { r.URL.RawQuery += "&externalId=ab" }, status: 403, code: "InvalidSignatureException", message: "does not match"},
		{name: "Content-Type changed", spoil: header("Content-Type", "application/json; charset=utf-8"), status: 403, code: "InvalidSignatureException", message: "does not match"},
		{name: "body changed", spoil: func(r *http.Request) {
			r.Body, r.GetBody = io.NopCloser(strings.NewReader(body(t, entry("b", event(nil))))), nil
		}, status: 403, code: "InvalidSignatureException", message: "does not match"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, server := start(t, Config{
				Now:  func() time.Time { return now },
				Keys: map[string]string{ExampleAccessKeyID: ExampleSecretAccessKey, "ASIATEMPORARY": ExampleSecretAccessKey},
			})
			s := goodSigning()
			s.at = now
			if row.sign != nil {
				row.sign(&s)
			}
			got := send(t, server, rawRequest(t, server.URL, body(t, entry("a", event(nil))), s, row.change, row.spoil))
			require.Equal(t, row.status, got.status, got.message)
			require.Equal(t, row.code, got.code)
			require.Contains(t, got.message, row.message)
			require.Equal(t, "Wed, 04 Mar 2026 05:06:07 GMT", got.header.Get("Date"), "the SDK corrects its clock by it")
			require.Zero(t, e.Counts().Violations, "a signature is the operator's matter")
			require.Equal(t, row.code == "", len(e.Events()) == 1)
		})
	}
}

// TestKeys has the SDK sign, with a session token, and with a key that is not known.
func TestKeys(t *testing.T) {
	e, server := start(t, Config{Keys: map[string]string{"ASIANEW": "new/secret"}})
	_, err := client(t, server, func(o *cloudtraildata.Options) {
		o.Credentials = credentials.NewStaticCredentialsProvider("ASIANEW", "new/secret", "a session/token+==")
	}).PutAuditEvents(context.Background(), input(entry("a", event(nil))))
	require.NoError(t, err)
	_, err = client(t, server).PutAuditEvents(context.Background(), input(entry("b", event(nil))))
	require.ErrorContains(t, err, "UnrecognizedClientException")
	require.Equal(t, "ASIANEW", e.Requests()[0].AccessKeyID)
}

// TestDocumentedSignature recomputes the example of the IAM User Guide's "Signature Version 4 test suite",
// get-vanilla-query-order-key-case.
func TestDocumentedSignature(t *testing.T) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://example.amazonaws.com/?Param2=value2&Param1=value1", nil)
	require.NoError(t, err)
	r.Header.Set("X-Amz-Date", "20150830T123600Z")
	a := authorization{date: "20150830", region: "us-east-1", service: "service", terminator: "aws4_request", signedHeaders: []string{"host", "x-amz-date"}}
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	require.Equal(t, "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
		sign(r, a, "20150830T123600Z", empty, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
}

func FuzzAuthorization(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/cloudtrail-data/aws4_request, SignedHeaders=host;x-amz-date, Signature=00")
	f.Add("AWS4-HMAC-SHA256 Credential=////,SignedHeaders=,Signature=,,=")
	f.Fuzz(func(t *testing.T, header string) {
		a, apiErr := parseAuthorization([]string{header})
		if apiErr != nil {
			require.NotEmpty(t, apiErr.code)
			return
		}
		require.NotEmpty(t, a.signedHeaders)
		require.NotEmpty(t, a.signature)
		require.True(t, strings.HasPrefix(header, signingAlgorithm+" "))
	})
}
