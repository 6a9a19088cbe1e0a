// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

// Codes that no answer of CloudTrail holds. They stand in Error.Code and Result.Code beside the service's own.
const (
	// CodeNotListed is the code of an event that an answer listed neither as successful nor as failed.
	CodeNotListed = "NotListed"
	// CodeNone is the code of an event that an answer listed as failed without a code.
	CodeNone = "NoErrorCode"

	// CodeTimeout says that there was no answer in time. The events may be stored all the same.
	CodeTimeout = "Timeout"
	// CodeCanceled says that the caller gave up. The events may be stored all the same.
	CodeCanceled = "Canceled"
	// CodeConnection says that the connection could not be made or broke. In the latter case the events may be
	// stored all the same.
	CodeConnection = "ConnectionError"
	// CodeTLS says that the TLS handshake failed: a certificate was not trusted, or ours not accepted.
	CodeTLS = "TLSError"
	// CodeProxy says that a proxy refused the connection or could not be reached.
	CodeProxy = "ProxyError"
	// CodeCredentials says that no credentials could be had, so nothing was sent.
	CodeCredentials = "CredentialsError"
	// CodeInvalidAnswer says that the status of an answer was one of success, but its body was cut or is none of
	// PutAuditEvents. The events may be stored all the same, so that sending them again may store them twice.
	CodeInvalidAnswer = "InvalidAnswer"
	// CodeClient says that the request could not be built, for example as the Region has no endpoint.
	CodeClient = "ClientError"
)

// codeUnknown is the SDK's own word for an answer without a code, such as a proxy's page.
const codeUnknown = "UnknownError"

// httpCode is the code of an answer that has no code of AWS's, such as a proxy's page.
func httpCode(status int) string { return "HTTP" + strconv.Itoa(status) }

// CauseOf returns what the code of an event's Result means for the event; "" is the code of an event that is stored. The codes are
// those of ResultErrorEntry:
// https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_ResultErrorEntry.html
// AWS documents no causes: which of them pass is inferred from their names.
func CauseOf(code string) outcome.Cause {
	if code == "" {
		return outcome.Accepted
	}
	switch codeKey(code) {
	case "throttling", "internalfailure", "accountnotsubscribed", codeKey(CodeNotListed), codeKey(CodeNone):
		return outcome.RefusedForNow
	case "invalidchecksum":
		return outcome.ChecksumWrong
	case "invalidrecipient", "invalideventsource":
		return outcome.Blamed
	}
	return outcome.RefusedForGood
}

// Class says what is to be done about a request that failed as a whole.
type Class int

const (
	// Passing failures go away: try again.
	Passing Class = iota
	// Throttled requests were too many: try again, slower.
	Throttled
	// Operator failures are somebody's to mend: the credentials, a permission, the clock, the channel. Try again,
	// and say so.
	Operator
	// Blame is for requests that were refused for something in them: bisect until the culprit stands alone.
	Blame
)

// classes holds the class of the codes that have one of their own, by codeKey. Throttling codes are those of the SDK
// (aws/retry.DefaultThrottleErrorCodes), the others those of PutAuditEvents and AWS's common errors:
// https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/CommonErrors.html
// Every other code is the operator's, or follows from the status.
var classes = func() map[string]Class {
	all := map[string]Class{}
	for class, codes := range map[Class]string{
		Passing: `InternalFailure InternalError InternalServerError InternalServerException InternalServiceError
			ServiceUnavailable ServiceUnavailableException ServiceFailure RequestTimeout RequestTimeoutException`,
		Throttled: `Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException
			TooManyRequests TooManyRequestsException ProvisionedThroughputExceededException RequestLimitExceeded
			BandwidthLimitExceeded LimitExceededException SlowDown PriorRequestNotComplete EC2ThrottledException
			TransactionInProgressException`,
		Blame: `ValidationError ValidationException SerializationException DuplicatedAuditEventId
			RequestEntityTooLarge RequestEntityTooLargeException PayloadTooLarge PayloadTooLargeException`,
	} {
		for code := range strings.FieldsSeq(codes) {
			all[codeKey(code)] = class
		}
	}
	return all
}()

// classOf returns the class of an answer with this status and code.
func classOf(status int, code string) Class {
	class, known := classes[codeKey(code)]
	switch {
	case known && class == Throttled, status == http.StatusTooManyRequests:
		return Throttled
	case status >= http.StatusInternalServerError:
		return Passing // whatever the code says: a server that fails is no judge of an event
	case status == http.StatusRequestEntityTooLarge:
		return Blame
	case known:
		return class
	case status == http.StatusRequestTimeout:
		return Passing
	}
	return Operator
}

// isAboutAccess reports whether a code is about credentials, signatures or permissions. AWS's messages to these name
// the principal and the resource, and quote no event.
func isAboutAccess(code string) bool {
	switch codeKey(code) {
	case "accessdenied", "notauthorized", "channelinsufficientpermission", "optinrequired",
		"expiredtoken", "invalidtoken", "unrecognizedclient", "invalidclienttokenid", "invalidaccesskeyid", "authfailure",
		"invalidsignature", "signaturedoesnotmatch", "incompletesignature", "missingauthenticationtoken",
		"requesttimetooskewed", "requestexpired":
		return true
	}
	return false
}

// refusesCredentials reports whether an answer may be about the credentials that the request was signed with, so that
// they are to be read anew. Access denied is among them: an operator may mend it by other credentials.
func refusesCredentials(status int, code string) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden || isAboutAccess(code)
}

// codeKey is what a code is looked up by: services add "Exception" or not, and differ in case.
func codeKey(code string) string {
	return strings.TrimSuffix(strings.ToLower(code), "exception")
}

// maxCodeLength is the model's limit of errorCode.
const maxCodeLength = 128

// cleanCode takes the bare code out of the forms in which services write it ("com.amazonaws.x#Code:http://…",
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization). The result is safe
// as the value of a metric's attribute: short, and of letters, digits, '.', '-' and '_' only.
func cleanCode(code string) string {
	if before, _, found := strings.Cut(code, ":"); found {
		code = before
	}
	if _, after, found := strings.Cut(code, "#"); found {
		code = after
	}
	code = strings.TrimSpace(code)
	code = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, code)
	return code[:min(len(code), maxCodeLength)]
}
