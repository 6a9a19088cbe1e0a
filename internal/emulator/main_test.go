// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testARN     = "arn:aws:cloudtrail:us-east-1:111122223333:channel/6f1d34a2-9cbf-4f3a-8b1e-0123456789ab"
	testAccount = "111122223333"
)

// start serves an emulator on loopback for the length of the test.
func start(t testing.TB, cfg Config) (*Emulator, *httptest.Server) {
	t.Helper()
	if cfg.ChannelARN == "" {
		cfg.ChannelARN = testARN
	}
	e, err := New(cfg)
	require.NoError(t, err)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return e, server
}

// client is the SDK's own client, without retries.
func client(t testing.TB, server *httptest.Server, options ...func(*cloudtraildata.Options)) *cloudtraildata.Client {
	t.Helper()
	return cloudtraildata.New(cloudtraildata.Options{
		BaseEndpoint: &server.URL,
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider(ExampleAccessKeyID, ExampleSecretAccessKey, ""),
		HTTPClient:   server.Client(),
		Retryer:      aws.NopRetryer{},
	}, options...)
}

// event returns a good eventData with some top-level fields replaced; nil removes one.
func event(changes map[string]any) string {
	fields := map[string]any{
		"version":            "1.0",
		"userIdentity":       map[string]any{"type": "User", "principalId": "alice", "details": map[string]any{"team": "audit"}},
		"userAgent":          "curl/8.9",
		"eventSource":        "billing.example.com",
		"eventName":          "CreateInvoice",
		"eventTime":          "2026-01-02T03:04:05Z",
		"UID":                "3f6c",
		"requestParameters":  map[string]any{"amount": "12"},
		"responseElements":   map[string]any{"id": "7"},
		"errorCode":          "Denied",
		"errorMessage":       "no",
		"sourceIPAddress":    "192.0.2.7",
		"recipientAccountId": testAccount,
		"additionalEventData": map[string]any{
			"exporter.id": "1",
		},
	}
	for name, value := range changes {
		if value == nil {
			delete(fields, name)
			continue
		}
		fields[name] = value
	}
	text, err := marshal(fields)
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(text))
}

func entry(id, data string) types.AuditEvent {
	return types.AuditEvent{Id: &id, EventData: &data, EventDataChecksum: aws.String(checksum(data))}
}

func checksum(data string) string {
	sum := sha256.Sum256([]byte(data))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func input(events ...types.AuditEvent) *cloudtraildata.PutAuditEventsInput {
	return &cloudtraildata.PutAuditEventsInput{ChannelArn: aws.String(testARN), AuditEvents: events}
}

func hexSum(data string) string {
	sum := sha256.Sum256([]byte(data))
	return hex.EncodeToString(sum[:])
}

// body is a request's body as a client writes it.
func body(t testing.TB, events ...types.AuditEvent) string {
	t.Helper()
	type wire struct {
		EventData string  `json:"eventData"`
		Checksum  *string `json:"eventDataChecksum,omitempty"`
		ID        string  `json:"id"`
	}
	list := make([]wire, len(events))
	for i, e := range events {
		list[i] = wire{*e.EventData, e.EventDataChecksum, *e.Id}
	}
	text, err := marshal(map[string]any{"auditEvents": list})
	require.NoError(t, err)
	return string(text)
}

// signing is what a raw request is signed with.
type signing struct {
	credentials     aws.Credentials
	service, region string
	at              time.Time
}

func goodSigning() signing {
	return signing{aws.Credentials{AccessKeyID: ExampleAccessKeyID, SecretAccessKey: ExampleSecretAccessKey}, "cloudtrail-data", "us-east-1", time.Now()}
}

// rawRequest is a signed PutAuditEvents that change may break before and spoil after it is signed.
func rawRequest(t testing.TB, base, body string, s signing, change, spoil func(*http.Request)) *http.Request {
	t.Helper()
	target := base + "/PutAuditEvents?channelArn=" + url.QueryEscape(testARN)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, target, bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(r)
	}
	require.NoError(t, v4.NewSigner().SignHTTP(context.Background(), s.credentials, r, hexSum(body), s.service, s.region, s.at))
	if spoil != nil {
		spoil(r)
	}
	return r
}

// reply is an answer, read to its end.
type reply struct {
	status  int
	header  http.Header
	code    string
	message string
	answer  answer
}

func send(t testing.TB, server *httptest.Server, r *http.Request) reply {
	t.Helper()
	response, err := server.Client().Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	var parsed struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		answer
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&parsed))
	require.Equal(t, parsed.Type, response.Header.Get("X-Amzn-ErrorType"))
	require.NotEmpty(t, response.Header.Get("X-Amzn-RequestId"))
	return reply{response.StatusCode, response.Header, parsed.Type, parsed.Message, parsed.answer}
}
