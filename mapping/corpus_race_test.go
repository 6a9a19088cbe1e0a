// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

//go:build race

package mapping

// inflateEvery: the race detector makes this slower by about as much, and looks for nothing that hangs on a record's size.
const inflateEvery = 8
