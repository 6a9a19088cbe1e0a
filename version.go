// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

// version is the exporter's own, in each event as exporter.version. It is 0.0.0-dev in every commit that is not a release.
const version = "0.0.0-dev"
