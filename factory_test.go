// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// setTestCredentials gives every test of the package AWS credentials, and keeps the SDK off the network and off the
// machine's own configuration. The generated TestMain calls it.
func setTestCredentials() {
	otelcol.UseCredentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
}

func TestFactory(t *testing.T) {
	assert.Equal(t, component.StabilityLevelAlpha, NewFactory().LogsStability())
	assert.Equal(t, component.StabilityLevelUndefined, NewFactory().TracesStability())
	assert.Equal(t, component.StabilityLevelUndefined, NewFactory().MetricsStability())
}
