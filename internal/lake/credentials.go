// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
)

// expiryWindow is how long before their expiry credentials are renewed, so that they do not expire during a request.
const expiryWindow = time.Minute

// AssumeRole names the IAM role to assume with the base credentials. The zero value names none.
type AssumeRole struct {
	ARN         string // the role; "" = none is assumed
	ExternalID  string // of the role's trust policy, not of the channel; "" = not sent
	SessionName string // "" = the SDK's
	STSRegion   string // Region of the STS endpoint; "" = that of Config
}

// chain gives credentials: the SDK's default chain or a profile, and a role assumed on top of them.
//
// The SDK reads environment and shared files once and keeps their keys forever. It caches the credentials of other sources
// until they expire, even if AWS refuses them earlier. So the chain is loaded again after its credentials were refused or
// could not be had: the next attempt uses rotated keys.
type chain struct {
	cfg  Config
	http *awshttp.BuildableClient

	mu      sync.Mutex
	current aws.CredentialsProvider // nil = to be loaded
	sts     Endpoint                // of the STS that current asks; Source "" = none, or the SDK's own
}

// load reads the SDK's configuration and puts its credentials in use. It makes no request. It fails if the endpoint of STS
// breaks the rule, which may change between two loads.
func (c *chain) load(ctx context.Context) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRegion(c.cfg.Region),
		config.WithAppID(c.cfg.AppID),
		config.WithHTTPClient(c.http),
		config.WithLogger(logging.Nop{}), // the default one writes to stderr
		config.WithCredentialsCacheOptions(widenExpiry),
		config.WithEndpointCredentialOptions(func(o *endpointcreds.Options) {
			o.HTTPClient = c.http // by default a client of its own, which goes through a proxy
		}),
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			if o.Client != nil { // the SDK also calls this function to look at the other options
				o.Client = roleSTS{o.Client}
			}
		}),
		config.WithWebIdentityRoleCredentialOptions(func(o *stscreds.WebIdentityRoleOptions) {
			if o.Client != nil { // nil = the SDK makes its own client and calls this function again
				o.Client = webIdentitySTS{o.Client}
			}
		}),
	}
	if c.cfg.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.cfg.Profile))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("load the AWS configuration: %w", err)
	}
	endpoint := chainSTS(loaded)
	if err := endpoint.checkCredentials(); err != nil {
		return aws.Config{}, err
	}
	if role := c.cfg.AssumeRole; role.ARN != "" {
		client := sts.NewFromConfig(loaded, func(o *sts.Options) {
			if role.STSRegion != "" {
				o.Region = role.STSRegion
			}
			endpoint = stsEndpoint(loaded, o)
		})
		if err := endpoint.checkCredentials(); err != nil {
			return aws.Config{}, err
		}
		if err := probeSTS(ctx, client, role, &endpoint); err != nil {
			return aws.Config{}, err
		}
		loaded.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, role.ARN,
			func(o *stscreds.AssumeRoleOptions) {
				o.RoleSessionName = role.SessionName
				if role.ExternalID != "" {
					o.ExternalID = &role.ExternalID
				}
			}), widenExpiry)
	}
	c.current, c.sts = loaded.Credentials, endpoint
	return loaded, nil
}

func widenExpiry(o *aws.CredentialsCacheOptions) {
	o.ExpiryWindow = max(o.ExpiryWindow, expiryWindow)
}

// Retrieve implements aws.CredentialsProvider.
func (c *chain) Retrieve(ctx context.Context) (aws.Credentials, error) {
	provider, endpoint, err := c.provider(ctx)
	if err != nil {
		return aws.Credentials{}, &credentialsError{err: err}
	}
	credentials, err := provider.Retrieve(ctx)
	if err == nil && !credentials.HasKeys() {
		err = fmt.Errorf("the source %s gave no access key", credentials.Source)
	}
	if err != nil {
		if ctx.Err() == nil { // else a slow source is still working, and the next attempt uses its answer
			c.drop(provider)
		}
		return aws.Credentials{}, &credentialsError{err: err, sts: endpoint}
	}
	if call := callOf(ctx); call != nil {
		call.provider = provider
	}
	return credentials, nil
}

// provider returns the credentials in use and the endpoint of STS that they come from.
func (c *chain) provider(ctx context.Context) (aws.CredentialsProvider, Endpoint, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		if _, err := c.load(ctx); err != nil {
			return nil, Endpoint{}, err
		}
	}
	if c.current == nil {
		return nil, Endpoint{}, errors.New("no source of credentials is configured")
	}
	return c.current, c.sts, nil
}

// drop makes the next attempt load the chain again, unless another request has done so already.
func (c *chain) drop(provider aws.CredentialsProvider) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if provider != nil && c.current == provider {
		c.current = nil
	}
}
