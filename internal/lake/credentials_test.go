// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newSTS is an STS that gives the keys AKIDASSUMED-1, -2, …, for an hour, to whom allow lets.
func newSTS(tb testing.TB, allow func(r *received, form url.Values) bool) *service {
	return newSTSFor(tb, time.Hour, allow)
}

func newSTSFor(tb testing.TB, valid time.Duration, allow func(r *received, form url.Values) bool) *service {
	var given atomic.Int32
	s := newService(tb, func(r *received) reply {
		form, err := url.ParseQuery(r.body)
		if err != nil || !allow(r, form) {
			return reply{status: 403, text: `<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message></Error></ErrorResponse>`}
		}
		action := form.Get("Action")
		return reply{text: fmt.Sprintf(`<%[1]sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%[1]sResult><Credentials>`+
			`<AccessKeyId>AKIDASSUMED-%[2]d</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken>`+
			`<Expiration>%[3]s</Expiration></Credentials></%[1]sResult></%[1]sResponse>`,
			action, given.Add(1), time.Now().Add(valid).UTC().Format(time.RFC3339))}
	})
	tb.Setenv("AWS_ENDPOINT_URL_STS", s.URL)
	return s
}

func everybody(*received, url.Values) bool { return true }

func form(tb testing.TB, r *received) url.Values {
	values, err := url.ParseQuery(r.body)
	require.NoError(tb, err)
	return values
}

func TestAssumeRole(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	sts := newSTS(t, everybody)
	cfg.ExternalID = testSecret
	cfg.AssumeRole = AssumeRole{
		ARN: "arn:aws:iam::111122223333:role/audit", ExternalID: "of the role", SessionName: "collector-1", STSRegion: "eu-west-1",
	}
	client := newClient(t, cfg)
	require.Empty(t, sts.received(), "New makes no request")
	for range 3 {
		results, err := put(t, client)
		require.Nil(t, err)
		require.Equal(t, accepted, results)
	}
	require.Len(t, sts.received(), 1, "the credentials are cached")
	values := form(t, sts.received()[0])
	require.Equal(t, "AssumeRole", values.Get("Action"))
	require.Equal(t, cfg.AssumeRole.ARN, values.Get("RoleArn"))
	require.Equal(t, []string{"of the role"}, values["ExternalId"])
	require.Equal(t, "collector-1", values.Get("RoleSessionName"))
	require.Equal(t, "AKIDSTATIC", sts.received()[0].accessKey())
	require.Contains(t, sts.received()[0].header.Get("Authorization"), "/eu-west-1/sts/")
	require.True(t, sts.received()[0].close, "nobody could close the connection later")

	sent := service.received()[0]
	require.Equal(t, "AKIDASSUMED-1", sent.accessKey())
	require.Equal(t, "token", sent.header.Get("X-Amz-Security-Token"))
	require.Contains(t, sent.header.Get("Authorization"), "/us-east-1/cloudtrail-data/")
	require.Equal(t, []string{testSecret}, sent.query["externalId"], "the channel's external ID is another one")
}

func TestAssumeRoleWithoutExternalID(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	sts := newSTS(t, everybody)
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	_, err := put(t, newClient(t, cfg))
	require.Nil(t, err)
	values := form(t, sts.received()[0])
	require.NotContains(t, values, "ExternalId")
	require.NotEmpty(t, values.Get("RoleSessionName"))
	require.Contains(t, sts.received()[0].header.Get("Authorization"), "/us-east-1/sts/")
	require.NotContains(t, service.received()[0].query, "externalId")
}

func TestAssumeRoleRefused(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	sts := newSTS(t, func(*received, url.Values) bool { return false })
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit", ExternalID: "of the role"}
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, CodeCredentials, err.Code)
	require.Equal(t, Operator, err.Class)
	require.Zero(t, err.Status)
	require.Contains(t, err.Error(), "STS AssumeRole at "+sts.Listener.Addr().String()+": InvalidClientTokenId (HTTP 403): The security token included in the request is invalid.")
	require.NotContains(t, err.Error(), "of the role")
	require.Empty(t, service.received())
}

func TestWebIdentity(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	noCredentials(t)
	sts := newSTS(t, everybody)
	token := filepath.Join(t.TempDir(), "token")
	writeFile(t, token, "eyJhbGciOi.of.kubernetes")
	t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", token)
	t.Setenv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/irsa")
	_, err := put(t, newClient(t, cfg))
	require.Nil(t, err)
	values := form(t, sts.received()[0])
	require.Equal(t, "AssumeRoleWithWebIdentity", values.Get("Action"))
	require.Equal(t, "eyJhbGciOi.of.kubernetes", values.Get("WebIdentityToken"))
	require.Equal(t, "arn:aws:iam::111122223333:role/irsa", values.Get("RoleArn"))
	require.Equal(t, "AKIDASSUMED-1", service.received()[0].accessKey())
}

// TestCredentialsAreRenewedEarly has credentials with half a minute to live, which is less than the window.
func TestCredentialsAreRenewedEarly(t *testing.T) {
	for name, role := range map[string]AssumeRole{
		"web identity": {}, "assumed role": {ARN: "arn:aws:iam::111122223333:role/audit"},
	} {
		t.Run(name, func(t *testing.T) {
			service := newService(t, accepts)
			cfg := service.config(t)
			sts := newSTSFor(t, expiryWindow/2, everybody)
			cfg.AssumeRole = role
			if role.ARN == "" {
				noCredentials(t)
				t.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
				token := filepath.Join(t.TempDir(), "token")
				writeFile(t, token, "eyJhbGciOi.of.kubernetes")
				t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", token)
				t.Setenv("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/irsa")
			}
			client := newClient(t, cfg)
			for range 2 {
				_, err := put(t, client)
				require.Nil(t, err)
			}
			require.Len(t, sts.received(), 2)
			require.Equal(t, "AKIDASSUMED-2", service.received()[1].accessKey())
		})
	}
}

// newContainer is the credentials endpoint of ECS and of EKS Pod Identity, and its token file.
func newContainer(tb testing.TB, key *atomic.Pointer[string]) (endpoint *service, tokenFile string) {
	endpoint = newService(tb, func(r *received) reply {
		if r.header.Get("Authorization") != "pod-token" {
			return reply{status: 401, text: "no"}
		}
		return reply{text: fmt.Sprintf(`{"AccessKeyId":%q,"SecretAccessKey":"s","Token":"t","Expiration":%q}`,
			*key.Load(), time.Now().Add(6*time.Hour).UTC().Format(time.RFC3339))}
	})
	tokenFile = filepath.Join(tb.TempDir(), "token")
	writeFile(tb, tokenFile, "pod-token")
	tb.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.URL+"/v1/credentials")
	tb.Setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", tokenFile)
	return endpoint, tokenFile
}

func pointer[T any](value T) *atomic.Pointer[T] {
	p := &atomic.Pointer[T]{}
	p.Store(&value)
	return p
}

func TestContainerEndpoint(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	noCredentials(t)
	endpoint, token := newContainer(t, pointer("AKIDPOD"))
	client := newClient(t, cfg)
	_, err := put(t, client)
	require.Nil(t, err)
	require.Equal(t, "AKIDPOD", service.received()[0].accessKey())
	require.False(t, service.received()[0].close)
	require.Len(t, endpoint.received(), 1)
	require.True(t, endpoint.received()[0].close, "nobody could close the connection later")

	require.NoError(t, os.Remove(token))
	_, err = put(t, newClient(t, cfg))
	require.Equal(t, CodeCredentials, err.Code)
	require.Contains(t, err.Error(), token)
}

// TestInstanceRole gets the credentials of an EC2 instance, past the proxy.
func TestInstanceRole(t *testing.T) {
	proxy := newService(t, accepts)
	cfg := proxy.config(t)
	noCredentials(t)
	metadata := newService(t, func(r *received) reply {
		switch r.uri {
		case "/latest/api/token":
			return reply{text: "token", header: map[string]string{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": "21600"}}
		case "/latest/meta-data/iam/security-credentials/":
			return reply{text: "role"}
		case "/latest/meta-data/iam/security-credentials/role":
			return reply{text: fmt.Sprintf(`{"Code":"Success","AccessKeyId":"AKIDINSTANCE","SecretAccessKey":"s","Token":"t","Expiration":%q}`,
				time.Now().Add(6*time.Hour).UTC().Format(time.RFC3339))}
		}
		return reply{status: 404}
	})
	t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
	cfg.ProxyURL = parse(t, proxy.URL)
	_, err := put(t, newClient(t, cfg))
	require.Nil(t, err)
	require.Len(t, proxy.received(), 1)
	require.Equal(t, "AKIDINSTANCE", proxy.received()[0].accessKey())
}

func TestProfile(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), "[audit]\naws_access_key_id = AKIDAUDIT\naws_secret_access_key = s\n")
	cfg.Profile = "audit"
	_, err := put(t, newClient(t, cfg))
	require.Nil(t, err)
	require.Equal(t, "AKIDAUDIT", service.received()[0].accessKey(), "the profile goes before the keys in the environment")
}

func TestCredentialProcess(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	noCredentials(t)
	output := filepath.Join(t.TempDir(), "output")
	writeFile(t, os.Getenv("AWS_CONFIG_FILE"), "[profile audit]\ncredential_process = cat "+output+"\n")
	cfg.Profile = "audit"
	client := newClient(t, cfg)

	_, err := put(t, client)
	require.Equal(t, CodeCredentials, err.Code)
	require.Contains(t, err.Error(), "credential_process: exit status 1")

	writeFile(t, output, `{"Version":1,"AccessKeyId":"AKIDPROCESS","SecretAccessKey":"half-a-secr`)
	_, err = put(t, client)
	require.Equal(t, CodeCredentials, err.Code)
	require.Equal(t, Operator, err.Class)
	require.Contains(t, err.Error(), "credential_process")
	require.NotContains(t, err.Error(), "half-a-secr")

	text, jsonErr := json.Marshal(map[string]any{"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s"})
	require.NoError(t, jsonErr)
	writeFile(t, output, string(text))
	_, err = put(t, client)
	require.Nil(t, err)
	require.Equal(t, "AKIDPROCESS", service.received()[0].accessKey())
}

func TestNoCredentials(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	noCredentials(t)
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, CodeCredentials, err.Code)
	require.Equal(t, Operator, err.Class)
	require.Contains(t, err.Error(), "check profile, assume_role")
	require.Empty(t, service.received())
}
