// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListen(t *testing.T) {
	ctx := context.Background()
	for _, address := range []string{"127.0.0.1:0", "localhost:0"} {
		listener, err := Listen(ctx, address, false)
		require.NoError(t, err)
		require.NoError(t, listener.Close())
	}
	for _, address := range []string{":0", "0.0.0.0:0", "192.0.2.1:0", "example.com:0"} {
		_, err := Listen(ctx, address, false)
		require.ErrorContains(t, err, "-allow-remote", address)
	}
	_, err := Listen(ctx, "8788", false)
	require.ErrorContains(t, err, "HOST:PORT")
	listener, err := Listen(ctx, "0.0.0.0:0", true)
	require.NoError(t, err)
	require.NoError(t, listener.Close())
}

func TestPortTaken(t *testing.T) {
	first, err := Listen(context.Background(), "127.0.0.1:0", false)
	require.NoError(t, err)
	defer func() { require.NoError(t, first.Close()) }()
	_, err = Listen(context.Background(), first.Addr().String(), false)
	require.ErrorContains(t, err, "is taken")
	_, port, _ := net.SplitHostPort(first.Addr().String())
	require.ErrorContains(t, err, port)
}

func TestServe(t *testing.T) {
	e, err := New(Config{ChannelARN: testARN})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := Listen(ctx, "127.0.0.1:0", false)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- e.Serve(ctx, listener, nil) }()

	base := "http://" + listener.Addr().String()
	transport := &http.Transport{}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/_control/counts", nil)
	require.NoError(t, err)
	response, err := transport.RoundTrip(r)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)
	transport.CloseIdleConnections()

	cancel()
	require.NoError(t, <-done)
	again, err := Listen(context.Background(), listener.Addr().String(), false)
	require.NoError(t, err, "the port is free again")
	require.NoError(t, again.Close())

	require.Error(t, e.Serve(context.Background(), again, nil), "a closed listener is an error, not a silent end")
}
