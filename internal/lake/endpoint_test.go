// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// sharedConfig writes the shared AWS configuration file.
func sharedConfig(t *testing.T, text string) {
	writeFile(t, os.Getenv("AWS_CONFIG_FILE"), text)
}

// environment sets variables.
func environment(t *testing.T, variables map[string]string) {
	for name, value := range variables {
		t.Setenv(name, value)
	}
}

// TestEndpointRule holds that events do not cross a network unencrypted by mistake, wherever their endpoint comes from.
func TestEndpointRule(t *testing.T) {
	const (
		notURL   = ": this is not the URL of a service: write scheme and host, as in https://"
		services = "endpoint_url of cloudtrail_data in the services section of profile default of the shared AWS configuration"
		profile  = "endpoint_url of profile default of the shared AWS configuration"
	)
	for name, c := range map[string]struct {
		setting  string
		env      map[string]string
		shared   string
		profile  string
		insecure bool
		url      string // of the endpoint; "" = New fails
		source   string
		err      string
	}{
		"nothing is set": {url: "https://cloudtrail-data.us-east-1.amazonaws.com", source: "the AWS SDK"},
		"setting":        {setting: "http://127.0.0.1:8788/lake", url: "http://127.0.0.1:8788/lake", source: "endpoint"},
		"setting goes before the environment": {
			setting: "https://a.test", env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1", "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA": "http://10.0.0.1"},
			url: "https://a.test", source: "endpoint",
		},
		"variable, https":            {env: map[string]string{"AWS_ENDPOINT_URL": "https://a.test:8443"}, url: "https://a.test:8443", source: "AWS_ENDPOINT_URL"},
		"variable, loopback":         {env: map[string]string{"AWS_ENDPOINT_URL": "http://localhost:4566"}, url: "http://localhost:4566", source: "AWS_ENDPOINT_URL"},
		"variable, insecure":         {env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1"}, insecure: true, url: "http://10.0.0.1", source: "AWS_ENDPOINT_URL"},
		"variable of the service":    {env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1", "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA": "https://b.test"}, url: "https://b.test", source: "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA"},
		"profile":                    {shared: "[default]\nendpoint_url = https://a.test\n", url: "https://a.test", source: profile},
		"services section":           {shared: "[default]\nservices = s\nendpoint_url = http://10.0.0.1\n[services s]\ncloudtrail_data =\n  endpoint_url = https://b.test\n", url: "https://b.test", source: services},
		"another profile":            {profile: "audit", shared: "[profile audit]\nendpoint_url = https://a.test\n", url: "https://a.test", source: "endpoint_url of profile audit of the shared AWS configuration"},
		"variable goes before these": {env: map[string]string{"AWS_ENDPOINT_URL": "https://a.test"}, shared: "[default]\nendpoint_url = http://10.0.0.1\n", url: "https://a.test", source: "AWS_ENDPOINT_URL"},
		"variables are ignored":      {env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, url: "https://cloudtrail-data.us-east-1.amazonaws.com", source: "the AWS SDK"},
		"the file is ignored":        {shared: "[default]\nignore_configured_endpoint_urls = true\nendpoint_url = http://10.0.0.1\n", url: "https://cloudtrail-data.us-east-1.amazonaws.com", source: "the AWS SDK"},

		"setting, plain":          {setting: "http://10.0.0.1", err: "endpoint: http://10.0.0.1 would send events unencrypted: write https://, or tls: {insecure: true} where the network may read them"},
		"variable, plain":         {env: map[string]string{"AWS_ENDPOINT_URL": "http://0.0.0.0:21788"}, err: "AWS_ENDPOINT_URL: http://0.0.0.0:21788 would send events unencrypted: write https:// there, or write CloudTrail's URL as endpoint, which goes before it, or tls: {insecure: true}"},
		"service variable, plain": {env: map[string]string{"AWS_ENDPOINT_URL_CLOUDTRAIL_DATA": "HTTP://lake.internal"}, err: "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: HTTP://lake.internal would send events unencrypted"},
		"profile, plain":          {shared: "[default]\nendpoint_url = http://lake.internal\n", err: profile + ": http://lake.internal would send events unencrypted"},
		"services, plain":         {shared: "[default]\nservices = s\n[services s]\ncloudtrail_data =\n  endpoint_url = http://lake.internal\n", err: services + ": http://lake.internal would send events unencrypted"},

		"insecure and the SDK's":   {insecure: true, err: "tls.insecure: only allows plain http, and the SDK's endpoint is https: remove it"},
		"insecure and the setting": {setting: "https://a.test", insecure: true, err: "tls.insecure: only allows plain http, and https://a.test is https: remove it"},
		"insecure and a variable":  {env: map[string]string{"AWS_ENDPOINT_URL": "https://a.test"}, insecure: true, err: "tls.insecure: only allows plain http, and https://a.test (from AWS_ENDPOINT_URL) is https: remove it"},
		"insecure and the file":    {shared: "[default]\nendpoint_url = https://a.test\n", insecure: true, err: "https://a.test (from " + profile + ") is https"},

		"variable with a password": {env: map[string]string{"AWS_ENDPOINT_URL": "https://me:hunter2@a.test"}, err: "AWS_ENDPOINT_URL" + notURL},
		"variable with a query":    {env: map[string]string{"AWS_ENDPOINT_URL": "https://a.test/?token=hunter2"}, err: "AWS_ENDPOINT_URL" + notURL},
		"variable without scheme":  {env: map[string]string{"AWS_ENDPOINT_URL": "hunter2.test:8080"}, err: "AWS_ENDPOINT_URL" + notURL},
		"variable is not a URL":    {env: map[string]string{"AWS_ENDPOINT_URL": "http://hunter2 a.test"}, err: "AWS_ENDPOINT_URL" + notURL},
		"file with a password":     {shared: "[default]\nendpoint_url = http://me:hunter2@127.0.0.1\n", err: profile + notURL},
		"another scheme":           {env: map[string]string{"AWS_ENDPOINT_URL": "grpc://a.test"}, err: "AWS_ENDPOINT_URL: grpc://a.test begins with neither https:// nor http://: write one of them"},
	} {
		t.Run(name, func(t *testing.T) {
			staticKeys(t)
			environment(t, c.env)
			text := c.shared
			sharedConfig(t, text)
			cfg := Config{ChannelARN: testChannel, Region: "us-east-1", Endpoint: c.setting, Profile: c.profile, Insecure: c.insecure}
			client, err := New(t.Context(), cfg)
			checked := CheckEndpoint(t.Context(), cfg)
			if c.url == "" {
				require.ErrorContains(t, err, c.err)
				require.NotContains(t, err.Error(), "hunter2")
				require.EqualError(t, checked, err.Error(), "both hold to the same rule")
				return
			}
			require.NoError(t, err)
			require.NoError(t, checked)
			t.Cleanup(client.Close)
			require.Equal(t, Endpoint{URL: c.url, Source: c.source}, client.Endpoint())
			_, ok := client.STSEndpoint()
			require.False(t, ok)
		})
	}
}

// webIdentity has the SDK ask STS for credentials on its own account.
func webIdentity(t *testing.T) {
	noCredentials(t)
	token := filepath.Join(t.TempDir(), "token")
	writeFile(t, token, "eyJhbGciOi.of.kubernetes")
	t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", token)
	t.Setenv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/irsa")
}

// TestSTSEndpointRule holds that no credentials cross a network unencrypted. No setting allows it.
func TestSTSEndpointRule(t *testing.T) {
	role := AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	const unencrypted = " would send credentials unencrypted: write https:// there"
	for name, c := range map[string]struct {
		role   AssumeRole
		web    bool
		env    map[string]string
		shared string
		url    string // "" = New fails, or STS is not in use
		source string
		err    string
	}{
		"the SDK's":          {role: role, url: "https://sts.us-east-1.amazonaws.com", source: "the AWS SDK"},
		"the SDK's, by FIPS": {role: role, env: map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, url: "https://sts-fips.us-east-1.amazonaws.com", source: "the AWS SDK, with AWS_USE_FIPS_ENDPOINT"},
		"another Region":     {role: AssumeRole{ARN: role.ARN, STSRegion: "eu-west-1"}, url: "https://sts.eu-west-1.amazonaws.com", source: "the AWS SDK"},
		"loopback":           {role: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, url: "http://127.0.0.1:4566", source: "AWS_ENDPOINT_URL"},
		"https":              {role: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1", "AWS_ENDPOINT_URL_STS": "https://a.test"}, url: "https://a.test", source: "AWS_ENDPOINT_URL_STS"},
		"file":               {role: role, shared: "[default]\nservices = s\n[services s]\nsts =\n  endpoint_url = https://a.test\n", url: "https://a.test", source: "endpoint_url of sts in the services section of profile default of the shared AWS configuration"},
		"web identity":       {web: true, env: map[string]string{"AWS_ENDPOINT_URL_STS": "https://a.test"}, url: "https://a.test", source: "AWS_ENDPOINT_URL_STS"},

		"plain":                {role: role, env: map[string]string{"AWS_ENDPOINT_URL_STS": "http://10.0.0.1"}, err: "AWS_ENDPOINT_URL_STS: http://10.0.0.1" + unencrypted + ". tls.insecure does not allow it"},
		"plain, for all":       {role: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1"}, err: "AWS_ENDPOINT_URL: http://10.0.0.1" + unencrypted + ", or write STS's URL in AWS_ENDPOINT_URL_STS, which goes before it"},
		"plain, file":          {role: role, shared: "[default]\nendpoint_url = http://10.0.0.1\n", err: "endpoint_url of profile default of the shared AWS configuration: http://10.0.0.1" + unencrypted},
		"plain, web identity":  {web: true, env: map[string]string{"AWS_ENDPOINT_URL_STS": "http://10.0.0.1"}, err: "AWS_ENDPOINT_URL_STS: http://10.0.0.1" + unencrypted},
		"plain, profile":       {shared: "[default]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\nservices = s\n[profile b]\naws_access_key_id = a\naws_secret_access_key = s\n[services s]\nsts =\n  endpoint_url = http://10.0.0.1\n", err: "endpoint_url of sts in the services section of profile default"},
		"password":             {role: role, env: map[string]string{"AWS_ENDPOINT_URL_STS": "https://me:hunter2@a.test"}, err: "AWS_ENDPOINT_URL_STS: this is not the URL of a service"},
		"not in use":           {env: map[string]string{"AWS_ENDPOINT_URL_STS": "http://10.0.0.1"}},
		"ignored":              {role: role, env: map[string]string{"AWS_ENDPOINT_URL_STS": "http://10.0.0.1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, url: "https://sts.us-east-1.amazonaws.com", source: "the AWS SDK"},
		"not for web identity": {web: true, env: map[string]string{"AWS_ENDPOINT_URL": "http://10.0.0.1"}}, // the SDK's own client does not take it
	} {
		t.Run(name, func(t *testing.T) {
			staticKeys(t)
			if c.web {
				webIdentity(t)
			}
			if c.shared != "" {
				noCredentials(t)
			}
			environment(t, c.env)
			sharedConfig(t, c.shared)
			for _, insecure := range []bool{false, true} {
				cfg := Config{ChannelARN: testChannel, Region: "us-east-1", Endpoint: "https://b.test", AssumeRole: c.role}
				if insecure {
					cfg.Endpoint, cfg.Insecure = "http://b.test", true
				}
				client, err := New(t.Context(), cfg)
				if c.err != "" {
					require.ErrorContains(t, err, c.err)
					require.NotContains(t, err.Error(), "hunter2")
					continue
				}
				require.NoError(t, err)
				t.Cleanup(client.Close)
				got, ok := client.STSEndpoint()
				require.Equal(t, c.url != "", ok)
				require.Equal(t, Endpoint{URL: c.url, Source: c.source}, got)
			}
		})
	}
}

// TestSTSEndpointChangesLater has the shared configuration lead to a plain endpoint once the credentials are to be renewed.
func TestSTSEndpointChangesLater(t *testing.T) {
	service := newService(t, acceptsKey("AKIDASSUMED-2", "ExpiredTokenException"))
	cfg := service.config(t)
	sts := newSTS(t, everybody)
	t.Setenv("AWS_ENDPOINT_URL_STS", "")
	const file = "[default]\nservices = s\n[services s]\nsts =\n  endpoint_url = "
	sharedConfig(t, file+sts.URL+"\n")
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	client := newClient(t, cfg)
	_, err := put(t, client)
	require.Equal(t, "ExpiredTokenException", err.Code)

	sharedConfig(t, file+"http://192.0.2.1\n")
	_, err = put(t, client)
	require.Equal(t, CodeCredentials, err.Code)
	require.Equal(t, Operator, err.Class)
	require.Contains(t, err.Error(), "http://192.0.2.1 would send credentials unencrypted")

	sharedConfig(t, file+sts.URL+"\n")
	_, err = put(t, client)
	require.Nil(t, err)
	require.Len(t, sts.received(), 2)
}

// TestVariantsOfEndpoints has FIPS and dual stack switched on outside of the exporter. They have no meaning for an endpoint that
// is configured, and the SDK refuses them there.
func TestVariantsOfEndpoints(t *testing.T) {
	for name, c := range map[string]struct {
		env     map[string]string
		shared  string
		ignored []string
	}{
		"FIPS":                     {env: map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}, ignored: []string{"AWS_USE_FIPS_ENDPOINT"}},
		"dual stack":               {env: map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "TRUE"}, ignored: []string{"AWS_USE_DUALSTACK_ENDPOINT"}},
		"both":                     {env: map[string]string{"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"}, ignored: []string{"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}},
		"file":                     {shared: "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n", ignored: []string{"use_fips_endpoint of profile default of the shared AWS configuration", "use_dualstack_endpoint of profile default of the shared AWS configuration"}},
		"variable before the file": {env: map[string]string{"AWS_USE_FIPS_ENDPOINT": "false"}, shared: "[default]\nuse_fips_endpoint = true\n"},
		"neither":                  {},
	} {
		t.Run(name, func(t *testing.T) {
			service := newService(t, accepts)
			base := service.config(t)
			sts := newSTS(t, everybody)
			environment(t, c.env)
			sharedConfig(t, c.shared)
			t.Run("setting", func(t *testing.T) {
				client := newClient(t, base)
				require.Equal(t, Endpoint{URL: service.URL, Source: "endpoint", Ignored: c.ignored}, client.Endpoint())
				_, err := put(t, client)
				require.Nil(t, err)
			})
			t.Run("variable, assumed role", func(t *testing.T) {
				cfg := base
				cfg.Endpoint = ""
				cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
				t.Setenv("AWS_ENDPOINT_URL", service.URL)
				client := newClient(t, cfg)
				require.Equal(t, Endpoint{URL: service.URL, Source: "AWS_ENDPOINT_URL", Ignored: c.ignored}, client.Endpoint())
				got, _ := client.STSEndpoint()
				require.Equal(t, Endpoint{URL: sts.URL, Source: "AWS_ENDPOINT_URL_STS", Ignored: c.ignored}, got)
				_, err := put(t, client)
				require.Nil(t, err)
			})
			t.Run("web identity", func(t *testing.T) {
				webIdentity(t)
				environment(t, c.env)
				sharedConfig(t, c.shared)
				t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
				client := newClient(t, base)
				got, _ := client.STSEndpoint()
				require.Equal(t, Endpoint{URL: sts.URL, Source: "AWS_ENDPOINT_URL_STS", Ignored: c.ignored}, got)
				_, err := put(t, client)
				require.Nil(t, err)
			})
			t.Run("profile with a role", func(t *testing.T) {
				noCredentials(t)
				environment(t, c.env)
				sharedConfig(t, c.shared+"[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\n"+
					"[profile b]\naws_access_key_id = a\naws_secret_access_key = s\n")
				t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
				cfg := base
				cfg.Profile = "a"
				_, err := put(t, newClient(t, cfg))
				require.Nil(t, err)
			})
		})
	}
}

// TestVariantsWithoutAConfiguredEndpoint holds that they apply where the SDK chooses the endpoint, STS's included.
func TestVariantsWithoutAConfiguredEndpoint(t *testing.T) {
	cfg := newService(t, accepts).config(t)
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	t.Setenv("AWS_USE_FIPS_ENDPOINT", "true")
	client := newClient(t, cfg)
	require.Equal(t, []string{"AWS_USE_FIPS_ENDPOINT"}, client.Endpoint().Ignored)
	sts, ok := client.STSEndpoint()
	require.True(t, ok)
	require.Equal(t, Endpoint{URL: "https://sts-fips.us-east-1.amazonaws.com", Source: "the AWS SDK, with AWS_USE_FIPS_ENDPOINT"}, sts)

	cfg.Endpoint = ""
	require.Equal(t, Endpoint{URL: "https://cloudtrail-data-fips.us-east-1.amazonaws.com", Source: "the AWS SDK, with AWS_USE_FIPS_ENDPOINT"},
		newClient(t, cfg).Endpoint())
}

// TestEndpointThatCannotBeResolved holds that this is an error at start, which names the setting.
func TestEndpointThatCannotBeResolved(t *testing.T) {
	for name, c := range map[string]struct {
		cfg Config
		err []string
	}{
		"no Region": {cfg: Config{Region: "us east 1"}, err: []string{`region: the AWS SDK finds no endpoint of CloudTrail for "us east 1": invalid input region us east 1: check region`}},
		"FIPS as part of the Region, which the SDK reads as a variant": {
			cfg: Config{Region: "us-east-1-fips", Endpoint: "https://a.test"},
			err: []string{`region: the AWS SDK finds no endpoint of CloudTrail for "us-east-1-fips": endpoint rule error, Invalid Configuration: FIPS and custom endpoint`},
		},
		"STS": {
			cfg: Config{Region: "us-east-1", AssumeRole: AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit", STSRegion: "eu west 1"}},
			err: []string{`assume_role.sts_region: the AWS SDK finds no endpoint of STS for "eu west 1"`},
		},
		"STS, Region of the channel": {
			cfg: Config{Region: "us east 1", Endpoint: "https://a.test", AssumeRole: AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}},
			err: []string{`region: the AWS SDK finds no endpoint of STS for "us east 1"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			staticKeys(t)
			cfg := c.cfg
			cfg.ChannelARN = testChannel
			_, err := New(t.Context(), cfg)
			for _, want := range c.err {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// TestUnresolvedNamesTheVariant is about partitions without FIPS or dual stack. The SDK knows none at present.
func TestUnresolvedNamesTheVariant(t *testing.T) {
	err := unresolved("CloudTrail", "region", "us-iso-east-1", []string{"AWS_USE_DUALSTACK_ENDPOINT"},
		fmt.Errorf("operation error: %w", errors.New("DualStack is enabled but this partition does not support DualStack")))
	require.EqualError(t, err, `region: the AWS SDK finds no endpoint of CloudTrail for "us-iso-east-1": `+
		"DualStack is enabled but this partition does not support DualStack: check region and AWS_USE_DUALSTACK_ENDPOINT")
}
