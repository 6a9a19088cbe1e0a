// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"

import "strings"

// PrivatePrefix begins the names of the attributes that this component itself puts on log records.
const PrivatePrefix = "aws.cloudtrail_lake."

// IsPrivate says whether an attribute is one that this component puts on records that it hands back. Such are no part
// of the record: neither of its event nor of its digest.
func IsPrivate(name string) bool {
	rest, found := strings.CutPrefix(name, PrivatePrefix)
	if !found {
		return false
	}
	switch rest {
	case "attempts", "first_attempt", "ordinal",
		"outcome", "id", "uid", "channel_arn", "preset", "error_code", "error_message", "items":
		return true
	}
	return false
}
