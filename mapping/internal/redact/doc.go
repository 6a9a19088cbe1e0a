// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package redact finds the secrets in a tree and puts markers in their place.
//
// A value is taken for a secret for what stands before it: the key that it stands under, the name in a list of names and
// values, the kind of the Kubernetes object that it is data of, the parameter of a URL. Values themselves are not guessed
// at, but for private keys in PEM, which say what they are: a guess takes from an auditor what he looks for.
package redact
