// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// TestMappingErrorsAreCountedOnce has a rule that fails for each record: that costs the events nothing but the field, and
// is counted at the first attempt only.
func TestMappingErrorsAreCountedOnce(t *testing.T) {
	mapper, err := mapping.New(mapping.Config{
		RecipientAccountID: "111122223333", OnInvalid: mapping.Repair,
		Rules: []mapping.Rule{{Name: "a", Fields: map[string]any{"errorCode": `ParseJSON("{")`}}},
	})
	require.NoError(t, err)
	attempts := 0
	r := newRig(t, &service{code: func(string) string {
		if attempts++; attempts <= 3 {
			return "Throttling"
		}
		return ""
	}}, func(o *Options) { o.Mapper = mapper })
	require.Zero(t, r.push(records(3), 2).LogRecordCount())
	require.Len(t, r.service.stored, 3)
	require.EqualValues(t, 3, r.sum("mapping_errors", attribute.String("rule", "a"), attribute.String("field", "errorCode")))
	require.EqualValues(t, 3, r.sum("mapping_errors"))
}
