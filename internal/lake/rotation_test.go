// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// acceptsKey refuses every key but one.
func acceptsKey(key, code string) func(*received) reply {
	return func(r *received) reply {
		if r.accessKey() == key {
			return accepts(r)
		}
		return reply{status: 403, text: fmt.Sprintf(`{"__type":%q}`, code)}
	}
}

// TestRotatedKeys has the service refuse the keys at hand: the next attempt after the rotation uses the new ones.
func TestRotatedKeys(t *testing.T) {
	for _, code := range []string{
		"ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException", "InvalidClientTokenId", "AccessDeniedException",
	} {
		t.Run("shared file, "+code, func(t *testing.T) {
			service := newService(t, acceptsKey("AKIDNEW", code))
			cfg := service.config(t)
			noCredentials(t)
			const file = "[audit]\naws_access_key_id = %s\naws_secret_access_key = s\n"
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), fmt.Sprintf(file, "AKIDOLD"))
			cfg.Profile = "audit"
			client := newClient(t, cfg)
			for range 2 {
				_, err := put(t, client)
				require.Equal(t, code, err.Code)
				require.Equal(t, Operator, err.Class)
			}
			writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), fmt.Sprintf(file, "AKIDNEW"))
			_, err := put(t, client)
			require.Nil(t, err)
		})
	}
	t.Run("container endpoint", func(t *testing.T) {
		service := newService(t, acceptsKey("AKIDNEW", "ExpiredTokenException"))
		cfg := service.config(t)
		noCredentials(t)
		key := pointer("AKIDOLD")
		newContainer(t, key)
		client := newClient(t, cfg)
		_, err := put(t, client)
		require.Equal(t, "ExpiredTokenException", err.Code)
		rotated := "AKIDNEW"
		key.Store(&rotated)
		_, err = put(t, client)
		require.Nil(t, err)
	})
	t.Run("assumed role", func(t *testing.T) {
		service := newService(t, acceptsKey("AKIDASSUMED-2", "ExpiredTokenException"))
		cfg := service.config(t)
		sts := newSTS(t, everybody)
		cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
		client := newClient(t, cfg)
		_, err := put(t, client)
		require.Equal(t, "ExpiredTokenException", err.Code)
		_, err = put(t, client)
		require.Nil(t, err)
		require.Len(t, sts.received(), 2)
	})
	t.Run("the keys that assume the role", func(t *testing.T) {
		service := newService(t, accepts)
		cfg := service.config(t)
		noCredentials(t)
		newSTS(t, func(r *received, _ url.Values) bool { return r.accessKey() == "AKIDNEW" })
		const file = "[default]\naws_access_key_id = %s\naws_secret_access_key = s\n"
		writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), fmt.Sprintf(file, "AKIDOLD"))
		cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
		client := newClient(t, cfg)
		_, err := put(t, client)
		require.Equal(t, CodeCredentials, err.Code)
		writeFile(t, os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), fmt.Sprintf(file, "AKIDNEW"))
		_, err = put(t, client)
		require.Nil(t, err)
	})
}

// TestCredentialsAreKept holds that failures of other kinds, and refusals of keys long replaced, cost no new ones.
func TestCredentialsAreKept(t *testing.T) {
	service := newService(t, func(*received) reply { return reply{status: 503} })
	cfg := service.config(t)
	sts := newSTS(t, everybody)
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	client := newClient(t, cfg)
	for range 3 {
		_, err := put(t, client)
		require.Equal(t, 503, err.Status)
	}
	require.Len(t, sts.received(), 1)

	old := client.credentials.current
	client.credentials.drop(old)
	_, _ = put(t, client)
	client.credentials.drop(old)
	_, _ = put(t, client)
	require.Len(t, sts.received(), 2)
}

// TestSlowCredentials has an STS that does not answer in time at first. What a later attempt in the background gets
// serves the next Put.
func TestSlowCredentials(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	sts := newSTS(t, everybody)
	var seen atomic.Int32
	answer := sts.Config.Handler
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen.Add(1) == 1 {
			hang(w, r)
			return
		}
		answer.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	t.Setenv("AWS_ENDPOINT_URL_STS", slow.URL)
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	cfg.Timeout = time.Second
	client := newClient(t, cfg)
	provider := client.credentials.current
	_, err := put(t, client)
	require.Equal(t, CodeCredentials, err.Code)
	require.Equal(t, Operator, err.Class)
	require.Contains(t, err.Error(), "no answer in time")
	require.Same(t, provider, client.credentials.current)
	require.Eventually(t, func() bool { _, err := put(t, client); return err == nil }, time.Minute, 10*time.Millisecond)
}
