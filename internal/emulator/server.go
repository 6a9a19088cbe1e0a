// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"go.uber.org/zap"
)

// DefaultListen is the address of an emulator that is not told another.
const DefaultListen = "127.0.0.1:8788"

// Listen opens a TCP port, on other than loopback only where that is allowed: whoever reaches the emulator can read its
// events and set its faults.
func Listen(ctx context.Context, address string, allowRemote bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%q is not of the form HOST:PORT: %w", address, err)
	}
	if addr, err := netip.ParseAddr(host); !allowRemote && host != "localhost" && (err != nil || !addr.IsLoopback()) {
		return nil, fmt.Errorf("%q is not a loopback address: whoever reaches the emulator can read what it holds; allow that with -allow-remote", address)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %s of %q is taken: stop what listens there, or choose another with -listen HOST:PORT", port, host)
	}
	return listener, err
}

// Serve answers on a listener until ctx ends, then lets the requests under way finish for up to five seconds. tlsConfig
// may be nil for plain HTTP.
func (e *Emulator) Serve(ctx context.Context, listener net.Listener, tlsConfig *tls.Config) error {
	server := &http.Server{
		Handler:           e,
		TLSConfig:         tlsConfig,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          zap.NewStdLog(e.log),
	}
	failed := make(chan error, 1)
	go func() {
		if tlsConfig != nil {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if served := <-failed; err == nil && !errors.Is(served, http.ErrServerClosed) {
		return served
	}
	return err
}
