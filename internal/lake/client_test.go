// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"
)

func TestPut(t *testing.T) {
	service := newService(t, func(*received) reply {
		return reply{
			text:   `{"failed":[{"id":"e-1","errorCode":"InvalidData","errorMessage":"m"}],"successful":[{"id":"e-0","eventID":"A"}]}`,
			header: map[string]string{"x-amzn-RequestId": "0e1d3c62-7f66-4d1b-a0a5-f3a7c2a80b5b"},
		}
	})
	client := newClient(t, service.config(t))
	var answer Answer
	require.NoError(t, client.Put(t.Context(), numbered(t, 3), &answer))
	require.Equal(t, []Result{ok("A"), refused("InvalidData", "m"), notListed}, answer.Results)
	require.Equal(t, "0e1d3c62-7f66-4d1b-a0a5-f3a7c2a80b5b", answer.RequestID)
}

func TestPutNothingSendsNothing(t *testing.T) {
	service := newService(t, accepts)
	client := newClient(t, service.config(t))
	answer := Answer{RequestID: "old", Results: []Result{ok("old")}}
	require.NoError(t, client.Put(t.Context(), &Body{}, &answer))
	require.Empty(t, answer.Results)
	require.Empty(t, answer.RequestID)
	require.Empty(t, service.received())
}

// TestRequestIsWhatTheSDKWouldSend compares a request with that of the SDK as it is: line, body and headers.
func TestRequestIsWhatTheSDKWouldSend(t *testing.T) {
	for name, externalID := range map[string]string{"external id": testSecret, "none": ""} {
		t.Run(name, func(t *testing.T) {
			service := newService(t, accepts)
			cfg := service.config(t)
			cfg.ExternalID = externalID
			client := newClient(t, cfg)
			var answer Answer
			require.NoError(t, client.Put(t.Context(), bodyOf(t, awkward...), &answer))

			input := &cloudtraildata.PutAuditEventsInput{ChannelArn: aws.String(testChannel)}
			if externalID != "" {
				input.ExternalId = aws.String(externalID)
			}
			for _, e := range awkward {
				sum := sha256.Sum256([]byte(e.data))
				input.AuditEvents = append(input.AuditEvents, types.AuditEvent{
					EventData: aws.String(e.data), Id: aws.String(e.id),
					EventDataChecksum: aws.String(base64.StdEncoding.EncodeToString(sum[:])),
				})
			}
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			sdk := cloudtraildata.New(cloudtraildata.Options{
				Region: "us-east-1", BaseEndpoint: aws.String(service.URL), Retryer: aws.NopRetryer{},
				Credentials: credentials.NewStaticCredentialsProvider("AKIDSTATIC", "static-secret", ""),
				HTTPClient:  &http.Client{Transport: transport},
			})
			_, err := sdk.PutAuditEvents(t.Context(), input)
			require.NoError(t, err)

			calls := service.received()
			require.Len(t, calls, 2)
			ours, theirs := calls[0], calls[1]
			require.Equal(t, theirs.method, ours.method)
			require.Equal(t, theirs.uri, ours.uri)
			require.Equal(t, theirs.body, ours.body)
			require.Equal(t, externalID != "", ours.query["externalId"] != nil)
			require.Equal(t, signedHeaders(theirs), signedHeaders(ours))
			requireSigned(t, theirs)
			requireSigned(t, ours)
			for _, ofTheAttempt := range []string{"Amz-Sdk-Invocation-Id", "User-Agent", "X-Amz-Date", "Authorization", "Amz-Sdk-Request"} {
				require.NotEmpty(t, ours.header.Get(ofTheAttempt), ofTheAttempt)
				ours.header.Del(ofTheAttempt)
				theirs.header.Del(ofTheAttempt)
			}
			require.Equal(t, theirs.header, ours.header)
		})
	}
}

func signedHeaders(r *received) string {
	_, after, _ := strings.Cut(r.header.Get("Authorization"), "SignedHeaders=")
	before, _, _ := strings.Cut(after, ",")
	return before
}

// requireSigned signs what was received once more and compares the signatures.
func requireSigned(t *testing.T, r *received) {
	again, err := http.NewRequest(r.method, "http://"+r.host+r.uri, strings.NewReader(r.body))
	require.NoError(t, err)
	for name := range strings.SplitSeq(signedHeaders(r), ";") {
		if name != "host" && name != "content-length" {
			again.Header.Set(name, r.header.Get(name))
		}
	}
	at, err := time.Parse("20060102T150405Z", r.header.Get("X-Amz-Date"))
	require.NoError(t, err)
	hash := sha256.Sum256([]byte(r.body))
	require.NoError(t, v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: "AKIDSTATIC", SecretAccessKey: "static-secret"},
		again, hex.EncodeToString(hash[:]), "cloudtrail-data", "us-east-1", at))
	require.Equal(t, again.Header.Get("Authorization"), r.header.Get("Authorization"))
}

func TestEndpointWithAPath(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	cfg.Endpoint += "/gateway/"
	_, err := put(t, newClient(t, cfg))
	require.Nil(t, err)
	require.True(t, strings.HasPrefix(service.received()[0].uri, "/gateway/PutAuditEvents?channelArn=arn%3Aaws"), service.received()[0].uri)
	requireSigned(t, service.received()[0])
}

func TestUserAgentNamesTheApplication(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	cfg.AppID = "awscloudtraillakeexporter"
	_, _ = put(t, newClient(t, cfg))
	require.Contains(t, service.received()[0].header.Get("User-Agent"), "app/awscloudtraillakeexporter")
}

// TestOneAttempt holds that the SDK itself repeats nothing, whatever the environment asks of it.
func TestOneAttempt(t *testing.T) {
	service := newService(t, func(*received) reply { return reply{status: 503} })
	cfg := service.config(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "5")
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, Passing, err.Class)
	require.Len(t, service.received(), 1)
}

func TestNewFailsWithoutTheExpectedMiddleware(t *testing.T) {
	service := newService(t, accepts)
	client := newClient(t, service.config(t))
	for name, remove := range map[string]func(*middleware.Stack) error{
		"OperationSerializer": func(s *middleware.Stack) error {
			_, err := s.Serialize.Remove("OperationSerializer")
			return err
		},
		"OperationDeserializer": func(s *middleware.Stack) error {
			_, err := s.Deserialize.Remove("OperationDeserializer")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := client.sdk.Options()
			options.APIOptions = append([]func(*middleware.Stack) error{remove}, options.APIOptions...)
			broken := &Client{sdk: cloudtraildata.New(options), input: client.input}
			require.ErrorContains(t, broken.probe(t.Context()), name)
		})
	}
	require.NoError(t, client.probe(t.Context()))
	require.Empty(t, service.received())
}

func TestNewFailsOnAnUnknownProfile(t *testing.T) {
	noCredentials(t)
	_, err := New(t.Context(), Config{ChannelARN: testChannel, Region: "us-east-1", Profile: "nowhere"})
	require.ErrorContains(t, err, "nowhere")
}

// TestRequestBodyHasNoWriteTo is about smithy-go's safeWriteToReadCloser: once closed, its WriteTo returns io.EOF as an
// error. net/http's transport copies what is behind the Content-Length by WriteTo; where the answer came and the body was
// closed before, that breaks a request which the service has carried out.
func TestRequestBodyHasNoWriteTo(t *testing.T) {
	service := newService(t, accepts)
	client := newClient(t, service.config(t))

	// The body that the client hands to the transport can be read after it was closed.
	var sent io.ReadCloser
	options := client.sdk.Options()
	options.HTTPClient = smithyhttp.ClientDoFunc(func(r *http.Request) (*http.Response, error) {
		sent = r.Body
		return client.send(r)
	})
	spied := *client
	spied.sdk = cloudtraildata.New(options)
	results, failure := put(t, &spied)
	require.Nil(t, failure)
	require.Equal(t, accepted, results)
	require.NotImplements(t, (*io.WriterTo)(nil), sent)
	_, err := io.Copy(io.Discard, sent)
	require.NoError(t, err)

	// A body that has a WriteTo cannot. When this fails smithy-go is mended, and stream can go.
	request, err := smithyhttp.NewStackRequest().(*smithyhttp.Request).SetStream(bytes.NewReader([]byte("body")))
	require.NoError(t, err)
	plain := request.Build(t.Context()).Body
	require.NoError(t, plain.Close())
	_, err = io.Copy(io.Discard, plain)
	require.ErrorIs(t, err, io.EOF)
}

// TestBodyIsFreeAfterPut changes a body as soon as Put returns, while the service may not have read it: with -race this
// holds that nothing reads it any more.
func TestBodyIsFreeAfterPut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	client := newClient(t, (&service{Server: server}).config(t))
	var body Body
	var answer Answer
	for range 50 {
		body.Reset()
		for _, data := range []string{"a", "b", "c"} {
			require.True(t, testEvent{data, strings.Repeat(data, 250_000)}.appendTo(&body))
		}
		require.Error(t, client.Put(t.Context(), &body, &answer))
	}
}

func TestConcurrentPuts(t *testing.T) {
	service := newService(t, accepts)
	client := newClient(t, service.config(t))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			var answer Answer
			for range 20 {
				if err := client.Put(t.Context(), numbered(t, 3), &answer); err != nil || len(answer.Results) != 3 {
					t.Errorf("%v %v", err, answer.Results)
				}
			}
		})
	}
	group.Wait()
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := newService(t, accepts)
	service := newService(t, func(call *received) reply {
		return reply{status: 307, header: map[string]string{"Location": elsewhere.URL + call.uri}}
	})
	cfg := service.config(t)
	cfg.ExternalID = testSecret
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, "HTTP307", err.Code)
	require.Equal(t, Operator, err.Class)
	require.Contains(t, err.Error(), "redirect")
	require.Empty(t, elsewhere.received())
}

func TestClientClosesItsConnections(t *testing.T) {
	service := newService(t, accepts)
	client := newClient(t, service.config(t))
	_, _ = put(t, client)
	client.Close()
	results, err := put(t, client)
	require.Nil(t, err)
	require.Equal(t, accepted, results, "a Put after Close works")
}
