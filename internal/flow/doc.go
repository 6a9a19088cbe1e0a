// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package flow takes log records to CloudTrail Lake: records become events, events requests, and each answer decides
// each event. An event leaves the flow in one of two ways, ingested or rejected, and is counted as it does; until then
// its record goes back to the queue.
package flow
