// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

package mapping

// inflateEvery is how many records there are for each that is inflated.
const inflateEvery = 1
