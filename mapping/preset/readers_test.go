// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReaders holds the functions that read a source's own notation to what the source's reference says of it.
func TestReaders(t *testing.T) {
	snowflake := func(s string) string {
		d := NewDoc()
		return d.String(snowflakeTime(constant(s)).Eval(d))
	}
	for _, c := range []struct {
		name     string
		read     func(string) string
		in, want string
	}{
		{"snowflake default", snowflake, "2026-03-03 21:06:07.890 -0800", "2026-03-03T21:06:07.890-0800"},
		{"snowflake without zone", snowflake, "2026-03-04 05:06:07.890", "2026-03-04T05:06:07.890Z"},
		{"snowflake with offset", snowflake, "2026-03-04 05:06:07+01:00", "2026-03-04 05:06:07+01:00"},
		{"snowflake RFC 3339", snowflake, "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"},
		{"snowflake none", snowflake, "soon or later", "soon or later"},
		{"salesforce", salesforceTime, "20260304050607.890", "2026-03-04T05:06:07.89Z"},
		{"salesforce whole seconds", salesforceTime, "20260304050607", "2026-03-04T05:06:07Z"},
		{"salesforce other", salesforceTime, "2026-03-04 05:06:07", "2026-03-04 05:06:07"},
		{"nanoseconds", nineDigits, "89000000", "089000000"},
		{"no nanoseconds", nineDigits, "0", "000000000"},
		{"too many nanoseconds", nineDigits, "1234567890", "1234567890"},
		{"gitlab's own author", gitlabAuthor, "Gitlab::Audit::DeployTokenAuthor", "DeployToken"},
		{"gitlab's user", gitlabAuthor, "User", "User"},
		{"operation", operation, "org.recovery_code_failed", "recovery_code_failed"},
		{"operation alone", operation, "login", "login"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, c.read(c.in))
		})
	}
}

func TestNamesFailure(t *testing.T) {
	for _, action := range []string{"user.failed_login", "org.recovery_code_failed", "protected_branch.rejected_ref_update"} {
		require.True(t, namesFailure(action), action)
	}
	for _, action := range []string{"repo.create", "failed_jobs.list", "workflows.completed_workflow_run", ""} {
		require.False(t, namesFailure(action), action)
	}
}
