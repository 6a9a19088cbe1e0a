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
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// credentialsError marks the failure to get credentials. An API error inside it comes from another service.
type credentialsError struct {
	err error
	sts Endpoint // of the credentials' source; Source "" = not known
}

func (e *credentialsError) Error() string { return credentialsText(e.err, e.sts) }
func (e *credentialsError) Unwrap() error { return e.err }

// proxyError says that a proxy answered CONNECT with a status other than 200.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy answered CONNECT with HTTP %d %s", e.status, http.StatusText(e.status))
}

// errProxyURL replaces net/http's own error, which quotes the address and the proxy's password in it.
var errProxyURL = errors.New("HTTP_PROXY or HTTPS_PROXY in the environment is not a URL")

// unanswered returns the error of a request without an answer. Its text is made only of errors of known types: others may
// quote what a server sent, and a server may repeat what it received.
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
	case isProxyDial(err):
		e := &Error{Code: CodeProxy, Class: Passing, detail: transportText(err)}
		if isTLS(err) {
			e.Class = Operator // the scheme or the certificate authority of the proxy is wrong
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

// isProxyDial reports whether no connection to the proxy could be made. These are net/http's names of the operations.
func isProxyDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect")
}

// isTLS reports whether a handshake failed over a certificate or the protocol, which no retry fixes.
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
		// crypto/tls reports its own alerts and the server's as these two operations.
		errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error")
}

// transportText describes a transport error. It quotes nothing that the other side sent.
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
	case isProxyDial(err) && errors.As(err, &op):
		return op.Error()
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

// credentialsText describes why there are no credentials. It leaves out possible secrets: the output of a credential
// process, and the URLs of requests. endpoint is that of STS, if it is known.
func credentialsText(err error, endpoint Endpoint) string {
	var (
		process  *processcreds.ProviderError
		api      smithy.APIError
		response *smithyhttp.ResponseError
		request  *url.Error
		syntax   *json.SyntaxError
		kind     *json.UnmarshalTypeError
	)
	call := callOfError(err, endpoint)
	answered := errors.As(err, &response) && response.HTTPStatusCode() != 0 // the SDK makes an empty answer where there is none
	switch {
	case errors.As(err, &process) && (errors.As(err, &syntax) || errors.As(err, &kind)):
		return "the credential_process of the profile did not print the JSON that it should"
	case errors.As(err, &api) && api.ErrorCode() != codeUnknown:
		code := api.ErrorCode()
		switch {
		case code == "": // a container's endpoint may give none
		case answered:
			code += fmt.Sprintf(" (HTTP %d): ", response.HTTPStatusCode())
		default:
			code += ": "
		}
		return call.prefix("") + code + withoutRequest(api.ErrorMessage())
	case answered && call.service != "" && call.service != serviceIMDS: // errors of ec2imds say more
		text := fmt.Sprintf("HTTP %d", response.HTTPStatusCode())
		if response.HTTPStatusCode() < 300 {
			text += ": the answer could not be read"
		}
		return call.prefix("") + text + call.advice
	case errors.Is(err, context.DeadlineExceeded):
		text := "no answer in time"
		if call.service == "" && endpoint.Source != "" { // the SDK's cache does not say which source was slow
			text += "; the credentials come from STS at " + endpoint.host() + stsAdvice(endpoint)
		}
		return call.prefix("") + text + call.advice
	case errors.As(err, &request):
		if isProxy(request.Err) {
			call.advice = ": " + advice[codeKey(CodeProxy)]
		}
		return call.prefix("request to ") + transportText(request.Err) + call.advice
	}
	return err.Error()
}

// isProxy reports whether the fault is the proxy's or its settings'.
func isProxy(err error) bool {
	var answer *proxyError
	return isProxyDial(err) || errors.As(err, &answer) || errors.Is(err, errProxyURL)
}

// serviceIMDS is the service of the errors of EC2's metadata endpoint.
const serviceIMDS = "ec2imds"

// failedCall is the call inside an SDK error.
type failedCall struct {
	service, operation string // "" = not known
	host               string // "" = not known
	advice             string // what to do where the address may be wrong, to append; "" = nothing to add
}

// callOfError finds the call inside an SDK error. endpoint is that of STS, if it is known.
func callOfError(err error, endpoint Endpoint) failedCall {
	var (
		call     failedCall
		op       *smithy.OperationError
		response *smithyhttp.ResponseError
		request  *url.Error
	)
	if errors.As(err, &op) {
		call.service, call.operation = op.Service(), op.Operation()
	}
	switch {
	case errors.As(err, &response) && response.Response != nil && response.Response.Response != nil && response.Response.Request != nil:
		call.host = response.Response.Request.URL.Host
	case errors.As(err, &request):
		if u, parseErr := url.Parse(request.URL); parseErr == nil {
			call.host = u.Host
		}
	}
	if call.service == sts.ServiceID && endpoint.Source != "" && (call.host == "" || call.host == endpoint.host()) {
		call.host, call.advice = endpoint.host(), stsAdvice(endpoint)
	}
	return call
}

// stsAdvice names the origin of STS's endpoint, to append to an error that a wrong endpoint may cause.
func stsAdvice(endpoint Endpoint) string {
	if from := endpoint.elsewhere(); from != "" {
		return "; the endpoint of STS comes from " + from + ": check it"
	}
	return ""
}

// prefix names the call, for example "STS AssumeRole at sts.us-east-1.amazonaws.com: ". Without a name it begins with unnamed
// and the host, or is empty.
func (c failedCall) prefix(unnamed string) string {
	switch {
	case c.service == "" && (unnamed == "" || c.host == ""):
		return ""
	case c.service == "":
		return unnamed + c.host + ": "
	case c.host == "":
		return c.service + " " + c.operation + ": "
	}
	return c.service + " " + c.operation + " at " + c.host + ": "
}
