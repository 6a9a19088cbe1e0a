// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadatatest"
)

// withoutAWS hides the AWS configuration of the machine that the tests run on.
func withoutAWS(t *testing.T) {
	for _, name := range []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_WEB_IDENTITY_TOKEN_FILE",
	} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

// startLogged starts an exporter, stops it, and returns the entries of its log that have an endpoint.
func startLogged(t *testing.T, cfg *Config) ([]observer.LoggedEntry, error) {
	require.NoError(t, cfg.Validate())
	core, logs := observer.New(zapcore.InfoLevel)
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	set := metadatatest.NewSettings(telemetry)
	set.Logger = zap.New(core)
	exp, err := NewFactory().CreateLogs(t.Context(), set, cfg)
	require.NoError(t, err)
	err = exp.Start(t.Context(), componenttest.NewNopHost())
	require.NoError(t, exp.Shutdown(context.Background()))
	return logs.Filter(func(e observer.LoggedEntry) bool { _, ok := e.ContextMap()["endpoint"]; return ok }).AllUntimed(), err
}

func TestStartLogsTheEndpoints(t *testing.T) {
	withoutAWS(t)
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
	t.Setenv("AWS_ENDPOINT_URL_STS", "https://sts.example.com")
	t.Setenv("AWS_USE_FIPS_ENDPOINT", "true")
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN = testARN
	cfg.AssumeRole.ARN = "arn:aws:iam::111122223333:role/audit-writer"
	entries, err := startLogged(t, cfg)
	require.NoError(t, err)
	var got []string
	for _, e := range entries {
		assert.Equal(t, zapcore.InfoLevel, e.Level)
		fields := e.ContextMap()
		if fields["source"] != nil {
			got = append(got, e.Message+" "+fields["endpoint"].(string)+" "+fields["source"].(string))
			continue
		}
		assert.Equal(t, []any{"AWS_USE_FIPS_ENDPOINT"}, fields["ignored"])
		got = append(got, "ignored "+fields["endpoint"].(string))
	}
	assert.Equal(t, []string{
		"Sending to CloudTrail. http://127.0.0.1:4566 AWS_ENDPOINT_URL", "ignored http://127.0.0.1:4566",
		"Getting credentials from STS. https://sts.example.com AWS_ENDPOINT_URL_STS", "ignored https://sts.example.com",
	}, got)
}

// TestStartRefusesEndpointsFromElsewhere has what the reading of the configuration cannot see.
func TestStartRefusesEndpointsFromElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		variable, endpoint, role string
		want                     string
	}{
		"CloudTrail": {variable: "AWS_ENDPOINT_URL", want: "AWS_ENDPOINT_URL: http://10.0.0.1 would send events unencrypted"},
		"STS": {
			variable: "AWS_ENDPOINT_URL_STS", endpoint: "https://lake.example.com", role: "arn:aws:iam::111122223333:role/audit-writer",
			want: "AWS_ENDPOINT_URL_STS: http://10.0.0.1 would send credentials unencrypted",
		},
	} {
		t.Run(name, func(t *testing.T) {
			withoutAWS(t)
			t.Setenv(c.variable, "http://10.0.0.1")
			cfg := NewFactory().CreateDefaultConfig().(*Config)
			cfg.ChannelARN, cfg.Endpoint, cfg.AssumeRole.ARN = testARN, c.endpoint, c.role
			entries, err := startLogged(t, cfg)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, entries)
		})
	}
}

// TestInsecureIsForAnyEndpoint holds that tls.insecure allows plain http of an endpoint from the environment, and is an error
// with https.
func TestInsecureIsForAnyEndpoint(t *testing.T) {
	withoutAWS(t)
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	cfg.ChannelARN, cfg.TLS.Insecure = testARN, true
	require.ErrorContains(t, cfg.Validate(), "tls.insecure: only allows plain http, and the SDK's endpoint is https")
	t.Setenv("AWS_ENDPOINT_URL", "https://lake.example.com")
	require.ErrorContains(t, cfg.Validate(), "tls.insecure: only allows plain http, and https://lake.example.com (from AWS_ENDPOINT_URL) is https")
	t.Setenv("AWS_ENDPOINT_URL", "http://lake.internal")
	entries, err := startLogged(t, cfg)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}
