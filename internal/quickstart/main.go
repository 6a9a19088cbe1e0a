// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Command quickstart is `make run`: a local CloudTrail Data service, the collector with examples/quickstart.yaml, and
// sample audit logs on their way from the one into the other. It runs until Ctrl-C and leaves nothing behind.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// What examples/quickstart.yaml says. All is on this machine only.
const (
	config     = "examples/quickstart.yaml"
	samples    = "testdata/quickstart/*.log"
	channelARN = emulator.ExampleChannelARN
	service    = emulator.DefaultListen
	health     = "127.0.0.1:13133"
	metrics    = "127.0.0.1:8888"
	otlpGRPC   = "127.0.0.1:4317"
	otlpHTTP   = "127.0.0.1:4318"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil && ctx.Err() == nil { // After Ctrl-C, what breaks off is meant to.
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	total, err := countRecords(samples)
	if err != nil {
		return err
	}
	if err := portsFree(); err != nil {
		return err
	}
	fmt.Println("Building the collector, which takes about two minutes the first time.")
	binary, err := otelcol.Build(ctx, ".", os.Stdout)
	if err != nil {
		return err
	}

	repairs := &repairCounter{}
	lake, err := emulator.New(emulator.Config{ChannelARN: channelARN, RequestsPerSecond: 100, Store: repairs})
	if err != nil {
		return err
	}
	listener, err := emulator.Listen(ctx, service, false)
	if err != nil {
		return err
	}
	serviceCtx, stopService := context.WithCancel(context.Background())
	serving := make(chan error, 1)
	go func() { serving <- lake.Serve(serviceCtx, listener, nil) }()
	defer func() {
		stopService()
		err = errors.Join(err, <-serving)
	}()

	env := otelcol.Credentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
	collector, err := otelcol.Start(binary, ".", os.Stderr, env, "--config", config)
	if err != nil {
		return err
	}
	// The collector first: what it still holds goes to the service while that is there.
	defer func() { err = errors.Join(err, collector.Stop(15*time.Second)) }()

	ready, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := collector.WaitReady(ready, "http://"+health); err != nil {
		return err
	}
	return watch(ctx, lake, repairs, collector, total)
}

// ports is what has to be free, and for what.
var ports = []struct{ address, use string }{
	{service, "the local CloudTrail Data service"},
	{otlpGRPC, "OTLP over gRPC"},
	{otlpHTTP, "OTLP over HTTP"},
	{health, "the collector's health"},
	{metrics, "the collector's metrics"},
}

// portsFree says which ports are taken, before anything is started.
func portsFree() error {
	var errs []error
	for _, port := range ports {
		listener, err := net.Listen("tcp", port.address)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s is needed for %s: end the program that has it, then try again (%w)", port.address, port.use, err))
			continue
		}
		errs = append(errs, listener.Close())
	}
	return errors.Join(errs...)
}
