// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

func TestCauseOf(t *testing.T) {
	for code, want := range map[string]outcome.Cause{
		"":                     outcome.Accepted,
		"FieldTooLong":         outcome.RefusedForGood,
		"FieldNotFound":        outcome.RefusedForGood,
		"InvalidChecksum":      outcome.ChecksumWrong,
		"InvalidData":          outcome.RefusedForGood,
		"InvalidRecipient":     outcome.Blamed,
		"InvalidEventSource":   outcome.Blamed,
		"AccountNotSubscribed": outcome.RefusedForNow,
		"Throttling":           outcome.RefusedForNow,
		"InternalFailure":      outcome.RefusedForNow,
		"SomethingNew":         outcome.RefusedForGood,
		"ThrottlingException":  outcome.RefusedForNow,
		"internalfailure":      outcome.RefusedForNow,
		CodeNotListed:          outcome.RefusedForNow,
		CodeNone:               outcome.RefusedForNow,
	} {
		assert.Equal(t, want, CauseOf(code), code)
	}
}

// TestAnsweredErrors plays whole-request failures over the wire.
func TestAnsweredErrors(t *testing.T) {
	const page = "<html><body>upstream unavailable</body></html>"
	json := func(code string) string { return fmt.Sprintf(`{"__type":%q,"message":"a message"}`, code) }
	for _, c := range []struct {
		name   string
		status int
		text   string
		header string // X-Amzn-ErrorType
		code   string
		class  Class
	}{
		// The six exceptions of PutAuditEvents.
		{status: 400, text: json("ChannelInsufficientPermission"), code: "ChannelInsufficientPermission", class: Operator},
		{status: 400, text: json("ChannelNotFound"), code: "ChannelNotFound", class: Operator},
		{status: 400, text: json("ChannelUnsupportedSchema"), code: "ChannelUnsupportedSchema", class: Operator},
		{status: 400, text: json("DuplicatedAuditEventId"), code: "DuplicatedAuditEventId", class: Blame},
		{status: 400, text: json("InvalidChannelARN"), code: "InvalidChannelARN", class: Operator},
		{status: 400, text: json("UnsupportedOperationException"), code: "UnsupportedOperationException", class: Operator},

		// The common errors, as documented and as services write them.
		{status: 400, text: json("ThrottlingException"), code: "ThrottlingException", class: Throttled},
		{status: 400, text: json("Throttling"), code: "Throttling", class: Throttled},
		{status: 429, text: json("TooManyRequestsException"), code: "TooManyRequestsException", class: Throttled},
		{status: 429, text: page, code: "HTTP429", class: Throttled},
		{status: 503, text: json("SlowDown"), code: "SlowDown", class: Throttled},
		{status: 400, text: json("RequestLimitExceeded"), code: "RequestLimitExceeded", class: Throttled},
		{status: 400, text: json("ValidationError"), code: "ValidationError", class: Blame},
		{status: 400, text: json("ValidationException"), code: "ValidationException", class: Blame},
		{status: 400, text: json("SerializationException"), code: "SerializationException", class: Blame},
		{status: 403, text: json("AccessDenied"), code: "AccessDenied", class: Operator},
		{status: 400, text: json("AccessDeniedException"), code: "AccessDeniedException", class: Operator},
		{status: 403, text: json("ExpiredToken"), code: "ExpiredToken", class: Operator},
		{status: 403, text: json("ExpiredTokenException"), code: "ExpiredTokenException", class: Operator},
		{status: 403, text: json("UnrecognizedClient"), code: "UnrecognizedClient", class: Operator},
		{status: 403, text: json("UnrecognizedClientException"), code: "UnrecognizedClientException", class: Operator},
		{status: 403, text: json("InvalidSignature"), code: "InvalidSignature", class: Operator},
		{status: 403, text: json("InvalidSignatureException"), code: "InvalidSignatureException", class: Operator},
		{status: 403, text: json("SignatureDoesNotMatch"), code: "SignatureDoesNotMatch", class: Operator},
		{status: 403, text: json("RequestTimeTooSkewed"), code: "RequestTimeTooSkewed", class: Operator},
		{status: 403, text: json("InvalidClientTokenId"), code: "InvalidClientTokenId", class: Operator},
		{status: 400, text: json("IncompleteSignature"), code: "IncompleteSignature", class: Operator},
		{status: 403, text: json("MissingAuthenticationTokenException"), code: "MissingAuthenticationTokenException", class: Operator},
		{status: 403, text: json("OptInRequired"), code: "OptInRequired", class: Operator},
		{status: 400, text: json("NotAuthorized"), code: "NotAuthorized", class: Operator},
		{status: 400, text: json("RequestExpired"), code: "RequestExpired", class: Operator},
		{status: 408, text: json("RequestTimeout"), code: "RequestTimeout", class: Passing},
		{status: 408, text: "", code: "HTTP408", class: Passing},
		{status: 413, text: json("RequestEntityTooLarge"), code: "RequestEntityTooLarge", class: Blame},
		{status: 413, text: page, code: "HTTP413", class: Blame},
		{status: 500, text: json("InternalFailure"), code: "InternalFailure", class: Passing},
		{status: 500, text: page, code: "HTTP500", class: Passing},
		{status: 502, text: page, code: "HTTP502", class: Passing},
		{status: 503, text: json("ServiceUnavailable"), code: "ServiceUnavailable", class: Passing},
		{status: 503, text: page, code: "HTTP503", class: Passing},
		{status: 503, text: "", code: "HTTP503", class: Passing},
		{status: 504, text: `{"message":null}`, code: "HTTP504", class: Passing},

		// By status, and others.
		{status: 301, text: page, code: "HTTP301", class: Operator},
		{status: 400, text: json("SomethingNew"), code: "SomethingNew", class: Operator},
		{status: 400, text: page, code: "HTTP400", class: Operator},
		{status: 401, text: page, code: "HTTP401", class: Operator},
		{status: 403, text: page, code: "HTTP403", class: Operator},
		{status: 403, text: `{"code":403,"message":"a proxy's JSON"}`, code: "HTTP403", class: Operator},
		{status: 404, text: page, code: "HTTP404", class: Operator},
		{status: 407, text: page, code: "HTTP407", class: Operator},
		{name: "a server that fails is no judge", status: 500, text: json("ValidationException"), code: "ValidationException", class: Passing},
		{name: "cut", status: 503, text: `{"__type":"Throt`, code: "HTTP503", class: Passing},
		{name: "too long", status: 503, text: `{"x":"` + strings.Repeat("x", maxErrorSize) + `","__type":"ThrottlingException"}`, code: "HTTP503", class: Passing},

		// The forms that a code comes in.
		{name: "header", status: 400, text: "{}", header: "ChannelNotFound", code: "ChannelNotFound", class: Operator},
		{name: "header with address", status: 400, text: `{"message":"m"}`, header: "ThrottlingException:http://internal.amazon.com/coral/com.amazon.coral.availability/", code: "ThrottlingException", class: Throttled},
		{name: "header with both", status: 400, text: "{}", header: "com.amazonaws.cloudtraildata#ValidationException:http://x/", code: "ValidationException", class: Blame},
		{name: "namespace", status: 400, text: json("com.amazonaws.cloudtraildata#InvalidChannelARN"), code: "InvalidChannelARN", class: Operator},
		{name: "member code", status: 400, text: `{"code":"DuplicatedAuditEventId"}`, code: "DuplicatedAuditEventId", class: Blame},
		{name: "other case", status: 400, text: json("throttlingexception"), code: "throttlingexception", class: Throttled},
		{name: "header, and a body that is no JSON", status: 400, text: page, header: "ThrottlingException", code: "ThrottlingException", class: Throttled},
		{name: "header, and a message that is no text", status: 400, text: `{"message":{}}`, header: "a#ValidationException:http://x/", code: "ValidationException", class: Blame},
		{name: "hostile", status: 400, text: json("a b\n" + strings.Repeat("x", 999)), code: "a_b_" + strings.Repeat("x", 124), class: Operator},
	} {
		t.Run(strings.TrimSpace(fmt.Sprint(c.name, " ", c.status, " ", c.code)), func(t *testing.T) {
			service := newService(t, func(*received) reply {
				header := map[string]string{"X-Amzn-Requestid": "request-1", "Retry-After": "7"}
				if c.header != "" {
					header["X-Amzn-ErrorType"] = c.header
				}
				return reply{status: c.status, text: c.text, header: header}
			})
			_, err := put(t, newClient(t, service.config(t)))
			require.NotNil(t, err)
			assert.Equal(t, c.code, err.Code)
			assert.Equal(t, c.class, err.Class, err.Class)
			assert.Equal(t, c.status, err.Status)
			assert.Equal(t, "request-1", err.RequestID)
			assert.Equal(t, 7*time.Second, err.RetryAfter)
			assert.Contains(t, err.Error(), c.code)
			if c.class == Operator && c.code != "SomethingNew" && c.code != "HTTP400" && c.name != "hostile" {
				assert.NotEmpty(t, Advice(err.Code))
				assert.Contains(t, err.Error(), Advice(err.Code))
			}
		})
	}
}

// TestErrorsKeepSecrets holds that no error quotes an event, the external IDs or the request's URL, whatever AWS's
// message says, and that messages about access are quoted all the same.
func TestErrorsKeepSecrets(t *testing.T) {
	const content = "jane's salary"
	message := fmt.Sprintf("Value '%s' for '%s' at POST /PutAuditEvents?externalId=%s", testSecret, content, "open%2Bsesame%3D%2F42")
	for _, code := range []string{
		"ValidationException", "SerializationException", "DuplicatedAuditEventId", "RequestEntityTooLarge", "InternalFailure",
		"ThrottlingException", "ChannelNotFound", "InvalidChannelARN", "SomethingNew", "AccessDenied",
	} {
		t.Run(code, func(t *testing.T) {
			service := newService(t, func(*received) reply {
				return reply{status: 400, text: fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)}
			})
			cfg := service.config(t)
			cfg.ExternalID = testSecret
			_, err := put(t, newClient(t, cfg))
			for _, text := range []string{err.Error(), fmt.Sprintf("%v", err), fmt.Sprintf("%+v", *err), fmt.Sprintf("%#v", err)} {
				require.NotContains(t, text, testSecret)
				require.NotContains(t, text, "open%2Bsesame%3D%2F42")
				require.Equal(t, code == "AccessDenied", strings.Contains(text, "[redacted]"))
				require.Equal(t, code == "AccessDenied", strings.Contains(text, content))
			}
		})
	}
}

// TestErrorsQuoteNoCanonicalRequest plays what services add to the message about a signature: the request as they read it,
// its query and the session token among it.
func TestErrorsQuoteNoCanonicalRequest(t *testing.T) {
	const (
		token = "FwoGZXIvYXdzEXAMPLETOKEN"
		first = "The request signature we calculated does not match the signature you provided."
	)
	message := func(r *received) string {
		return first + "\n\nThe Canonical String for this request should have been\n'POST\n/PutAuditEvents\n" + r.uri +
			"\nx-amz-security-token:" + r.header.Get("X-Amz-Security-Token") + "\n\nhost;x-amz-date;x-amz-security-token\n00'\n"
	}
	t.Run("CloudTrail", func(t *testing.T) {
		service := newService(t, func(r *received) reply {
			return reply{status: 403, text: fmt.Sprintf(`{"__type":"InvalidSignatureException","message":%q}`, message(r))}
		})
		cfg := service.config(t)
		t.Setenv("AWS_SESSION_TOKEN", token)
		cfg.ExternalID = testSecret
		_, err := put(t, newClient(t, cfg))
		require.Equal(t, token, service.received()[0].header.Get("X-Amz-Security-Token"))
		require.Contains(t, err.Error(), first+";")
		require.NotContains(t, err.Error(), token)
	})
	t.Run("STS", func(t *testing.T) {
		service := newService(t, accepts)
		cfg := service.config(t)
		t.Setenv("AWS_SESSION_TOKEN", token)
		sts := newService(t, func(r *received) reply {
			return reply{status: 403, text: "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>" + message(r) + "</Message></Error></ErrorResponse>"}
		})
		t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
		cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
		_, err := put(t, newClient(t, cfg))
		require.Equal(t, token, sts.received()[0].header.Get("X-Amz-Security-Token"))
		require.Contains(t, err.Error(), "SignatureDoesNotMatch (HTTP 403): "+first+";")
		require.NotContains(t, err.Error(), token)
	})
}

// TestLongSecretsAreRedacted has a message that is cut in the midst of an external ID.
func TestLongSecretsAreRedacted(t *testing.T) {
	secret := strings.Repeat("s3cret", 200)
	service := newService(t, func(r *received) reply {
		return reply{status: 403, text: fmt.Sprintf(`{"__type":"AccessDenied","message":"not with the external ID %s"}`, r.query["externalId"][0])}
	})
	cfg := service.config(t)
	cfg.ExternalID = secret
	_, err := put(t, newClient(t, cfg))
	require.Contains(t, err.Error(), "not with the external ID [redacted];")
	require.NotContains(t, err.Error(), "s3cret")
}

// TestLongSecretsOfRolesAreRedacted has the same of STS.
func TestLongSecretsOfRolesAreRedacted(t *testing.T) {
	cfg := newService(t, accepts).config(t)
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit", ExternalID: strings.Repeat("s3cret", 200)}
	sts := newService(t, func(r *received) reply {
		form, _ := url.ParseQuery(r.body)
		return reply{status: 403, text: `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not with the external ID ` + form.Get("ExternalId") +
			`</Message></Error></ErrorResponse>`}
	})
	t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
	_, err := put(t, newClient(t, cfg))
	require.Contains(t, err.Error(), "STS AssumeRole at "+sts.Listener.Addr().String()+": AccessDenied (HTTP 403): not with the external ID [redacted];")
	require.NotContains(t, err.Error(), "s3cret")
}

func TestAccessDeniedNamesPrincipalAndResource(t *testing.T) {
	const message = "User: arn:aws:sts::111122223333:assumed-role/collector/i-1 is not authorized to perform: cloudtrail-data:PutAuditEvents on resource: " + testChannel
	service := newService(t, func(*received) reply {
		return reply{status: 403, text: fmt.Sprintf(`{"__type":"AccessDeniedException","Message":%q}`, message)}
	})
	_, err := put(t, newClient(t, service.config(t)))
	require.Equal(t, "PutAuditEvents at "+service.Listener.Addr().String()+": AccessDeniedException (HTTP 403): "+message+"; "+adviceRole, err.Error())
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                     0,
		"0":                    0,
		"2":                    2 * time.Second,
		"300":                  5 * time.Minute,
		"301":                  5 * time.Minute,
		"4294967295":           5 * time.Minute,
		"99999999999999999999": 0,
		"-5":                   0,
		"1.5":                  0,
		"soon":                 0,
		now.Add(time.Minute).Format(http.TimeFormat):    time.Minute,
		now.Add(-time.Minute).Format(http.TimeFormat):   0,
		now.Add(24 * time.Hour).Format(http.TimeFormat): 5 * time.Minute,
	} {
		assert.Equal(t, want, retryAfter(value, now), value)
	}
}

func TestRetryAfterDateIsOnTheServicesClock(t *testing.T) {
	now := time.Now()
	head := readHead(503, http.Header{
		"Date":        {now.Add(time.Hour).UTC().Format(http.TimeFormat)},
		"Retry-After": {now.Add(time.Hour + 10*time.Second).UTC().Format(http.TimeFormat)},
	}, now, now)
	require.Equal(t, 10*time.Second, head.retryAfter)
}

// TestRetryAfterInMilliseconds reads the header that AWS's SDKs read.
func TestRetryAfterInMilliseconds(t *testing.T) {
	for _, c := range []struct {
		aws, standard string
		want          time.Duration
	}{
		{aws: "1500", want: 1500 * time.Millisecond},
		{aws: "1500", standard: "7", want: 1500 * time.Millisecond},
		{aws: "99999999", want: 5 * time.Minute},
		{aws: "99999999999999999999", standard: "7", want: 7 * time.Second},
		{aws: "-1", standard: "7", want: 7 * time.Second},
		{aws: "soon", want: 0},
	} {
		header := http.Header{"X-Amz-Retry-After": {c.aws}}
		if c.standard != "" {
			header.Set("Retry-After", c.standard)
		}
		assert.Equal(t, c.want, readHead(503, header, time.Now(), time.Now()).retryAfter, c)
	}
}

func TestClean(t *testing.T) {
	require.Equal(t, "a b c", clean(" a\n\tb\r\n\x7fc\xff"))
	require.LessOrEqual(t, len(clean(strings.Repeat("é", maxDetail))), maxDetail)
}

func FuzzCleanCode(f *testing.F) {
	f.Add("com.amazonaws.x#ThrottlingException:http://internal/")
	f.Add("a b\n")
	f.Fuzz(func(t *testing.T, code string) {
		got := cleanCode(code)
		require.LessOrEqual(t, len(got), maxCodeLength)
		require.Empty(t, strings.Trim(got, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"))
		require.Equal(t, got, cleanCode(got))
	})
}
