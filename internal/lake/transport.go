// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// idleConnections is how many connections to CloudTrail stay open between requests: more than an exporter has
// workers, so that none of them has to shake hands again.
const idleConnections = 256

// maxHeaderSize bounds the head of an answer, in bytes; net/http's own bound is 10 MB.
const maxHeaderSize = 64 << 10

// newCredentialsHTTP returns the HTTP client of all sources of credentials: STS, SSO, the container's and the
// instance's metadata endpoint. The SDK clones it for each of its clients and offers no way to close the clones'
// connections, so the client keeps none open. With another type than BuildableClient, AWS_CA_BUNDLE would be an error.
func newCredentialsHTTP(proxy proxyFunc, timeout time.Duration) *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTimeout(timeout).WithTransportOptions(func(t *http.Transport) {
		t.DisableKeepAlives = true
		t.Proxy = proxy
		t.OnProxyConnectResponse = checkConnect
	})
}

// newTransport returns the transport for CloudTrail's endpoint. loaded is the client of the loaded SDK
// configuration, which holds the roots of AWS_CA_BUNDLE; custom is laid over its TLS settings.
func newTransport(loaded *awshttp.BuildableClient, custom *tls.Config) *http.Transport {
	t := loaded.GetTransport()
	t.DisableKeepAlives = false
	t.MaxIdleConns = idleConnections
	t.MaxIdleConnsPerHost = idleConnections
	t.MaxResponseHeaderBytes = maxHeaderSize
	if custom != nil {
		base := t.TLSClientConfig
		t.TLSClientConfig = custom.Clone()
		if base != nil {
			if custom.RootCAs == nil {
				t.TLSClientConfig.RootCAs = base.RootCAs
			}
			if custom.MinVersion == 0 {
				t.TLSClientConfig.MinVersion = base.MinVersion
			}
			if custom.CurvePreferences == nil {
				t.TLSClientConfig.CurvePreferences = base.CurvePreferences
			}
		}
	}
	return t
}

// checkConnect keeps the status of a proxy that refuses to connect, of which net/http keeps the text only.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return &proxyError{status: answer.StatusCode}
	}
	return nil
}

// proxyFunc is the type of http.Transport.Proxy.
type proxyFunc func(*http.Request) (*url.URL, error)

// newProxy returns the choice of a proxy: fixed where it is set, also for loopback endpoints, else what the
// environment says. Metadata endpoints are never reached through a proxy: it would get the credentials of its own
// host, or none. These are the link-local addresses that EC2, ECS and EKS serve credentials on
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html), and the endpoints that
// the environment names. net/http makes an exception for loopback addresses only.
func newProxy(fixed *url.URL, environment proxyFunc) proxyFunc {
	metadata := map[string]bool{}
	for _, name := range []string{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT"} {
		if u, err := url.Parse(os.Getenv(name)); err == nil && u.Host != "" {
			metadata[hostPort(u)] = true
		}
	}
	return func(r *http.Request) (*url.URL, error) {
		if isLinkLocal(r.URL.Hostname()) || metadata[hostPort(r.URL)] {
			return nil, nil
		}
		if fixed != nil {
			return fixed, nil
		}
		u, err := environment(r)
		if err != nil {
			return nil, errProxyURL
		}
		return u, nil
	}
}

// hostPort is the host of a URL with its port, the default one written out. With the port, an endpoint and a metadata
// endpoint on the same host are told apart.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// uniqueLocal is the range of the IPv6 metadata addresses, fd00:ec2::254 and fd00:ec2::23.
var uniqueLocal = netip.MustParsePrefix("fd00:ec2::/32")

func isLinkLocal(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	return addr.IsLinkLocalUnicast() || uniqueLocal.Contains(addr)
}
