// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// maxErrorSize bounds what is read of an answer that refuses a request. It holds a code and a message.
const maxErrorSize = 64 << 10

// call is one Put on its way through the SDK's middleware, which finds it in the context.
type call struct {
	body   *Body
	answer *Answer

	provider aws.CredentialsProvider // gave the credentials; nil = there were none
	sent     time.Time               // zero = the request never reached the transport
	head     answerHead              // its status is 0 where there was no answer
	refused  bool                    // the answer's status was not one of success
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// swap puts our serialiser and deserialiser where the SDK's own are.
func swap(serialize *serializer) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		if _, err := stack.Serialize.Swap(serialize.ID(), serialize); err != nil {
			return err
		}
		deserialize := &deserializer{}
		original, err := stack.Deserialize.Swap(deserialize.ID(), deserialize)
		deserialize.original = original
		return err
	}
}

// serializer takes the place of the SDK's own, which would escape every event a second time: it sends a Body's bytes.
type serializer struct {
	query string
}

func newSerializer(channelARN, externalID string) *serializer {
	query := url.Values{"channelArn": {channelARN}}
	if externalID != "" {
		query.Set("externalId", externalID)
	}
	return &serializer{query: query.Encode()}
}

// ID is that of the middleware it replaces.
func (*serializer) ID() string { return "OperationSerializer" }

// HandleSerialize does what awsRestjson1_serializeOpPutAuditEvents in cloudtraildata/serializers.go does.
func (s *serializer) HandleSerialize(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
	out middleware.SerializeOutput, metadata middleware.Metadata, err error,
) {
	request, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return out, metadata, fmt.Errorf("unknown transport type %T", in.Request)
	}
	body := callOf(ctx).body.Bytes()
	if request, err = request.SetStream(&stream{reader: bytes.NewReader(body)}); err != nil {
		return out, metadata, err
	}
	request.Method = http.MethodPost
	request.URL.Path = smithyhttp.JoinPath(request.URL.Path, "/PutAuditEvents")
	request.URL.RawQuery = smithyhttp.JoinRawQuery(request.URL.RawQuery, s.query)
	request.Header.Set("Content-Type", "application/json")
	in.Request = request

	// The SDK's own middleware leaves a hash that is there alone; it would copy the stream through a buffer.
	sum := sha256.Sum256(body)
	return next.HandleSerialize(v4.SetPayloadHash(ctx, hex.EncodeToString(sum[:])), in)
}

// stream is a request's body as the SDK wants it. It has no WriteTo, unlike the reader inside it: smithy-go wraps
// a body that has one in safeWriteToReadCloser (transport/http/internal/io/safe.go), whose WriteTo fails once the body
// is closed, so that an answer that comes fast breaks a request which the service has already carried out.
type stream struct{ reader *bytes.Reader }

func (s *stream) Read(p []byte) (int, error)               { return s.reader.Read(p) }
func (s *stream) Seek(to int64, whence int) (int64, error) { return s.reader.Seek(to, whence) }
func (s *stream) Len() int                                 { return s.reader.Len() }

// deserializer takes the place of the SDK's own, which builds a tree of every answer. Answers other than
// HTTP 200 go to the original.
type deserializer struct {
	original middleware.DeserializeMiddleware
}

// limitedBody reads from the one and closes the other.
type limitedBody struct {
	io.Reader
	io.Closer
}

// errAnswerUnread marks an answer with success as its status that could not be taken in.
var errAnswerUnread = errors.New("the answer could not be read")

// ID is that of the middleware it replaces.
func (*deserializer) ID() string { return "OperationDeserializer" }

// HandleDeserialize fills in the call's answer.
func (d *deserializer) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	out middleware.DeserializeOutput, metadata middleware.Metadata, err error,
) {
	out, metadata, err = next.HandleDeserialize(ctx, in)
	if err != nil {
		return out, metadata, err
	}
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if !ok {
		return out, metadata, fmt.Errorf("unknown transport type %T", out.RawResponse)
	}
	call := callOf(ctx)
	call.head = readHead(response.StatusCode, response.Header, call.sent, time.Now())
	if response.StatusCode < 200 || response.StatusCode > 299 {
		call.refused = true
		response.Body = limitedBody{io.LimitReader(response.Body, maxErrorSize), response.Body}
		return d.original.HandleDeserialize(ctx, in, middleware.DeserializeHandlerFunc(
			func(context.Context, middleware.DeserializeInput) (middleware.DeserializeOutput, middleware.Metadata, error) {
				return out, metadata, nil
			}))
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return out, metadata, fmt.Errorf("%w: HTTP %d is not among the service's", errAnswerUnread, response.StatusCode)
	}
	if err := call.answer.read(response.Body, call.body); err != nil {
		return out, metadata, fmt.Errorf("%w: %w", errAnswerUnread, err)
	}
	call.answer.RequestID = call.head.requestID
	out.Result = &cloudtraildata.PutAuditEventsOutput{}
	return out, metadata, nil
}
