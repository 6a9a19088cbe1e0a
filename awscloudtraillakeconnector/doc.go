// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package awscloudtraillakeconnector writes audit logs to AWS CloudTrail Lake as the exporter of this repository does, and
// lets out into the pipelines behind it the records that CloudTrail does not take whole, and receipts for those that it
// took.
package awscloudtraillakeconnector // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/awscloudtraillakeconnector"
