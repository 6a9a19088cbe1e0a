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

// expiryWindow is how long before they expire credentials are renewed, so that none expires on its way.
const expiryWindow = time.Minute

// AssumeRole names the IAM role to assume with the base credentials. The zero value is none.
type AssumeRole struct {
	ARN         string // the role; "" = none is assumed
	ExternalID  string // of the role's trust policy, not of the channel; "" = not sent
	SessionName string // "" = the SDK's
	STSRegion   string // Region of the STS endpoint; "" = that of Config
}

// chain gives credentials: the SDK's default chain or a profile, and a role assumed on top of them.
//
// The SDK reads environment and shared files once and keeps what it finds for ever, and caches what the other sources
// give until it expires, whether or not AWS still takes it. So the chain is loaded anew once its credentials were
// refused or could not be had: keys that were rotated work from the next attempt on.
type chain struct {
	cfg  Config
	http *awshttp.BuildableClient

	mu      sync.Mutex
	current aws.CredentialsProvider // nil = to be loaded
}

// load reads the SDK's configuration and puts its credentials in use. It makes no request.
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
	}
	if c.cfg.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.cfg.Profile))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, err
	}
	if role := c.cfg.AssumeRole; role.ARN != "" {
		client := sts.NewFromConfig(loaded, func(o *sts.Options) {
			if role.STSRegion != "" {
				o.Region = role.STSRegion
			}
		})
		loaded.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, role.ARN,
			func(o *stscreds.AssumeRoleOptions) {
				o.RoleSessionName = role.SessionName
				if role.ExternalID != "" {
					o.ExternalID = &role.ExternalID
				}
			}), widenExpiry)
	}
	c.current = loaded.Credentials
	return loaded, nil
}

func widenExpiry(o *aws.CredentialsCacheOptions) {
	o.ExpiryWindow = max(o.ExpiryWindow, expiryWindow)
}

// Retrieve implements aws.CredentialsProvider.
func (c *chain) Retrieve(ctx context.Context) (aws.Credentials, error) {
	provider, err := c.provider(ctx)
	if err != nil {
		return aws.Credentials{}, &credentialsError{err: err}
	}
	credentials, err := provider.Retrieve(ctx)
	if err == nil && !credentials.HasKeys() {
		err = fmt.Errorf("the source %s gave no access key", credentials.Source)
	}
	if err != nil {
		if ctx.Err() == nil { // else a slow source is still at it, and its answer serves the next attempt
			c.drop(provider)
		}
		return aws.Credentials{}, &credentialsError{err: err}
	}
	if call := callOf(ctx); call != nil {
		call.provider = provider
	}
	return credentials, nil
}

func (c *chain) provider(ctx context.Context) (aws.CredentialsProvider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == nil {
		if _, err := c.load(ctx); err != nil {
			return nil, err
		}
	}
	if c.current == nil {
		return nil, errors.New("no source of credentials is configured")
	}
	return c.current, nil
}

// drop has the chain loaded anew at the next attempt, unless another request has done so already.
func (c *chain) drop(provider aws.CredentialsProvider) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if provider != nil && c.current == provider {
		c.current = nil
	}
}
