// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/smithy-go"
)

// credentialsError marks the failure to get credentials: an API error inside it is that of another service.
type credentialsError struct{ err error }

func (e *credentialsError) Error() string { return credentialsText(e.err) }
func (e *credentialsError) Unwrap() error { return e.err }

// proxyError says that a proxy answered CONNECT with a status other than 200.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy answered CONNECT with HTTP %d %s", e.status, http.StatusText(e.status))
}

// errProxyURL stands for net/http's own error, which quotes the address and with it the proxy's password.
var errProxyURL = errors.New("HTTP_PROXY or HTTPS_PROXY in the environment is not a URL")

// unanswered returns the error of a request to which there was no answer. Its text is made of errors of known
// types only: others may quote what a server sent, and so what we sent to it.
func unanswered(err error) *Error {
	var (
		credentials *credentialsError
		timeout     net.Error
		proxy       *proxyError
		dns         *net.DNSError
	)
	switch {
	case errors.As(err, &credentials):
		return &Error{Code: CodeCredentials, Class: Operator, detail: credentials.Error()}
	case errors.Is(err, errProxyURL):
		return &Error{Code: CodeProxy, Class: Operator, detail: transportText(err)}
	case errors.As(err, &proxy):
		e := &Error{Code: CodeProxy, Class: classOf(proxy.status, ""), detail: transportText(err)}
		if e.Class == Blame {
			e.Class = Operator // the proxy has seen no event
		}
		return e
	case isTLS(err):
		return &Error{Code: CodeTLS, Class: Operator, detail: transportText(err)}
	case errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout() && !errors.As(err, &dns):
		return &Error{Code: CodeTimeout, Class: Passing, detail: "no answer in time"}
	case errors.Is(err, context.Canceled):
		return &Error{Code: CodeCanceled, Class: Passing}
	}
	return &Error{Code: CodeConnection, Class: Passing, detail: transportText(err)}
}

// isTLS says whether a handshake failed over a certificate or the protocol, which no retry mends.
func isTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		roots        x509.SystemRootsError
		alert        *net.OpError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &authority) ||
		errors.As(err, &hostname) || errors.As(err, &invalid) || errors.As(err, &roots) ||
		// crypto/tls reports alerts, its own and the server's, as these two operations.
		errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error")
}

// transportText describes a transport error without quoting anything that the other side sent.
func transportText(err error) string {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		op           *net.OpError
		dns          *net.DNSError
		proxy        *proxyError
		errno        syscall.Errno
	)
	switch {
	case errors.As(err, &proxy):
		return proxy.Error()
	case errors.Is(err, errProxyURL):
		return errProxyURL.Error()
	case errors.As(err, &verification):
		return verification.Err.Error()
	case errors.As(err, &record):
		return record.Msg
	case errors.As(err, &op):
		return op.Error()
	case errors.As(err, &dns):
		return dns.Error()
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the other side closed the connection"
	}
	return "the connection broke"
}

// credentialsText describes why there are no credentials. It leaves out what may be secret: the output of a
// credential process, and the URLs of requests.
func credentialsText(err error) string {
	var (
		process *processcreds.ProviderError
		api     smithy.APIError
		request *url.Error
		syntax  *json.SyntaxError
		kind    *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &process) && (errors.As(err, &syntax) || errors.As(err, &kind)):
		return "the credential_process of the profile did not print the JSON that it should"
	case errors.As(err, &api):
		code := api.ErrorCode()
		if code != "" { // a container's endpoint may give none
			code += ": "
		}
		return operation(err) + code + withoutRequest(api.ErrorMessage())
	case errors.Is(err, context.DeadlineExceeded):
		return operation(err) + "no answer in time"
	case errors.As(err, &request):
		host := "the endpoint"
		if u, parseErr := url.Parse(request.URL); parseErr == nil {
			host = u.Host
		}
		return operation(err) + "request to " + host + ": " + transportText(request.Err)
	}
	return err.Error()
}

// operation names the call inside an SDK error, for example "STS AssumeRole: ".
func operation(err error) string {
	var op *smithy.OperationError
	if !errors.As(err, &op) {
		return ""
	}
	return op.Service() + " " + op.Operation() + ": "
}
