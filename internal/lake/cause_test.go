// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

func TestCauses(t *testing.T) {
	api := &smithy.OperationError{
		ServiceID: "STS", OperationName: "AssumeRole",
		Err: &smithy.GenericAPIError{Code: "AccessDenied", Message: "User: arn:aws:iam::1:user/x is not authorized"},
	}
	request := &url.Error{Op: "Get", URL: "http://169.254.170.2/v2/credentials/a-guid?x=secret", Err: &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}}
	for _, c := range []struct {
		name string
		err  error
		want Error
	}{
		{"reset", &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, Error{Code: CodeConnection, detail: "read tcp: read: connection reset by peer"}},
		{"errno alone", syscall.EPIPE, Error{Code: CodeConnection, detail: "broken pipe"}},
		{"end", io.ErrUnexpectedEOF, Error{Code: CodeConnection, detail: "the other side closed the connection"}},
		{"name", &net.DNSError{Err: "no such host", Name: "x.test", IsNotFound: true}, Error{Code: CodeConnection, detail: "lookup x.test: no such host"}},
		{"name, in time", &net.DNSError{Err: "i/o timeout", Name: "x.test", IsTimeout: true}, Error{Code: CodeConnection, detail: "lookup x.test: i/o timeout"}},
		{"anything else is not quoted", errors.New(`malformed HTTP response "externalId=secret"`), Error{Code: CodeConnection, detail: "the connection broke"}},
		{"dial, in time", &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}, Error{Code: CodeTimeout, detail: "no answer in time"}},
		{"deadline", &smithy.CanceledError{Err: context.DeadlineExceeded}, Error{Code: CodeTimeout, detail: "no answer in time"}},
		{"canceled", &smithy.CanceledError{Err: context.Canceled}, Error{Code: CodeCanceled}},

		{"credentials: API", &credentialsError{err: api}, Error{Code: CodeCredentials, Class: Operator, detail: "STS AssumeRole: AccessDenied: User: arn:aws:iam::1:user/x is not authorized"}},
		{"credentials: no code", &credentialsError{err: &smithy.GenericAPIError{Message: "no"}}, Error{Code: CodeCredentials, Class: Operator, detail: "no"}},
		{"credentials: URL", &credentialsError{err: request}, Error{Code: CodeCredentials, Class: Operator, detail: "request to 169.254.170.2: dial tcp: connection refused"}},
		{"credentials: in time", &credentialsError{err: &aws.RequestCanceledError{Err: context.DeadlineExceeded}}, Error{Code: CodeCredentials, Class: Operator, detail: "no answer in time"}},
		{"credentials: file", &credentialsError{err: errors.New("read /token: no such file")}, Error{Code: CodeCredentials, Class: Operator, detail: "read /token: no such file"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := unanswered(fmt.Errorf("operation error CloudTrail Data: PutAuditEvents: %w", c.err))
			require.Equal(t, c.want, *got)
		})
	}
}

func TestTransportErrors(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, c := range []struct {
		name     string
		handler  http.HandlerFunc
		endpoint string
		timeout  time.Duration
		code     string
		text     string
		status   int
	}{
		{name: "refused", endpoint: "http://" + closed.Addr().String(), code: CodeConnection, text: "connection refused"},
		{name: "no such host", endpoint: "http://cloudtrail-data.invalid", code: CodeConnection},
		{name: "closed without an answer", handler: hangUp(""), code: CodeConnection},
		{name: "answer that is not HTTP", handler: hangUp("POST /PutAuditEvents?externalId=x HTTP/1.1\r\n\r\n"), code: CodeConnection},
		{name: "head cut", handler: hangUp("HTTP/1.1 200 OK\r\nContent-Le"), code: CodeConnection},
		{name: "answer cut", handler: hangUp("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"successful\":["), code: CodeInvalidAnswer, status: 200},
		{name: "answer too long", handler: hangUp("HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat(" ", 2*maxAnswerSize)), code: CodeInvalidAnswer, status: 200, text: "1 MiB"},
		{name: "answer is none", handler: hangUp("HTTP/1.1 200 OK\r\n\r\n<html>"), code: CodeInvalidAnswer, status: 200},
		{name: "success but not 200", handler: hangUp("HTTP/1.1 202 Accepted\r\n\r\n{\"successful\":[]}"), code: CodeInvalidAnswer, status: 202},
		{name: "no answer in time", handler: hang, timeout: 50 * time.Millisecond, code: CodeTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.Close)
			cfg := (&service{Server: server}).config(t)
			cfg.ExternalID = testSecret
			if c.endpoint != "" {
				cfg.Endpoint, cfg.Insecure = c.endpoint, true
			}
			if c.timeout > 0 {
				cfg.Timeout = c.timeout
			}
			_, failure := put(t, newClient(t, cfg))
			require.Equal(t, c.code, failure.Code, failure.Error())
			require.Equal(t, Passing, failure.Class)
			require.Equal(t, c.status, failure.Status)
			require.Contains(t, failure.Error(), c.text)
			require.NotContains(t, failure.Error(), "externalId")
			require.NotContains(t, failure.Error(), "PutAuditEvents?")
		})
	}
}

func TestAnswerThatDoesNotEndInTime(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"successful":[`)
		_ = http.NewResponseController(w).Flush()
		hang(w, r)
	}))
	t.Cleanup(server.Close)
	cfg := (&service{Server: server}).config(t)
	// On a busy machine the time may be up before the answer has begun: then more of it is given.
	for cfg.Timeout = 50 * time.Millisecond; ; cfg.Timeout *= 2 {
		_, failure := put(t, newClient(t, cfg))
		require.Equal(t, CodeTimeout, failure.Code)
		require.Equal(t, Passing, failure.Class)
		if failure.Status != 0 {
			require.Equal(t, 200, failure.Status)
			require.Contains(t, failure.Error(), "began but did not end")
			return
		}
		require.Less(t, cfg.Timeout, time.Minute)
	}
}

// hang gives no answer until the client has gone.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// hangUp reads a request, writes the text as it is and closes the connection.
func hangUp(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

func TestCallerCancels(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	service := newService(t, func(*received) reply { cancel(); return reply{status: 503} })
	client := newClient(t, service.config(t))
	// The answer may be quicker than the cancellation; a context that is done beforehand leaves no doubt.
	var failure *Error
	require.ErrorAs(t, client.Put(ctx, numbered(t, 1), &Answer{}), &failure)
	require.ErrorAs(t, client.Put(ctx, numbered(t, 1), &Answer{}), &failure)
	require.Equal(t, CodeCanceled, failure.Code)
	require.Equal(t, Passing, failure.Class)
	require.NotErrorIs(t, failure, context.Canceled, "the error wraps nothing")
}

func TestCallerCancelsDuringTheRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { cancel(); hang(w, r) }))
	t.Cleanup(server.Close)
	client := newClient(t, (&service{Server: server}).config(t))
	var failure *Error
	require.ErrorAs(t, client.Put(ctx, numbered(t, 1), &Answer{}), &failure)
	require.Equal(t, CodeCanceled, failure.Code)
}

func TestEmptyKeysAreNone(t *testing.T) {
	container := newService(t, func(*received) reply { return reply{text: `{}`} })
	service := newService(t, accepts)
	cfg := service.config(t)
	noCredentials(t)
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.URL)
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, CodeCredentials, err.Code)
	require.Contains(t, err.Error(), "gave no access key")
	require.Empty(t, service.received())
}

// TestSharedFilesBreakLater has the configuration become unreadable between two attempts.
func TestSharedFilesBreakLater(t *testing.T) {
	service := newService(t, acceptsKey("AKIDNEW", "ExpiredTokenException"))
	cfg := service.config(t)
	noCredentials(t)
	const file = "[audit]\naws_access_key_id = %s\naws_secret_access_key = s\n"
	path := os.Getenv("AWS_SHARED_CREDENTIALS_FILE")
	writeFile(t, path, fmt.Sprintf(file, "AKIDOLD"))
	cfg.Profile = "audit"
	client := newClient(t, cfg)
	_, err := put(t, client)
	require.Equal(t, "ExpiredTokenException", err.Code)
	writeFile(t, path, "")
	for range 2 {
		_, err = put(t, client)
		require.Equal(t, CodeCredentials, err.Code)
		require.Contains(t, err.Error(), "audit")
	}
	writeFile(t, path, fmt.Sprintf(file, "AKIDNEW"))
	_, err = put(t, client)
	require.Nil(t, err)
}
