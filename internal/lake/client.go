// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package lake sends audit events to AWS CloudTrail Lake: it packs them into the bodies of PutAuditEvents requests,
// sends a body once, and says what became of each event, or why the request failed and whose fault that is. It
// repeats nothing; that is for its caller to do.
//
// Signing, credentials and endpoints are the AWS SDK's. Its serialiser and deserialiser are replaced.
package lake

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Config says where and as whom to send.
type Config struct {
	// ChannelARN is the full ARN of the channel.
	ChannelARN string
	// ExternalID is what the channel's policy demands as cloudtrail:ExternalId; "" = not sent.
	ExternalID string
	// Region is that of the channel.
	Region string
	// Endpoint is the URL of CloudTrail's endpoint; "" = the SDK's.
	Endpoint string
	// Profile is a profile of the shared configuration; "" = the SDK's default chain of credentials.
	Profile string
	// AssumeRole is the role to assume with those credentials.
	AssumeRole AssumeRole
	// TLS applies to CloudTrail's endpoint only, not to those that give credentials: the certificate authority, client
	// certificate or server name of a private endpoint is none of theirs. nil = the SDK's. Where it sets no RootCAs
	// those of AWS_CA_BUNDLE hold.
	TLS *tls.Config
	// ProxyURL is the proxy for CloudTrail and for STS and SSO, never for metadata endpoints; nil = what HTTPS_PROXY,
	// HTTP_PROXY and NO_PROXY say, as in the SDK.
	ProxyURL *url.URL
	// Timeout bounds one Put, and each request for credentials; 0 = no bound.
	Timeout time.Duration
	// AppID goes into the user agent, as the SDK's application ID.
	AppID string
}

// Client sends to one channel. It is safe for concurrent use.
type Client struct {
	sdk         *cloudtraildata.Client
	input       *cloudtraildata.PutAuditEventsInput
	transport   *http.Transport
	credentials *chain
	timeout     time.Duration
	secrets     *strings.Replacer
}

// New reads the credentials' settings and prepares a client. It makes no request. Its errors are those of the SDK's
// configuration, such as a profile that does not exist.
func New(ctx context.Context, cfg Config) (*Client, error) {
	proxy := newProxy(cfg.ProxyURL, http.ProxyFromEnvironment)
	credentials := &chain{cfg: cfg, http: newCredentialsHTTP(proxy, cfg.Timeout)}
	loaded, err := credentials.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %s", clean(credentialsText(err)))
	}
	buildable, ok := loaded.HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		return nil, fmt.Errorf("the AWS SDK gave an HTTP client of type %T", loaded.HTTPClient)
	}
	c := &Client{
		// The body takes the place of AuditEvents, which must not be nil to pass the SDK's validation.
		input:       &cloudtraildata.PutAuditEventsInput{AuditEvents: []types.AuditEvent{}, ChannelArn: &cfg.ChannelARN},
		transport:   newTransport(buildable, cfg.TLS),
		credentials: credentials,
		timeout:     cfg.Timeout,
		secrets:     redactor(cfg.ExternalID, cfg.AssumeRole.ExternalID),
	}
	serialize := newSerializer(cfg.ChannelARN, cfg.ExternalID)
	c.sdk = cloudtraildata.NewFromConfig(loaded, func(o *cloudtraildata.Options) {
		o.Credentials = credentials
		o.HTTPClient = smithyhttp.ClientDoFunc(c.send)
		o.Retryer = aws.NopRetryer{} // the caller repeats
		o.APIOptions = append(o.APIOptions, swap(serialize))
		if cfg.Endpoint != "" {
			o.BaseEndpoint = &cfg.Endpoint
		}
	})
	if err := c.probe(ctx); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// probe has the SDK build its middleware stack, up to the point where a request would be made. A stack without
// the middleware to swap is so an error at start; found later, it would look like a request that fails for ever.
func (c *Client) probe(ctx context.Context) error {
	errBuilt := errors.New("built")
	_, err := c.sdk.PutAuditEvents(ctx, c.input, func(o *cloudtraildata.Options) {
		o.APIOptions = append(o.APIOptions, func(*middleware.Stack) error { return errBuilt })
	})
	if !errors.Is(err, errBuilt) {
		return fmt.Errorf("this version of the AWS SDK has another middleware stack than the one expected: %w", err)
	}
	return nil
}

// send makes a request. Unlike an http.Client, the transport follows no redirect, and its errors hold no URL.
func (c *Client) send(r *http.Request) (*http.Response, error) {
	callOf(r.Context()).sent = time.Now()
	return c.transport.RoundTrip(r)
}

// Put sends the body once. Without an error CloudTrail took the request, and answer holds one Result for each event
// of the body, in the body's order. Otherwise the error is an *Error, and answer means nothing. Put has done with the
// body when it returns, also where the request was cut short.
func (c *Client) Put(ctx context.Context, body *Body, answer *Answer) error {
	answer.RequestID, answer.Results = "", answer.Results[:0]
	if body.Len() == 0 {
		return nil // CloudTrail refuses an empty list, and there is nothing to lose
	}
	growStack()
	call := &call{body: body, answer: answer}
	bounded := context.WithValue(ctx, callKey{}, call)
	if c.timeout > 0 {
		var cancel context.CancelFunc
		bounded, cancel = context.WithTimeout(bounded, c.timeout)
		defer cancel()
	}
	_, err := c.sdk.PutAuditEvents(bounded, c.input)
	if err == nil {
		return nil
	}
	failure := call.failure(ctx, err)
	if call.refused && refusesCredentials(failure.Status, failure.Code) {
		c.credentials.drop(call.provider)
	}
	failure.detail = clean(c.secrets.Replace(failure.detail)) // in this order: a secret that clean cuts would not be found
	return failure
}

// failure tells what went wrong. ctx is the caller's.
func (c *call) failure(ctx context.Context, err error) *Error {
	switch {
	case c.refused:
		return answered(&c.head, err)
	case errors.Is(ctx.Err(), context.Canceled):
		return &Error{Code: CodeCanceled, Class: Passing, Status: c.head.status, RequestID: c.head.requestID}
	case errors.Is(err, errAnswerUnread):
		e := &Error{Code: CodeInvalidAnswer, Class: Passing}
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			e.Code, e.detail = CodeTimeout, "the answer began but did not end in time"
		case errors.Is(err, errAnswerTooLong):
			e.detail = errAnswerTooLong.Error()
		case errors.Is(err, errNoAnswer):
			e.detail = errNoAnswer.Error()
		}
		e.Status, e.RequestID = c.head.status, c.head.requestID
		return e
	case c.sent.IsZero() && !errors.Is(err, context.DeadlineExceeded):
		var credentials *credentialsError
		if !errors.As(err, &credentials) {
			return &Error{Code: CodeClient, Class: Operator, detail: err.Error()}
		}
	}
	return unanswered(err)
}

// Close closes the connections that are not in use. A Put after it works, over new ones.
func (c *Client) Close() {
	c.transport.CloseIdleConnections()
}

// redactor replaces secrets, as they are and as they stand in a query, where AWS's messages quote them.
func redactor(secrets ...string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		if secret != "" {
			pairs = append(pairs, secret, "[redacted]", url.QueryEscape(secret), "[redacted]")
		}
	}
	return strings.NewReplacer(pairs...)
}
