// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// stsEndpoint describes the endpoint in the options of a client of STS, and switches off what does not apply to it.
func stsEndpoint(loaded aws.Config, o *sts.Options) Endpoint {
	return chooseEndpoint(loaded, sts.ServiceID, o.BaseEndpoint,
		&o.EndpointOptions.UseFIPSEndpoint, &o.EndpointOptions.UseDualStackEndpoint)
}

// chainSTS describes the endpoint of STS that the SDK's own chain of credentials asks, for a role of a profile or a web
// identity. The zero value says that it asks none, or the SDK's own.
func chainSTS(loaded aws.Config) Endpoint {
	chain, ok := loaded.Credentials.(aws.CredentialProviderSource)
	if !ok {
		return Endpoint{}
	}
	for _, source := range chain.ProviderSources() {
		switch source {
		case aws.CredentialSourceSTSAssumeRole, aws.CredentialSourceSTSAssumeRoleWebID,
			aws.CredentialSourceEnvVarsSTSWebIDToken, aws.CredentialSourceProfileSTSWebIDToken:
			inner := loaded.Copy()
			inner.BaseEndpoint = nil // the SDK makes this chain before it reads the endpoint of all services
			o := sts.NewFromConfig(inner).Options()
			if endpoint := stsEndpoint(loaded, &o); endpoint.configured() {
				return endpoint
			}
			return Endpoint{}
		}
	}
	return Endpoint{}
}

// probeSTS checks that the SDK has an endpoint of STS for the role.
func probeSTS(ctx context.Context, client *sts.Client, role AssumeRole, endpoint *Endpoint) error {
	setting := "region"
	if role.STSRegion != "" {
		setting = "assume_role.sts_region"
	}
	p := &probe{}
	_, err := client.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &role.ARN, RoleSessionName: aws.String("probe")},
		func(o *sts.Options) {
			o.Credentials = probeKeys
			o.APIOptions = append(o.APIOptions, p.stop)
		})
	return p.settle(endpoint, "STS", setting, client.Options().Region, err)
}

// roleSTS is the client of STS with which the SDK assumes the role of a profile.
type roleSTS struct{ stscreds.AssumeRoleAPIClient }

// AssumeRole makes the request without the variants that a configured endpoint excludes.
func (c roleSTS) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return c.AssumeRoleAPIClient.AssumeRole(ctx, in, append(options, plainVariant)...)
}

// webIdentitySTS is the client of STS with which the SDK takes a role by a web identity.
type webIdentitySTS struct {
	stscreds.AssumeRoleWithWebIdentityAPIClient
}

// AssumeRoleWithWebIdentity makes the request without the variants that a configured endpoint excludes.
func (c webIdentitySTS) AssumeRoleWithWebIdentity(
	ctx context.Context, in *sts.AssumeRoleWithWebIdentityInput, options ...func(*sts.Options),
) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	return c.AssumeRoleWithWebIdentityAPIClient.AssumeRoleWithWebIdentity(ctx, in, append(options, plainVariant)...)
}

// plainVariant switches FIPS and dual stack off where an endpoint is configured.
func plainVariant(o *sts.Options) {
	if o.BaseEndpoint != nil {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateDisabled
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateDisabled
	}
}
