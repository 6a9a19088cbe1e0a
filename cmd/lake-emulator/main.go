// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Command lake-emulator is a local CloudTrail Data service with a page that shows what arrives. See -help.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "lake-emulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	o, err := parseOptions(args, getenv, stderr)
	if err != nil {
		return err
	}
	cfg, err := o.config()
	if err != nil {
		return err
	}
	tlsConfig, err := o.tls()
	if err != nil {
		return err
	}
	encoder := zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig())
	cfg.Logger = zap.New(zapcore.NewCore(encoder, zapcore.AddSync(stderr), zap.InfoLevel))
	if o.store != "" {
		// Audit events are nobody else's business.
		file, openErr := os.OpenFile(o.store, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if openErr != nil {
			return fmt.Errorf("-store: %w", openErr)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		cfg.Store = file
	}
	e, err := emulator.New(cfg)
	if err != nil {
		return err
	}
	listener, err := emulator.Listen(ctx, o.listen, o.allowRemote)
	if err != nil {
		return err
	}
	scheme := "http"
	if tlsConfig != nil {
		scheme = "https"
	}
	address := scheme + "://" + listener.Addr().String()
	fmt.Fprintf(stdout, "The lake emulator listens on %s\n", address)
	fmt.Fprintf(stdout, "  page        %s/\n  channel     %s\n  access key  %s\n", address, o.channelARN, o.accessKeyID)
	return e.Serve(ctx, listener, tlsConfig)
}
