// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeconnector

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// setTestCredentials gives every test of the package AWS credentials, and keeps the SDK off the network and off the
// machine's own configuration. The generated TestMain calls it.
func setTestCredentials() {
	otelcol.UseCredentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
}
