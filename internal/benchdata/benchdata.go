// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package benchdata is what the benchmarks of the exporter, those of the mapping and the module bench have in common, so that
// their figures tell of the same records. A change here makes the figures in docs/contributor/performance.md out of date.
package benchdata

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Time is when the first of the records was written.
var Time = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)

// AppendService appends the resource and the scope of an instrumented service, and returns the place for its records.
func AppendService(logs plog.Logs) plog.LogRecordSlice {
	rl := logs.ResourceLogs().AppendEmpty()
	resource := rl.Resource().Attributes()
	resource.PutStr("service.name", "billing")
	resource.PutStr("service.namespace", "shop")
	resource.PutStr("host.name", "ip-10-0-3-17")
	resource.PutStr("cloud.region", "eu-central-1")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("com.example.billing.audit")
	sl.Scope().SetVersion("2.4.1")
	return sl.LogRecords()
}

// FillApproval makes lr tell that a user has approved an invoice. It adds 14 attributes with the names of the semantic
// conventions, some of which no field of an event takes.
func FillApproval(lr plog.LogRecord, userID, invoice string) {
	lr.SetSeverityText("INFO")
	lr.SetEventName("invoice.approve")
	lr.Body().SetStr("invoice approved")
	a := lr.Attributes()
	a.PutStr("user.id", userID)
	a.PutStr("user.email", "ana@example.com")
	a.PutStr("user.name", "ana")
	a.PutStr("session.id", "8f3b2c1d")
	a.PutStr("client.address", "203.0.113.17")
	a.PutInt("client.port", 51234)
	a.PutStr("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
	a.PutStr("http.request.method", "POST")
	a.PutStr("url.path", "/v1/invoices/"+invoice+"/approve")
	a.PutInt("http.response.status_code", 200)
	a.PutStr("event.outcome", "success")
	a.PutStr("app.invoice", invoice)
	a.PutDouble("app.amount", 1234.5)
	a.PutBool("app.four_eyes", true)
}

// TenFields is a rule for such records, as the YAML of mappings, with ten OTTL fields as users write them: most of them
// paths.
const TenFields = `
- condition: resource.attributes["service.name"] == "billing"
  preset: semconv
  fields:
    userIdentity.type: '"User"'
    userIdentity.principalId: log.attributes["user.email"]
    userIdentity.details.session: log.attributes["session.id"]
    eventName: Concat(["billing", log.event_name], ".")
    eventSource: ['log.attributes["app.source"]', 'resource.attributes["service.name"]']
    userAgent: log.attributes["user_agent.original"]
    sourceIPAddress: log.attributes["client.address"]
    errorCode:
      - value: log.attributes["error.type"]
        condition: log.attributes["event.outcome"] == "failure"
    requestParameters.invoice: log.cache["app.invoice"]
    additionalEventData.region: resource.attributes["cloud.region"]
`
