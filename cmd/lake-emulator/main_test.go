// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata"
	"github.com/aws/aws-sdk-go-v2/service/cloudtraildata/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const eventData = `{"version":"1.0","userIdentity":{"type":"User","principalId":"alice"},"eventSource":"billing.example.com","eventName":"CreateInvoice",` +
	`"eventTime":"2026-01-02T03:04:05Z","UID":"1","recipientAccountId":"111122223333"}`

// serve runs the program for the length of the test and returns the address that it prints.
func serve(t *testing.T, env map[string]string, args ...string) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), func(name string) string { return env[name] }, writer, io.Discard)
		_ = writer.CloseWithError(err)
		done <- err
	}()
	lines := bufio.NewScanner(reader)
	page := ""
	for page == "" && lines.Scan() {
		if found := regexp.MustCompile(`page +(\S+)/`).FindStringSubmatch(lines.Text()); found != nil {
			page = found[1]
		}
	}
	require.NotEmpty(t, page, lines.Err())
	rest := make(chan struct{})
	go func() { defer close(rest); _, _ = io.Copy(io.Discard, reader) }()
	return page, func() {
		cancel()
		require.NoError(t, <-done)
		<-rest
	}
}

func put(t *testing.T, address, key, secret string, transport *http.Transport) error {
	t.Helper()
	defer transport.CloseIdleConnections()
	client := cloudtraildata.New(cloudtraildata.Options{
		BaseEndpoint: &address,
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, ""),
		HTTPClient:   &http.Client{Transport: transport},
		Retryer:      aws.NopRetryer{},
	})
	out, err := client.PutAuditEvents(context.Background(), &cloudtraildata.PutAuditEventsInput{
		ChannelArn:  aws.String(emulator.ExampleChannelARN),
		AuditEvents: []types.AuditEvent{{Id: aws.String("a"), EventData: aws.String(eventData)}},
	})
	if err == nil {
		require.Len(t, out.Successful, 1)
	}
	return err
}

func TestRun(t *testing.T) {
	store := filepath.Join(t.TempDir(), "events.jsonl")
	address, stop := serve(t, nil, "-store", store)
	require.NoError(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{}))
	stop()
	text, err := os.ReadFile(store)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(text), "\n"))
	require.Contains(t, string(text), eventData)
	info, err := os.Stat(store)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	address, stop = serve(t, nil, "-store", store)
	require.NoError(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{}))
	stop()
	text, err = os.ReadFile(store)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(text), "\n"), "a store is appended to")
}

func TestKeysFromEnvironment(t *testing.T) {
	address, stop := serve(t, map[string]string{"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "envsecret"})
	defer stop()
	require.NoError(t, put(t, address, "AKIDENV", "envsecret", &http.Transport{}))
	require.Error(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{}))
}

func TestFaultsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "faults.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"requests":[{"code":"ChannelNotFound","first":1}]}`), 0o600))
	address, stop := serve(t, nil, "-faults", file)
	defer stop()
	require.ErrorContains(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{}), "ChannelNotFound")
	require.NoError(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{}))
}

func TestTLS(t *testing.T) {
	certFile, keyFile, certificate := selfSigned(t)
	address, stop := serve(t, nil, "-tls-cert", certFile, "-tls-key", keyFile, "-tls-client-ca", certFile)
	defer stop()
	require.True(t, strings.HasPrefix(address, "https://"))
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	config := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	require.Error(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{TLSClientConfig: config}), "no client certificate")
	config = config.Clone()
	config.Certificates = []tls.Certificate{certificate}
	require.NoError(t, put(t, address, emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey, &http.Transport{TLSClientConfig: config}))
}

// selfSigned writes a certificate that serves loopback, signs itself, and identifies a client.
func selfSigned(t *testing.T) (certFile, keyFile string, certificate tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "emulator"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, certPEM, 0o600))
	require.NoError(t, os.WriteFile(keyFile, keyPEM, 0o600))
	certificate, err = tls.X509KeyPair(certPEM, keyPEM)
	require.NoError(t, err)
	return certFile, keyFile, certificate
}

func TestErrors(t *testing.T) {
	taken, err := emulator.Listen(context.Background(), "127.0.0.1:0", false)
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	dir := t.TempDir()
	badFaults, noPEM := filepath.Join(dir, "faults.json"), filepath.Join(dir, "no.pem")
	require.NoError(t, os.WriteFile(badFaults, []byte(`{"events":[{}]}`), 0o600))
	require.NoError(t, os.WriteFile(noPEM, []byte("x"), 0o600))
	certFile, keyFile, _ := selfSigned(t)
	for _, row := range []struct {
		args    []string
		env     map[string]string
		problem string
	}{
		{[]string{"-listen", taken.Addr().String()}, nil, "is taken"},
		{[]string{"-listen", "0.0.0.0:8788"}, nil, "-allow-remote"},
		{[]string{"-bogus"}, nil, "-bogus"},
		{[]string{"extra"}, nil, `"extra"`},
		{[]string{"-channel-arn", "x"}, nil, "channel's ARN"},
		{[]string{"-access-key-id", "x"}, nil, "belong together"},
		{nil, map[string]string{"AWS_ACCESS_KEY_ID": "x"}, "AWS_SECRET_ACCESS_KEY"},
		{[]string{"-requests-per-second", "-1"}, nil, "negative"},
		{[]string{"-faults", badFaults}, nil, "events[0]"},
		{[]string{"-faults", filepath.Join(dir, "none")}, nil, "-faults"},
		{[]string{"-store", filepath.Join(dir, "none", "x")}, nil, "-store"},
		{[]string{"-tls-cert", certFile}, nil, "both -tls-cert and -tls-key"},
		{[]string{"-tls-cert", noPEM, "-tls-key", noPEM}, nil, "-tls-cert, -tls-key"},
		{[]string{"-tls-cert", certFile, "-tls-key", keyFile, "-tls-client-ca", noPEM}, nil, "no PEM certificate"},
	} {
		err := run(context.Background(), row.args, func(name string) string { return row.env[name] }, io.Discard, io.Discard)
		require.ErrorContains(t, err, row.problem, row.args)
	}
	var help strings.Builder
	require.ErrorIs(t, run(context.Background(), []string{"-help"}, os.Getenv, io.Discard, &help), flag.ErrHelp)
	require.Contains(t, help.String(), "-channel-arn")
}
