// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
)

// setTestCredentials gives every test of the package AWS credentials, and keeps the SDK off the network and off the
// machine's own configuration. The generated TestMain calls it.
func setTestCredentials() {
	for key, value := range map[string]string{
		"AWS_ACCESS_KEY_ID":           "AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY":       "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"AWS_SESSION_TOKEN":           "",
		"AWS_PROFILE":                 "",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED":   "true",
	} {
		if err := os.Setenv(key, value); err != nil {
			panic(err)
		}
	}
}

func TestFactory(t *testing.T) {
	assert.Equal(t, component.StabilityLevelAlpha, NewFactory().LogsStability())
	assert.Equal(t, component.StabilityLevelUndefined, NewFactory().TracesStability())
	assert.Equal(t, component.StabilityLevelUndefined, NewFactory().MetricsStability())
}
