// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

// version is the exporter's own. Each event says which version made it.
const version = "0.1.0"
