// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// collector is a running collector, of whose process more is to be known than package otelcol tells.
type collector struct {
	cmd    *exec.Cmd
	pid    string
	target string // of OTLP
	log    string
	done   chan struct{}
}

// The configuration: OTLP in, one exporter, and nothing that differs from a default but addresses. Metrics are served, as by
// default, on a port of their own.
const config = `
receivers:
  otlp: {protocols: {grpc: {endpoint: "%s"}}}
extensions:
  file_storage: {directory: "%s", create_directory: true}
exporters:
  %s
service:
  extensions: [file_storage]
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]
  pipelines:
    logs: {receivers: [otlp], exporters: [%s]}
`

// exporterConfig is the one of the scenario, which sends to the endpoint.
func (s *Scenario) exporterConfig(endpoint string) (name, text string) {
	if s.Debug {
		return "debug", "debug: {verbosity: basic}"
	}
	text = `aws_cloudtrail_lake: {channel_arn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/11111111-2222-3333-4444-555555555555", endpoint: "` +
		endpoint + `"`
	if s.Stored {
		text += ", sending_queue: {storage: file_storage}"
	}
	return "aws_cloudtrail_lake", text + "}"
}

// start starts the collector, in a folder that it may fill.
func start(ctx context.Context, s *Scenario, binary, dir, endpoint string) (*collector, error) {
	target, err := freeAddress()
	if err != nil {
		return nil, err
	}
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(metrics)
	name, text := s.exporterConfig(endpoint)
	file := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, config, target, filepath.Join(dir, "queue"), text, port, name), 0o600); err != nil {
		return nil, err
	}
	c := &collector{target: target, log: filepath.Join(dir, "collector.log"), done: make(chan struct{})}
	log, err := os.Create(c.log)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the process has its own
	c.cmd = exec.Command(binary, "--config", file)
	c.cmd.Stdout, c.cmd.Stderr = log, log
	c.cmd.Env = append(os.Environ(), otelcol.Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")...)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.pid = strconv.Itoa(c.cmd.Process.Pid)
	go func() {
		_ = c.cmd.Wait()
		close(c.done)
	}()
	return c, c.ready(ctx)
}

// ready waits until the receiver listens.
func (c *collector) ready(ctx context.Context) error {
	var dialer net.Dialer
	for {
		conn, err := dialer.DialContext(ctx, "tcp", c.target)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-c.done:
			log, _ := os.ReadFile(c.log)
			return fmt.Errorf("the collector has ended:\n%s", log)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stop asks the collector to end and says how long it took. One that takes minutes is killed.
func (c *collector) stop() (time.Duration, error) {
	const patience = 5 * time.Minute
	began := time.Now()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 0, err
	}
	select {
	case <-c.done:
		return time.Since(began), nil
	case <-time.After(patience):
		_ = c.cmd.Process.Kill()
		<-c.done
		return 0, fmt.Errorf("the collector did not end within %s", patience)
	}
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
