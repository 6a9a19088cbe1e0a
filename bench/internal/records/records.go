// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package records makes the log records that the measurements send.
package records

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/benchdata"
)

// Kind is a form that audit records come in.
type Kind string

const (
	// Semconv is a record of an instrumented service, with the names of the semantic conventions as attributes.
	Semconv Kind = "semconv"
	// KubernetesMap is an event of a Kubernetes API server as a map in the body.
	KubernetesMap Kind = "kubernetes-map"
	// KubernetesText is the same event as JSON text in the body, as a file has it.
	KubernetesText Kind = "kubernetes-text"
	// Sized is a small record that is filled up to a size, or to a number of attributes.
	Sized Kind = "sized"
)

// Shape says what records look like.
type Shape struct {
	Kind Kind
	// Size is what a Semconv or Sized record is filled up to, in bytes of protobuf; 0 = as small as it is.
	Size int
	// Attributes is the number that a Sized record has; 0 = as few as it needs.
	Attributes int
}

// Request returns n records of one resource, all different, the first of them with the number first.
func (s Shape) Request(first, n int) plog.Logs {
	logs := plog.NewLogs()
	records := benchdata.AppendService(logs)
	for i := range n {
		lr := records.AppendEmpty()
		at := benchdata.Time.Add(time.Duration(first+i) * time.Millisecond)
		lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
		lr.SetObservedTimestamp(lr.Timestamp() + 1_000_000)
		switch s.Kind {
		case Semconv:
			semconv(lr, first+i)
			fill(lr, s.Size)
		case KubernetesMap, KubernetesText:
			kubernetes(lr, first+i, s.Kind == KubernetesText)
		case Sized:
			s.sized(lr, first+i)
			fill(lr, s.Size)
		default:
			panic("records of an unknown kind: " + s.Kind)
		}
	}
	return logs
}

// semconv makes the record of an ordinary action of a user: 15 attributes, some of which no field of an event takes.
func semconv(lr plog.LogRecord, n int) {
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetTraceID([16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, byte(n >> 8), byte(n)})
	lr.SetSpanID([8]byte{1, 2, 3, 4, 5, 6, byte(n >> 8), byte(n)})
	lr.Attributes().PutStr("log.record.uid", fmt.Sprintf("01JQ8ZK3V7M9XW2RT5%08d", n))
	benchdata.FillApproval(lr, fmt.Sprintf("u-%05d", n%1000), strconv.Itoa(n))
}

// kubernetesEvent is an event as the API server writes it at the level Request.
// https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
const kubernetesEvent = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"6f1c1a4e-5b52-4f0c-9d0e-%012d",` +
	`"stage":"ResponseComplete","requestURI":"/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl-edit","verb":"patch",` +
	`"user":{"username":"ana@example.com","uid":"u-81723","groups":["devs","system:authenticated"],` +
	`"extra":{"authentication.kubernetes.io/credential-id":["X509SHA256=1f0c8e0b7d"]}},` +
	`"sourceIPs":["203.0.113.17"],"userAgent":"kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7",` +
	`"objectRef":{"resource":"deployments","namespace":"shop","name":"web","uid":"0d5f3c1e-8a0e-4b71-a0a5-0d8a0c3e6f11",` +
	`"apiGroup":"apps","apiVersion":"v1","resourceVersion":"48151623"},"responseStatus":{"metadata":{},"code":200},` +
	`"requestObject":{"metadata":{"annotations":{"example.com/changed-by":"ana"}},"spec":{"replicas":5,"template":{"spec":{` +
	`"containers":[{"name":"web","image":"registry.example.com/shop/web:1.42.0","resources":{"limits":{"cpu":"2","memory":"1Gi"}},` +
	`"env":[{"name":"LOG_LEVEL","value":"info"},{"name":"REGION","value":"eu-central-1"}]}]}}}},` +
	`"requestReceivedTimestamp":"2026-03-04T05:06:07.880123Z","stageTimestamp":"2026-03-04T05:06:07.890123Z",` +
	`"annotations":{"authorization.k8s.io/decision":"allow",` +
	`"authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"devs/shop\" of ClusterRole \"edit\" to Group \"devs\""}}`

func kubernetes(lr plog.LogRecord, n int, text bool) {
	event := fmt.Sprintf(kubernetesEvent, n)
	if text {
		lr.Body().SetStr(event)
		return
	}
	var raw map[string]any
	if err := json.Unmarshal([]byte(event), &raw); err != nil {
		panic(err)
	}
	if err := lr.Body().SetEmptyMap().FromRaw(raw); err != nil {
		panic(err)
	}
}

// sized makes a record that is small but for its attributes.
func (s Shape) sized(lr plog.LogRecord, n int) {
	lr.SetEventName("file.read")
	a := lr.Attributes()
	a.PutStr("log.record.uid", fmt.Sprintf("%012d", n))
	a.PutStr("user.id", "u-81723")
	a.PutStr("client.address", "203.0.113.17")
	for i := a.Len(); i < s.Attributes; i++ {
		a.PutStr(fmt.Sprintf("app.field.%03d", i), fmt.Sprintf("value %d", n%1000+i))
	}
}

// fill makes a record as large as size says. Up to 200 kB it needs no repair: what fills it goes to requestParameters and
// responseElements, which have room for 100 kB each.
func fill(lr plog.LogRecord, size int) {
	missing := size - (&plog.ProtoMarshaler{}).LogRecordSize(lr)
	const names = 80 // what the two attributes take beside their values
	if missing <= names {
		return
	}
	missing -= names
	a := lr.Attributes()
	a.PutStr("http.request.body.content", filler[:missing/2])
	a.PutStr("http.response.body.content", filler[:missing-missing/2])
}

var filler = strings.Repeat("The quick brown fox jumps over the lazy dog. ", 5000)
