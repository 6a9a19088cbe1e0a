// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Signing as AWS Identity and Access Management User Guide, "Create a signed AWS API request" has it, the signature in
// the Authorization header.
const (
	signingName      = "cloudtrail-data" // Service Authorization Reference, AWS CloudTrail Data
	signingAlgorithm = "AWS4-HMAC-SHA256"
	signingTime      = "20060102T150405Z"
	maxSkew          = 5 * time.Minute
)

const (
	codeInvalidSignature    = "InvalidSignatureException"
	codeIncompleteSignature = "IncompleteSignatureException"
)

// authorization is the parsed header of that name.
type authorization struct {
	accessKey, date, region, service, terminator string
	signedHeaders                                []string
	signature                                    string
}

// verify holds a request's signature to its body, the Region and the clock; secret returns the secret key of an access
// key ID.
func verify(r *http.Request, body []byte, region string, now time.Time, secret func(accessKey string) (string, bool)) *apiError {
	auth, apiErr := parseAuthorization(r.Header.Values("Authorization"))
	if apiErr != nil {
		return apiErr
	}
	key, ok := secret(auth.accessKey)
	if !ok {
		return unrecognized("")
	}
	if apiErr := checkToken(auth.accessKey, r.Header.Get("X-Amz-Security-Token")); apiErr != nil {
		return apiErr
	}
	dates := r.Header.Values("X-Amz-Date")
	if len(dates) != 1 {
		return refusal(codeIncompleteSignature, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	signed, err := time.Parse(signingTime, dates[0])
	if err != nil || signed.Format(signingTime) != dates[0] { // time.Parse takes fractions of a second too
		return refusal(codeIncompleteSignature, "Date must be in ISO-8601 'basic format'. Got '%s'.", clip(dates[0]))
	}
	if apiErr := checkScope(auth, signed, region); apiErr != nil {
		return apiErr
	}
	if apiErr := checkClock(signed, now); apiErr != nil {
		return apiErr
	}
	if apiErr := checkSignedHeaders(r, auth.signedHeaders); apiErr != nil {
		return apiErr
	}
	sum := sha256.Sum256(body)
	payload := hex.EncodeToString(sum[:])
	if sent := r.Header.Values("X-Amz-Content-Sha256"); len(sent) > 0 && !slices.Equal(sent, []string{payload}) {
		return refusal(codeInvalidSignature, "The value of X-Amz-Content-Sha256 is not the SHA-256 of the body.")
	}
	if !hmac.Equal([]byte(auth.signature), []byte(sign(r, auth, dates[0], payload, key))) {
		return refusal(codeInvalidSignature, "The request signature we calculated does not match the signature you provided. "+
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return nil
}

// checkToken goes by how the IDs of keys begin (IAM User Guide, "IAM identifiers"): ASIA is a temporary key, worth nothing
// without its token, and AKIA a long-term one, which has none.
func checkToken(accessKey, token string) *apiError {
	switch {
	case token == "" && strings.HasPrefix(accessKey, "ASIA"):
		return unrecognized(" A temporary key needs its session token.")
	case token != "" && strings.HasPrefix(accessKey, "AKIA"):
		return unrecognized(" A long-term key has no session token: unset AWS_SESSION_TOKEN.")
	}
	return nil
}

func unrecognized(why string) *apiError {
	return refusal("UnrecognizedClientException", "The security token included in the request is invalid.%s", why)
}

func parseAuthorization(values []string) (authorization, *apiError) {
	var a authorization
	if len(values) == 0 {
		return a, refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	rest, ok := strings.CutPrefix(values[0], signingAlgorithm+" ")
	if !ok || len(values) > 1 {
		return a, incomplete("is not one header that begins with " + signingAlgorithm)
	}
	parts := make(map[string]string, 3)
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := parts[name]; twice {
			return a, incomplete("has a part twice")
		}
		parts[name] = value
	}
	scope := strings.Split(parts["Credential"], "/")
	if len(parts) != 3 || len(scope) != 5 || parts["SignedHeaders"] == "" || parts["Signature"] == "" {
		return a, incomplete("needs Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders and Signature, and nothing else")
	}
	return authorization{
		accessKey: scope[0], date: scope[1], region: scope[2], service: scope[3], terminator: scope[4],
		signedHeaders: strings.Split(parts["SignedHeaders"], ";"), signature: parts["Signature"],
	}, nil
}

func incomplete(what string) *apiError {
	return refusal(codeIncompleteSignature, "The Authorization header %s.", what)
}

func checkScope(a authorization, signed time.Time, region string) *apiError {
	switch {
	case a.region != region:
		return refusal(codeInvalidSignature, "Credential should be scoped to a valid region.")
	case a.service != signingName:
		return refusal(codeInvalidSignature, "Credential should be scoped to correct service: '%s'.", signingName)
	case a.terminator != "aws4_request":
		return refusal(codeInvalidSignature, "Credential should be scoped with a valid terminator: 'aws4_request'.")
	case a.date != signed.Format("20060102"):
		return refusal(codeInvalidSignature, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
	}
	return nil
}

func checkClock(signed, now time.Time) *apiError {
	at, clock := signed.Format(signingTime), now.UTC().Format(signingTime)
	switch skew := now.Sub(signed); {
	case skew > maxSkew:
		return refusal(codeInvalidSignature, "Signature expired: %s is now earlier than %s (%s - 5 min.)",
			at, now.Add(-maxSkew).UTC().Format(signingTime), clock)
	case skew < -maxSkew:
		return refusal(codeInvalidSignature, "Signature not yet current: %s is still later than %s (%s + 5 min.)",
			at, now.Add(maxSkew).UTC().Format(signingTime), clock)
	}
	return nil
}

// checkSignedHeaders wants host, Content-Type and every x-amz- header signed, the session token among them, and names
// sorted and given once.
func checkSignedHeaders(r *http.Request, signed []string) *apiError {
	for i, name := range signed {
		if name != strings.ToLower(name) || i > 0 && signed[i-1] >= name {
			return refusal(codeInvalidSignature, "SignedHeaders is not a sorted list of lower-case names, each once.")
		}
		if len(headerValues(r, name)) == 0 {
			return refusal(codeInvalidSignature, "The header '%s' is signed but not in the request.", clip(name))
		}
	}
	must := []string{"host"}
	for name := range r.Header {
		if name = strings.ToLower(name); name == "content-type" || strings.HasPrefix(name, "x-amz-") {
			must = append(must, name)
		}
	}
	for _, name := range must {
		if !slices.Contains(signed, name) {
			return refusal(codeInvalidSignature, "The header '%s' must be signed.", clip(name))
		}
	}
	return nil
}

// sign computes the signature of a request by the steps of the guide.
func sign(r *http.Request, a authorization, date, payload, secret string) string {
	var canonical strings.Builder
	canonical.WriteString(r.Method + "\n" + escapePath(r.URL.EscapedPath()) + "\n" + canonicalQuery(r.URL.RawQuery) + "\n")
	for _, name := range a.signedHeaders {
		canonical.WriteString(name + ":")
		for i, value := range headerValues(r, name) {
			if i > 0 {
				canonical.WriteByte(',')
			}
			canonical.WriteString(strings.Join(strings.Fields(value), " "))
		}
		canonical.WriteByte('\n')
	}
	canonical.WriteString("\n" + strings.Join(a.signedHeaders, ";") + "\n" + payload)

	hash := sha256.Sum256([]byte(canonical.String()))
	scope := strings.Join([]string{a.date, a.region, a.service, a.terminator}, "/")
	text := strings.Join([]string{signingAlgorithm, date, scope, hex.EncodeToString(hash[:])}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range []string{a.date, a.region, a.service, a.terminator, text} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// headerValues knows the two headers that net/http takes out of the map.
func headerValues(r *http.Request, name string) []string {
	switch name {
	case "host":
		return []string{r.Host}
	case "content-length":
		return []string{strconv.FormatInt(r.ContentLength, 10)}
	}
	return r.Header.Values(name)
}

// escapePath escapes each segment once more, as every service but S3 does.
func escapePath(path string) string {
	segments := strings.Split(path, "/")
	for i := range segments {
		segments[i] = escape(segments[i])
	}
	return strings.Join(segments, "/")
}

func canonicalQuery(raw string) string {
	values, _ := url.ParseQuery(raw) // what does not parse makes the signature wrong
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(escape(a), escape(b)) })
	var pairs []string
	for _, name := range names {
		slices.Sort(values[name])
		for _, value := range values[name] {
			pairs = append(pairs, escape(name)+"="+escape(value))
		}
	}
	return strings.Join(pairs, "&")
}

// escape leaves only the unreserved characters of RFC 3986 as they are.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
