// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// minio answers as an object store does that gets CloudTrail's or STS's request.
func minio(r *received) reply {
	return reply{status: 405, header: map[string]string{"Content-Type": "application/xml"}, text: `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>MethodNotAllowed</Code><Message>The specified method is not allowed against this resource.</Message><Resource>` + r.uri + `</Resource></Error>`}
}

// closedAddress is an address on which nothing listens.
func closedAddress(t *testing.T) string {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	return closed.Addr().String()
}

// TestErrorsNameTheEndpoint has a variable that was meant for another program lead somewhere else than to CloudTrail.
func TestErrorsNameTheEndpoint(t *testing.T) {
	const (
		origin = "the endpoint comes from AWS_ENDPOINT_URL: "
		page   = "<html>externalId=open+sesame</html>"
	)
	for name, c := range map[string]struct {
		answer func(*received) reply // nil = nothing listens
		want   string                // after host and colon
		advice string
	}{
		"object store":        {answer: minio, want: "HTTP405", advice: "what answered does not serve PutAuditEvents: " + origin + "check it"},
		"page":                {answer: func(*received) reply { return reply{status: 404, text: page} }, want: "HTTP404", advice: origin + "check it"},
		"bad request":         {answer: func(*received) reply { return reply{status: 400, text: page} }, want: "HTTP400", advice: origin + "check it"},
		"forbidden":           {answer: func(*received) reply { return reply{status: 403, text: page} }, want: "HTTP403", advice: origin + "check it"},
		"redirect":            {answer: func(*received) reply { return reply{status: 307, text: page} }, want: "HTTP307", advice: origin + "it answers with a redirect"},
		"not CloudTrail":      {answer: func(*received) reply { return reply{text: page} }, want: "InvalidAnswer (HTTP 200)", advice: origin + "check it"},
		"nothing":             {want: "ConnectionError: dial tcp ", advice: origin + "check it"},
		"CloudTrail's answer": {answer: func(*received) reply { return reply{status: 400, text: `{"__type":"ChannelNotFound"}`} }, want: "ChannelNotFound (HTTP 400); check channel_arn"},
	} {
		t.Run(name, func(t *testing.T) {
			staticKeys(t)
			address := ""
			if c.answer == nil {
				address = closedAddress(t)
			} else {
				address = newService(t, c.answer).Listener.Addr().String()
			}
			cfg := Config{ChannelARN: testChannel, Region: "us-east-1", ExternalID: testSecret, Timeout: 30 * time.Second}
			t.Run("variable", func(t *testing.T) {
				t.Setenv("AWS_ENDPOINT_URL", "http://"+address+"/path")
				_, err := put(t, newClient(t, cfg))
				require.Contains(t, err.Error(), "PutAuditEvents at "+address+": "+c.want)
				require.Contains(t, err.Error(), c.advice)
				require.Equal(t, c.advice == "", !strings.Contains(err.Error(), "AWS_ENDPOINT_URL"))
				requireNoURL(t, err)
			})
			t.Run("setting", func(t *testing.T) {
				fixed := cfg
				fixed.Endpoint = "http://" + address + "/path"
				_, err := put(t, newClient(t, fixed))
				require.Contains(t, err.Error(), "PutAuditEvents at "+address+": "+c.want)
				require.NotContains(t, err.Error(), "comes from")
				requireNoURL(t, err)
			})
		})
	}
}

func requireNoURL(t *testing.T, err *Error) {
	for _, secret := range []string{testSecret, url.QueryEscape(testSecret), "externalId", "channelArn", "/path", "sesame", "hunter2", "token-of"} {
		require.NotContains(t, err.Error(), secret)
	}
}

// TestErrorsOfSTSNameTheEndpoint does the same with STS. STS's answers may hold credentials: an error quotes none of them, unless
// AWS's form of an error says which part is the message.
func TestErrorsOfSTSNameTheEndpoint(t *testing.T) {
	const (
		origin = "; the endpoint of STS comes from AWS_ENDPOINT_URL_STS: check it; check profile"
		keys   = "<SecretAccessKey>hunter2</SecretAccessKey><SessionToken>token-of</SessionToken>"
	)
	for name, c := range map[string]struct {
		answer  func(*received) reply
		handler http.HandlerFunc
		want    string // after the host
	}{
		"object store":      {answer: minio, want: ": HTTP 405" + origin},
		"page":              {answer: func(r *received) reply { return reply{status: 404, text: "<html>" + r.body + keys} }, want: ": HTTP 404" + origin},
		"JSON":              {answer: func(*received) reply { return reply{status: 400, text: `{"x":"hunter2"}`} }, want: ": HTTP 400" + origin},
		"page with success": {answer: func(*received) reply { return reply{text: "<html>" + keys} }, want: ": HTTP 200: the answer could not be read" + origin},
		"cut": {answer: func(*received) reply {
			return reply{text: "<AssumeRoleResponse><AssumeRoleResult><Credentials>" + keys}
		}, want: ": HTTP 200: the answer could not be read" + origin},
		"no credentials": {answer: func(*received) reply {
			return reply{text: "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"}
		}},
		"nothing":               {want: ": dial tcp "},
		"closes the connection": {handler: hangUp(""), want: ": the other side closed the connection" + origin},
		"answers not in time":   {handler: hang, want: origin},
		"STS itself refuses": {answer: func(*received) reply {
			return reply{status: 403, text: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"}
		}, want: ": AccessDenied (HTTP 403): not you; check profile"},
		"proxy without a code":   {answer: func(*received) reply { return reply{status: 403, text: "hunter2"} }, want: ": HTTP 403" + origin},
		"answer of another form": {answer: func(*received) reply { return reply{status: 500, text: "<ErrorResponse><Error/></ErrorResponse>"} }, want: ": HTTP 500" + origin},
	} {
		t.Run(name, func(t *testing.T) {
			service := newService(t, accepts)
			cfg := service.config(t)
			cfg.ExternalID = testSecret
			cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit", ExternalID: testSecret}
			t.Setenv("AWS_SESSION_TOKEN", "token-of")
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			address := ""
			switch {
			case c.answer != nil:
				address = newService(t, c.answer).Listener.Addr().String()
			case c.handler != nil:
				server := httptest.NewServer(c.handler)
				t.Cleanup(server.Close)
				address = server.Listener.Addr().String()
				cfg.Timeout = time.Second
			default:
				address = closedAddress(t)
			}
			t.Setenv("AWS_ENDPOINT_URL_STS", "http://"+address+"/path")
			_, err := put(t, newClient(t, cfg))
			require.Equal(t, CodeCredentials, err.Code)
			require.Equal(t, Operator, err.Class)
			switch name {
			case "no credentials":
				require.Contains(t, err.Error(), "did not contain credentials")
			case "answers not in time":
				// Either the request or the wait for the SDK's cache ends first.
				require.Contains(t, err.Error(), "no answer in time")
				require.Contains(t, err.Error(), "at "+address)
				require.Contains(t, err.Error(), c.want)
			default:
				require.Contains(t, err.Error(), "PutAuditEvents: CredentialsError: STS AssumeRole at "+address+c.want)
			}
			requireNoURL(t, err)
			require.Empty(t, service.received())
		})
	}
}

// TestProxyOutOfReach has a proxy that does not exist. Its faults are not the endpoint's.
func TestProxyOutOfReach(t *testing.T) {
	plain := newService(t, func(*received) reply { return reply{status: 403} })
	closed := closedAddress(t)
	for name, c := range map[string]struct {
		proxy string
		want  string
		class Class
	}{
		"refuses":         {proxy: "http://me:hunter2@" + closed, want: "proxyconnect tcp: dial tcp " + closed + ": connect: connection refused"},
		"refuses, SOCKS":  {proxy: "socks5://me:hunter2@" + closed, want: closed},
		"no such host":    {proxy: "http://me:hunter2@proxy.invalid:3128", want: "lookup proxy.invalid"},
		"not for TLS":     {proxy: "https://me:hunter2@" + plain.Listener.Addr().String(), want: "proxyconnect tcp: tls: first record does not look like a TLS handshake", class: Operator},
		"says no":         {proxy: "http://me:hunter2@" + plain.Listener.Addr().String(), want: "the proxy answered CONNECT with HTTP 403", class: Operator},
		"not a TLS proxy": {proxy: "https://me:hunter2@" + closed, want: "proxyconnect tcp: dial tcp " + closed},
	} {
		t.Run(name, func(t *testing.T) {
			staticKeys(t)
			cfg := Config{ChannelARN: testChannel, Region: "us-east-1", ExternalID: testSecret, ProxyURL: parse(t, c.proxy), Timeout: 30 * time.Second}
			_, err := put(t, newClient(t, cfg))
			require.Equal(t, CodeProxy, err.Code, err.Error())
			require.Equal(t, c.class, err.Class)
			require.Contains(t, err.Error(), "PutAuditEvents at cloudtrail-data.us-east-1.amazonaws.com: ProxyError: ")
			require.Contains(t, err.Error(), c.want)
			require.Contains(t, err.Error(), "check proxy_url, or HTTPS_PROXY in the environment")
			requireNoURL(t, err)

			cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			_, err = put(t, newClient(t, cfg))
			require.Equal(t, CodeCredentials, err.Code)
			require.Contains(t, err.Error(), "STS AssumeRole at sts.us-east-1.amazonaws.com: ")
			require.Contains(t, err.Error(), c.want)
			require.Contains(t, err.Error(), "check proxy_url, or HTTPS_PROXY in the environment")
			requireNoURL(t, err)
		})
	}
}

// TestUnreachableFIPSEndpoint names the variable behind a host that does not exist: not every service has such endpoints.
func TestUnreachableFIPSEndpoint(t *testing.T) {
	staticKeys(t)
	t.Setenv("AWS_USE_FIPS_ENDPOINT", "true")
	client := newClient(t, Config{ChannelARN: testChannel, Region: "us-east-1", Timeout: 30 * time.Second})
	e := &Error{Code: CodeConnection, host: client.endpoint.host(), origin: client.endpoint.elsewhere()}
	require.Equal(t, "PutAuditEvents at cloudtrail-data-fips.us-east-1.amazonaws.com: ConnectionError; if this lasts: "+
		"the endpoint comes from the AWS SDK, with AWS_USE_FIPS_ENDPOINT: check it, region, DNS and the way out of this network", e.Error())
}
