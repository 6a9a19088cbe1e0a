// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// probe has a client of the SDK prepare a request as far as its address, and stops it there. Mistakes of the configuration
// thus become errors at start. Found later, they would look like requests that fail for some other reason.
type probe struct {
	built bool     // the middleware stack is the one expected
	url   *url.URL // nil = the SDK found no endpoint
}

var errProbed = errors.New("probed")

// stop is an option of the SDK's. It has to be the last.
func (p *probe) stop(stack *middleware.Stack) error {
	err := stack.Finalize.Insert(p, "ResolveEndpointV2", middleware.After)
	p.built = err == nil
	return err
}

// ID names the probe in the stack.
func (*probe) ID() string { return "Probe" }

// HandleFinalize notes the request's address and goes no further.
func (p *probe) HandleFinalize(_ context.Context, in middleware.FinalizeInput, _ middleware.FinalizeHandler) (
	out middleware.FinalizeOutput, metadata middleware.Metadata, err error,
) {
	if request, ok := in.Request.(*smithyhttp.Request); ok {
		p.url = request.URL
	}
	return out, metadata, errProbed
}

// settle fills in the URL of the SDK's own endpoint after a probe that ended with err.
func (p *probe) settle(e *Endpoint, service, setting, region string, err error) error {
	switch {
	case !p.built:
		return fmt.Errorf("this version of the AWS SDK has another middleware stack than the one expected: %w", err)
	case p.url == nil:
		return unresolved(service, setting, region, e.variants, err)
	}
	if !e.configured() {
		e.URL = p.url.Scheme + "://" + p.url.Host
	}
	return nil
}

// unresolved returns the error of an endpoint that the SDK does not find. It keeps the innermost error, which is the
// resolver's own; the errors around it name SDK operations.
func unresolved(service, setting, region string, variants []string, err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	check := strings.Join(append([]string{setting}, variants...), " and ")
	return fmt.Errorf("%s: the AWS SDK finds no endpoint of %s for %q: %s: check %s", setting, service, region, clean(err.Error()), check)
}

// probeKeys stand in for credentials in a probe, since to get them may take requests.
var probeKeys = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "probe", SecretAccessKey: "probe"}, nil
})
