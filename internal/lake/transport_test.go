// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newTLSService(t *testing.T, settings *tls.Config) (*service, *x509.CertPool) {
	s := &service{}
	s.Server = httptest.NewUnstartedServer(s.handler(t, accepts))
	s.TLS = settings
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // failed handshakes are what some tests are about
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, roots
}

// newCertificate makes a certificate for clients that signs itself.
func newCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "collector"}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTLSWithOwnAuthority(t *testing.T) {
	service, roots := newTLSService(t, nil)
	cfg := service.config(t)
	for name, c := range map[string]struct {
		tls  *tls.Config
		want string // in the error; "" = none
	}{
		"none":                  {nil, "certificate signed by unknown authority"},
		"the authority":         {&tls.Config{RootCAs: roots}, ""},
		"another authority":     {&tls.Config{RootCAs: x509.NewCertPool()}, "certificate signed by unknown authority"},
		"server name":           {&tls.Config{RootCAs: roots, ServerName: "example.com"}, ""},
		"wrong server name":     {&tls.Config{RootCAs: roots, ServerName: "other.test"}, "other.test"},
		"verification left out": {&tls.Config{InsecureSkipVerify: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.TLS = c.tls
			results, err := put(t, newClient(t, cfg))
			if c.want == "" {
				require.Nil(t, err)
				require.Equal(t, accepted, results)
				return
			}
			require.Equal(t, CodeTLS, err.Code)
			require.Equal(t, Operator, err.Class)
			require.Contains(t, err.Error(), c.want)
		})
	}
}

func TestAuthorityFromTheEnvironment(t *testing.T) {
	service, _ := newTLSService(t, nil)
	cfg := service.config(t)
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	writeFile(t, bundle, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: service.Certificate().Raw})))
	t.Setenv("AWS_CA_BUNDLE", bundle)
	for name, settings := range map[string]*tls.Config{"no settings": nil, "settings without roots": {ServerName: "example.com"}} {
		t.Run(name, func(t *testing.T) {
			cfg.TLS = settings
			_, err := put(t, newClient(t, cfg))
			require.Nil(t, err)
		})
	}
	t.Run("roots of the settings go first", func(t *testing.T) {
		cfg.TLS = &tls.Config{RootCAs: x509.NewCertPool()}
		_, err := put(t, newClient(t, cfg))
		require.Equal(t, CodeTLS, err.Code)
	})
}

func TestTLSWithClientCertificate(t *testing.T) {
	certificate, authorities := newCertificate(t)
	// TLS 1.2, where a missing certificate fails the handshake; in 1.3 it may come out as a broken connection.
	service, roots := newTLSService(t, &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authorities, MaxVersion: tls.VersionTLS12})
	cfg := service.config(t)

	cfg.TLS = &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}}
	results, err := put(t, newClient(t, cfg))
	require.Nil(t, err)
	require.Equal(t, accepted, results)

	cfg.TLS = &tls.Config{RootCAs: roots}
	_, err = put(t, newClient(t, cfg))
	require.Equal(t, CodeTLS, err.Code, err.Error())
	require.Equal(t, Operator, err.Class)
}

func TestPlainServerUnderHTTPS(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	cfg.Endpoint = "https" + service.URL[len("http"):]
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, CodeTLS, err.Code, err.Error())
	require.Equal(t, Operator, err.Class)
}

// TestTLSSettingsAreForCloudTrailOnly holds that no private endpoint's settings are put on STS.
func TestTLSSettingsAreForCloudTrailOnly(t *testing.T) {
	cloudTrail, roots := newTLSService(t, nil)
	cfg := cloudTrail.config(t)
	cfg.TLS = &tls.Config{RootCAs: roots}
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("AWS_ENDPOINT_URL_STS", cloudTrail.URL) // has the same certificate, which STS's client must not trust
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, CodeCredentials, err.Code)
	require.Contains(t, err.Error(), "certificate signed by unknown authority")
	require.Empty(t, cloudTrail.received())
}

func parse(t *testing.T, text string) *url.URL {
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u
}

func TestProxyIsNeverForMetadata(t *testing.T) {
	noCredentials(t)
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:5000/get-credentials")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://metadata.internal")
	fixed, fromEnvironment := parse(t, "http://proxy.test:3128"), parse(t, "http://environment.test:3128")
	environment := func(*http.Request) (*url.URL, error) { return fromEnvironment, nil }
	for address, direct := range map[string]bool{
		"http://169.254.169.254/latest/meta-data/":              true,
		"http://169.254.170.2/v2/credentials/x":                 true,
		"http://169.254.170.23/v1/credentials":                  true,
		"http://[::ffff:169.254.169.254]/latest":                true,
		"http://[fe80::1]/x":                                    true,
		"http://[fe80::1%25eth0]/x":                             true,
		"http://[fd00:ec2::254]/latest/":                        true,
		"http://[fd00:ec2::23]/v1/credentials":                  true,
		"http://127.0.0.1:5000/get-credentials":                 true,
		"http://metadata.internal/latest/api/token":             true,
		"http://metadata.internal:80/latest/api/token":          true,
		"http://127.0.0.1:5001/PutAuditEvents":                  false,
		"http://localhost:5001/PutAuditEvents":                  false,
		"https://cloudtrail-data.us-east-1.amazonaws.com/":      false,
		"https://sts.us-east-1.amazonaws.com/":                  false,
		"http://[fd00:ec3::1]/":                                 false,
		"http://10.0.0.1/":                                      false,
		"https://metadata.internal/":                            false,
		"http://169.254.169.254.evil.test/latest/meta-data/iam": false,
	} {
		t.Run(address, func(t *testing.T) {
			for proxy, want := range map[*url.URL]*url.URL{fixed: fixed, nil: fromEnvironment} {
				got, err := newProxy(proxy, environment)(&http.Request{URL: parse(t, address)})
				require.NoError(t, err)
				if direct {
					require.Nil(t, got)
				} else {
					require.Same(t, want, got)
				}
			}
		})
	}
}

func TestProxyFromTheEnvironmentKeepsItsPassword(t *testing.T) {
	_, err := newProxy(nil, func(*http.Request) (*url.URL, error) {
		return nil, errors.New(`invalid proxy address "http://user:pass word@proxy"`)
	})(&http.Request{URL: parse(t, "https://cloudtrail-data.us-east-1.amazonaws.com/")})
	failure := unanswered(err)
	require.Equal(t, CodeProxy, failure.Code)
	require.Equal(t, Operator, failure.Class)
	require.NotContains(t, failure.Error(), "pass word")
}

// TestProxy sends to an endpoint on this host, and to one that does not exist, through a proxy; and asks the container
// endpoint for credentials past it.
func TestProxy(t *testing.T) {
	direct := newService(t, accepts)
	proxy := newService(t, accepts)
	cfg := direct.config(t)
	noCredentials(t)
	container, _ := newContainer(t, pointer("AKIDPOD"))
	cfg.ProxyURL = parse(t, proxy.URL)
	for _, endpoint := range []string{direct.URL, "http://cloudtrail-data.us-east-1.invalid"} {
		cfg.Endpoint, cfg.Insecure = endpoint, true
		results, err := put(t, newClient(t, cfg))
		require.Nil(t, err)
		require.Equal(t, accepted, results)
	}
	require.Empty(t, direct.received())
	require.Len(t, proxy.received(), 2)
	for _, r := range proxy.received() {
		require.Contains(t, r.uri, "/PutAuditEvents?channelArn=")
	}
	require.Len(t, container.received(), 2)
}

func TestProxyServesSTS(t *testing.T) {
	service := newService(t, accepts)
	cfg := service.config(t)
	newSTS(t, everybody)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "not you", http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	cfg.ProxyURL = parse(t, proxy.URL)
	cfg.AssumeRole = AssumeRole{ARN: "arn:aws:iam::111122223333:role/audit"}
	_, err := put(t, newClient(t, cfg))
	require.Equal(t, CodeCredentials, err.Code)
	require.Empty(t, service.received())
}

func TestProxyTunnel(t *testing.T) {
	service, roots := newTLSService(t, nil)
	var tunnels sync.WaitGroup
	status := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if status != 0 {
			w.WriteHeader(status)
			return
		}
		tunnel(t, &tunnels, w, service.Listener.Addr().String())
	}))
	t.Cleanup(func() { proxy.Close(); tunnels.Wait() })
	cfg := service.config(t)
	cfg.Endpoint = "https://example.com"
	cfg.TLS = &tls.Config{RootCAs: roots}
	cfg.ProxyURL = parse(t, proxy.URL)
	client := newClient(t, cfg)
	results, err := put(t, client)
	require.Nil(t, err)
	require.Equal(t, accepted, results)
	client.Close()

	for answer, want := range map[int]Class{403: Operator, 407: Operator, 413: Operator, 502: Passing, 503: Passing, 429: Throttled} {
		status = answer
		_, err := put(t, newClient(t, cfg))
		require.Equal(t, CodeProxy, err.Code, err.Error())
		require.Equal(t, want, err.Class, answer)
		require.Contains(t, err.Error(), fmt.Sprintf("HTTP %d", answer))
	}
}

// tunnel is what a proxy does for CONNECT.
func tunnel(t *testing.T, tunnels *sync.WaitGroup, w http.ResponseWriter, address string) {
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Errorf("hijack: %v", err)
		return
	}
	far, err := net.Dial("tcp", address)
	if err != nil {
		t.Errorf("dial: %v", err)
		return
	}
	_, _ = io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n")
	for from, to := range map[net.Conn]net.Conn{near: far, far: near} {
		tunnels.Go(func() {
			_, _ = io.Copy(to, from)
			_, _ = to.Close(), from.Close()
		})
	}
}
