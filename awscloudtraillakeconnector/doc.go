// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package awscloudtraillakeconnector writes audit logs to AWS CloudTrail Lake as the exporter of this repository does. Records
// that CloudTrail does not take whole, and receipts for events that it took, go on into the pipelines behind it.
package awscloudtraillakeconnector
