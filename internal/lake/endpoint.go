// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/smithy-go/logging"
)

// Endpoint is the address of a service, and the place that it comes from.
type Endpoint struct {
	// URL holds no user, query or fragment.
	URL string
	// Source names the setting, the environment variable or the key of the shared AWS configuration that gives URL, or
	// the AWS SDK.
	Source string
	// Ignored names the settings of FIPS and dual-stack endpoints that do not apply, since URL is configured.
	Ignored []string

	// variants names the settings of FIPS and dual-stack endpoints that do apply.
	variants []string
}

const (
	sourceSetting = "endpoint"
	sourceSDK     = "the AWS SDK"
)

// configured reports whether the endpoint is not the SDK's own.
func (e Endpoint) configured() bool { return e.Source != "" && !strings.HasPrefix(e.Source, sourceSDK) }

// elsewhere returns where the endpoint comes from, unless it is the setting or the SDK's plain default, which an operator
// knows of.
func (e Endpoint) elsewhere() string {
	if e.Source == sourceSetting || e.Source == sourceSDK {
		return ""
	}
	return e.Source
}

// public returns the endpoint without what only errors need.
func (e Endpoint) public() Endpoint {
	e.variants = nil
	return e
}

// host returns the host and port of the URL.
func (e Endpoint) host() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// parse returns the URL's parts. Its errors do not show a text that may hold a password.
func (e Endpoint) parse() (*url.URL, error) {
	u, err := url.Parse(e.URL)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New(e.Source + ": this is not the URL of a service: write scheme and host, " +
			"as in https://cloudtrail-data.us-east-1.amazonaws.com, without user, query and fragment")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%s: %s begins with neither https:// nor http://: write one of them", e.Source, e.URL)
	}
	return u, nil
}

// checkEvents returns an error if events would cross a network unencrypted and insecure does not allow it, or if insecure
// is set although the endpoint is https: configtls would then drop certificates silently.
func (e Endpoint) checkEvents(insecure bool) error {
	shown := "the SDK's endpoint"
	if e.configured() {
		u, err := e.parse()
		if err != nil {
			return err
		}
		if u.Scheme == "http" {
			if insecure || isLoopback(u.Hostname()) {
				return nil
			}
			where := "write https://"
			if e.Source != sourceSetting {
				where = "write https:// there, or write CloudTrail's URL as endpoint, which goes before it"
			}
			return fmt.Errorf("%s: %s would send events unencrypted: %s, or tls: {insecure: true} where the network may read them",
				e.Source, e.URL, where)
		}
		shown = e.URL
		if e.Source != sourceSetting {
			shown += " (from " + e.Source + ")"
		}
	}
	if !insecure {
		return nil
	}
	return fmt.Errorf("tls.insecure: only allows plain http, and %s is https: remove it, "+
		"or write ca_file for a certificate authority of your own", shown)
}

// checkCredentials returns an error if credentials would cross a network unencrypted. No setting allows that.
func (e Endpoint) checkCredentials() error {
	if !e.configured() {
		return nil
	}
	u, err := e.parse()
	if err != nil || u.Scheme == "https" || isLoopback(u.Hostname()) {
		return err
	}
	where := "write https:// there"
	if e.Source == endpointVariable {
		where += ", or write STS's URL in AWS_ENDPOINT_URL_STS, which goes before it"
	}
	return fmt.Errorf("%s: %s would send credentials unencrypted: %s. tls.insecure does not allow it", e.Source, e.URL, where)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// CheckEndpoint applies the rule of CloudTrail's endpoint: plain http only to this host, unless cfg.Insecure allows it, and
// cfg.Insecure only with plain http. Without cfg.Endpoint it looks where the SDK looks, and leaves an AWS configuration that
// cannot be read to New. It makes no request.
func CheckEndpoint(ctx context.Context, cfg Config) error {
	if cfg.Endpoint != "" {
		return Endpoint{URL: cfg.Endpoint, Source: sourceSetting}.checkEvents(cfg.Insecure)
	}
	options := []func(*config.LoadOptions) error{config.WithRegion(cfg.Region), config.WithLogger(logging.Nop{})}
	if cfg.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(cfg.Profile))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil
	}
	o := cloudtraildata.NewFromConfig(loaded).Options()
	return cloudTrailEndpoint(loaded, "", &o).checkEvents(cfg.Insecure)
}

// cloudTrailEndpoint puts the endpoint to use into the client's options.
func cloudTrailEndpoint(loaded aws.Config, setting string, o *cloudtraildata.Options) Endpoint {
	if setting != "" {
		o.BaseEndpoint = &setting
	}
	e := chooseEndpoint(loaded, cloudtraildata.ServiceID, o.BaseEndpoint,
		&o.EndpointOptions.UseFIPSEndpoint, &o.EndpointOptions.UseDualStackEndpoint)
	if setting != "" {
		e.Source = sourceSetting
	}
	return e
}

// chooseEndpoint describes the endpoint that the SDK found for a service; base is nil if none is configured. The SDK refuses
// every request that has a configured endpoint together with FIPS or dual stack. The two may be meant for other services, so
// chooseEndpoint switches them off for a client with a configured endpoint.
func chooseEndpoint(loaded aws.Config, id string, base *string, fips *aws.FIPSEndpointState, dualStack *aws.DualStackEndpointState) Endpoint {
	var variants []string
	if *fips == aws.FIPSEndpointStateEnabled {
		variants = append(variants, variantSource(loaded, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"))
	}
	if *dualStack == aws.DualStackEndpointStateEnabled {
		variants = append(variants, variantSource(loaded, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"))
	}
	if base == nil {
		e := Endpoint{Source: sourceSDK, variants: variants}
		if len(variants) > 0 {
			e.Source += ", with " + strings.Join(variants, " and ")
		}
		return e
	}
	*fips, *dualStack = aws.FIPSEndpointStateDisabled, aws.DualStackEndpointStateDisabled
	return Endpoint{URL: *base, Source: endpointSource(loaded, id, *base), Ignored: variants}
}

// endpointVariable gives the endpoint of every service that has no variable of its own.
const endpointVariable = "AWS_ENDPOINT_URL"

// endpointSource returns where the SDK found a service's endpoint. The order of the sources is the SDK's:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func endpointSource(loaded aws.Config, id, base string) string {
	id = strings.ReplaceAll(id, " ", "_")
	for _, name := range []string{endpointVariable + "_" + strings.ToUpper(id), endpointVariable} {
		if os.Getenv(name) == base {
			return name
		}
	}
	key, shared := "endpoint_url", sharedConfigOf(loaded)
	id = strings.ToLower(id)
	if value, ok := shared.Services.ServiceValues[id][key]; ok && value == base {
		key += " of " + id + " in the services section"
	}
	return ofProfile(key, shared)
}

// variantSource returns what switches a variant of the endpoints on.
func variantSource(loaded aws.Config, variable, key string) string {
	if strings.EqualFold(os.Getenv(variable), "true") {
		return variable
	}
	return ofProfile(key, sharedConfigOf(loaded))
}

func ofProfile(key string, shared config.SharedConfig) string {
	return key + " of profile " + shared.Profile + " of the shared AWS configuration"
}

// sharedConfigOf returns the profile that the SDK has read.
func sharedConfigOf(loaded aws.Config) config.SharedConfig {
	for _, source := range loaded.ConfigSources {
		if shared, ok := source.(config.SharedConfig); ok {
			return shared
		}
	}
	return config.SharedConfig{}
}
