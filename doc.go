// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package awscloudtraillakeexporter is an exporter of the OpenTelemetry Collector. It writes log records to a channel of
// AWS CloudTrail Lake as audit events.
package awscloudtraillakeexporter
