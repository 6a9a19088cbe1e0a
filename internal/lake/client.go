// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package lake sends audit events to AWS CloudTrail Lake. It packs them into the bodies of PutAuditEvents requests,
// sends a body once, and reports the result of each event, or why the request failed and who can fix it. It repeats
// nothing; the caller does.
//
// The AWS SDK signs requests and finds credentials and endpoints. The package replaces its serialiser and deserialiser.
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
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Config holds the destination and the identity to send as.
type Config struct {
	// ChannelARN is the full ARN of the channel.
	ChannelARN string
	// ExternalID is the cloudtrail:ExternalId that the channel's policy demands; "" = not sent.
	ExternalID string
	// Region is the channel's Region.
	Region string
	// Endpoint is the URL of CloudTrail's endpoint; "" = the one that the SDK finds in the environment or the shared
	// configuration, or its own.
	Endpoint string
	// Insecure allows a CloudTrail endpoint of plain http on another host, and only such endpoints.
	Insecure bool
	// Profile is a profile of the shared configuration; "" = the SDK's default chain of credentials.
	Profile string
	// AssumeRole is the role to assume with those credentials.
	AssumeRole AssumeRole
	// TLS applies to CloudTrail's endpoint only. The endpoints that give credentials do not share the certificate
	// authority, client certificate or server name of a private endpoint. nil = the SDK's. Without RootCAs, those of
	// AWS_CA_BUNDLE apply.
	TLS *tls.Config
	// ProxyURL is the proxy for CloudTrail and for STS and SSO, never for metadata endpoints; nil = as HTTPS_PROXY,
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
	endpoint    Endpoint
	sts         Endpoint // as at start; Source "" = not in use, or the SDK's own
}

// New reads the credentials' settings and prepares a client. It makes no request. It fails if the SDK cannot read its
// configuration, as with a profile that does not exist, and if an endpoint breaks the rules or cannot be found.
func New(ctx context.Context, cfg Config) (*Client, error) {
	proxy := newProxy(cfg.ProxyURL, http.ProxyFromEnvironment)
	credentials := &chain{cfg: cfg, http: newCredentialsHTTP(proxy, cfg.Timeout)}
	loaded, err := credentials.load(ctx)
	if err != nil {
		return nil, errors.New(clean(credentialsText(err, Endpoint{})))
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
		sts:         credentials.sts,
	}
	serialize := newSerializer(cfg.ChannelARN, cfg.ExternalID)
	c.sdk = cloudtraildata.NewFromConfig(loaded, func(o *cloudtraildata.Options) {
		o.Credentials = credentials
		o.HTTPClient = smithyhttp.ClientDoFunc(c.send)
		o.Retryer = aws.NopRetryer{} // the caller repeats
		o.APIOptions = append(o.APIOptions, swap(serialize))
		c.endpoint = cloudTrailEndpoint(loaded, cfg.Endpoint, o)
	})
	err = c.endpoint.checkEvents(cfg.Insecure)
	if err == nil {
		err = c.probe(ctx)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// probe checks that the SDK has the middleware to swap and an endpoint for the client.
func (c *Client) probe(ctx context.Context) error {
	p := &probe{}
	ctx = context.WithValue(ctx, callKey{}, &call{body: &Body{}})
	_, err := c.sdk.PutAuditEvents(ctx, c.input, func(o *cloudtraildata.Options) {
		o.Credentials = probeKeys
		o.APIOptions = append(o.APIOptions, p.stop)
	})
	return p.settle(&c.endpoint, "CloudTrail", "region", c.sdk.Options().Region, err)
}

// Endpoint returns the endpoint that the client sends to.
func (c *Client) Endpoint() Endpoint { return c.endpoint.public() }

// STSEndpoint returns the endpoint of STS that the credentials came from when the client was made. It reports false if the
// client assumes no role and no endpoint of STS is configured for the SDK's own chain of credentials.
func (c *Client) STSEndpoint() (Endpoint, bool) { return c.sts.public(), c.sts.Source != "" }

// send makes a request. Unlike an http.Client, the transport follows no redirect, and its errors hold no URL.
func (c *Client) send(r *http.Request) (*http.Response, error) {
	callOf(r.Context()).sent = time.Now()
	return c.transport.RoundTrip(r)
}

// Put sends the body once. Without an error CloudTrail took the request, and answer holds one Result for each event
// of the body, in the body's order. Otherwise the error is an *Error, and answer means nothing. Put does not use the
// body after it returns, even if the request was cut short.
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
	if failure.Code != CodeCredentials && failure.Code != CodeClient { // nothing was sent there
		failure.host = c.endpoint.host()
	}
	failure.origin = c.endpoint.elsewhere()
	failure.detail = clean(c.secrets.Replace(failure.detail)) // in this order: the redactor would miss a secret that clean cuts
	return failure
}

// failure describes what went wrong. ctx is the caller's.
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
		if _, ok := errors.AsType[*credentialsError](err); !ok {
			return &Error{Code: CodeClient, Class: Operator, detail: err.Error()}
		}
	}
	return unanswered(err)
}

// Close closes the idle connections. A later Put opens new ones.
func (c *Client) Close() {
	c.transport.CloseIdleConnections()
}

// redactor replaces secrets that AWS's messages quote, in plain text or escaped as in a query.
func redactor(secrets ...string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		if secret != "" {
			pairs = append(pairs, secret, "[redacted]", url.QueryEscape(secret), "[redacted]")
		}
	}
	return strings.NewReplacer(pairs...)
}
