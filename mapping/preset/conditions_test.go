// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
)

// docOf opens a record that is JSON text. What is asked for in it has to be written down before, as tables are.
func docOf(t *testing.T, text string) *record.Doc {
	d := NewDoc()
	d.Within(pcommon.NewResource(), pcommon.NewInstrumentationScope())
	lr := plog.NewLogRecord()
	lr.Body().SetStr(text)
	require.Equal(t, 1, d.Open(lr))
	d.Item(0)
	return d
}

func TestAuth0Failed(t *testing.T) {
	for kind, want := range map[string]bool{
		"f": true, "fp": true, "fecte": true, "feacft": true, "fdecc": true, "limit_wc": true, "pwd_leak": true, "api_limit": true,
		"gd_auth_failed": true, "gd_auth_fail_email_verification": true, "gd_send_sms_failure": true, "gd_auth_rejected": true,
		"gd_otp_rate_limit_exceed": true, "failed_on_behalf_of_token_exchange": true, "federated_logout_failed": true,
		"rich_consents_access_error": true, "ss_sso_failure": true,

		"s": false, "sapi": false, "seacft": false, "w": false, "mfar": false, "mgmt_api_read": false, "api_limit_warning": false,
		"flows_execution_completed": false, "forms_submission_succeeded": false, "gd_auth_succeed": false, "ss_sso_info": false,
	} {
		require.Equal(t, want, auth0Failed.Holds(docOf(t, `{"type":"`+kind+`"}`)), kind)
	}
}

func TestM365Blocked(t *testing.T) {
	for text, want := range map[string]bool{
		`{"Operation":"DlpRuleMatch","PolicyDetails":[{"Rules":[{"Actions":["NotifyUser"]},{"Actions":["BlockAccess"]}]}]}`: true,
		`{"Operation":"DLPRuleMatch","PolicyDetails":[{"Rules":[{"Actions":["BlockAccess"]}]}]}`:                            true,
		`{"Operation":"DlpRuleMatch","PolicyDetails":[{"Rules":[{"Actions":["NotifyUser"]}]}]}`:                             false,
		`{"Operation":"DlpRuleUndo","PolicyDetails":[{"Rules":[{"Actions":["BlockAccess"]}]}]}`:                             false,
		`{"Operation":"DlpRuleMatch","ExceptionInfo":"{}","PolicyDetails":[{"Rules":[{"Actions":["BlockAccess"]}]}]}`:       false,
		`{"Operation":"DlpRuleMatch","PolicyDetails":{"Rules":"BlockAccess"}}`:                                              false,
	} {
		require.Equal(t, want, m365Blocked.Holds(docOf(t, text)), text)
	}
}

func TestAzureResource(t *testing.T) {
	for id, want := range map[string]string{
		"/subscriptions/1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a": "microsoft.storage",
		"/SUBSCRIPTIONS/1/PROVIDERS/MICROSOFT.SECURITY/ALERTS/A":                           "microsoft.security",
		"/tenants/1/providers/Microsoft.aadiam":                                            "microsoft.aadiam",
		"/providers/Microsoft.Management/managementGroups/a":                               "microsoft.management",
		"/subscriptions/1/resourceGroups/rg":                                               "microsoft.resources",
	} {
		require.True(t, isAzureResource(id), id)
		require.Equal(t, want, azureProvider(id))
	}
	for _, id := range []string{"", "/", "subscriptions/1", "/subscription", "arn:aws:iam::111122223333:role/a"} {
		require.False(t, isAzureResource(id), id)
	}
}

func TestUTC(t *testing.T) {
	at := utc(path("at"))
	for text, want := range map[string]string{
		"2026-03-04T05:06:07":       "2026-03-04T05:06:07Z",
		"2026-03-04 05:06:07.25":    "2026-03-04 05:06:07.25Z",
		"2026-03-04T05:06:07Z":      "2026-03-04T05:06:07Z",
		"2026-03-04T05:06:07+02:00": "2026-03-04T05:06:07+02:00",
		"yesterday":                 "yesterday",
	} {
		d := docOf(t, `{"at":"`+text+`"}`)
		require.Equal(t, want, d.String(at.Eval(d)))
	}
}

func TestVaultFailed(t *testing.T) {
	for text, want := range map[string]bool{
		`{"response":{"data":{"error":"hmac-sha256:0a"},"mount_type":"userpass"}}`:        true,
		`{"response":{"data":{"data":{"a":"b"},"error":"invalid"},"mount_type":"kv"}}`:    true,
		`{"response":{"data":{"errors":["bad key"]},"headers":{"Content-Type":["a/b"]}}}`: true,
		`{"response":{"data":{"error":"e","keys":["a"]}}}`:                                false,
		`{"response":{"data":{"errors":["a"]},"mount_type":"kv"}}`:                        false,
		`{"response":{"data":{"a":"b"}}}`:                                                 false,
		`{"response":{"data":{}}}`:                                                        false,
		`{"request":{"data":{"error":"e"}}}`:                                              false,
		`{"error":"e"}`:                                                                   false,
	} {
		require.Equal(t, want, vaultFailed.Holds(docOf(t, text)), text)
	}
}
