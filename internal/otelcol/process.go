// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package otelcol builds and runs the collector of builder-config.yaml, for `make run` and for the end-to-end tests.
package otelcol

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Binary is where the builder puts the collector, relative to the repository.
const Binary = "build/otelcol-cloudtrail-lake"

// Build builds the collector and returns the path of its binary. root is the repository's folder, output gets what the
// builder says. It takes minutes the first time, seconds where nothing has changed.
func Build(ctx context.Context, root string, output io.Writer) (string, error) {
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "collector")
	cmd.Dir = root
	cmd.Stdout, cmd.Stderr = output, output
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // make ends what it has started
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("building the collector with `make collector`: %w", err)
	}
	return filepath.Join(root, Binary), nil
}

// Credentials is the environment that gives a process this key pair, and keeps it from any other on the machine.
func Credentials(accessKeyID, secretAccessKey string) []string {
	return []string{
		"AWS_ACCESS_KEY_ID=" + accessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + secretAccessKey,
		"AWS_SESSION_TOKEN=",
		"AWS_PROFILE=",
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
	}
}

// UseCredentials puts the environment of Credentials on this process, and so on all that it starts.
func UseCredentials(accessKeyID, secretAccessKey string) {
	for _, variable := range Credentials(accessKeyID, secretAccessKey) {
		name, value, _ := strings.Cut(variable, "=")
		if err := os.Setenv(name, value); err != nil {
			panic(err) // only a key with a NUL in it can be refused
		}
	}
}

// Process is a running collector.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how, once done is closed
}

// Start starts a collector in the folder dir, with env added to the environment. output gets its log.
func Start(binary, dir string, output io.Writer, env []string, args ...string) (*Process, error) {
	cmd := exec.Command(binary, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{cmd: cmd, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// Done is closed when the collector has ended, of itself or not.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the collector ended, once Done is closed.
func (p *Process) Err() error { return p.err }

// WaitReady waits until the collector answers at its health check's URL.
func (p *Process) WaitReady(ctx context.Context, url string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if Healthy(ctx, url) {
			return nil
		}
		select {
		case <-tick.C:
		case <-p.done:
			return fmt.Errorf("the collector has ended: %w", errors.Join(p.err, errors.New("its log says why")))
		case <-ctx.Done():
			return fmt.Errorf("the collector is not ready: %w", ctx.Err())
		}
	}
}

// Healthy reports whether the collector says that it is well, at its health check's URL.
func Healthy(ctx context.Context, url string) bool {
	resp, err := get(ctx, url)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// ID is the id of the process.
func (p *Process) ID() int { return p.cmd.Process.Pid }

// Kill ends the collector at once, as a crash does, and waits until it has ended. That it has ended before is no error.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Stop asks the collector to end and waits until it has. After grace it is killed, which is an error.
func (p *Process) Stop(grace time.Duration) error {
	select {
	case <-p.done:
		return p.err
	default:
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.done:
		return p.err
	case <-time.After(grace):
		err := p.cmd.Process.Kill()
		<-p.done
		return errors.Join(fmt.Errorf("the collector did not end within %s", grace), err)
	}
}

// client keeps no connection, so that none is left behind.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func get(ctx context.Context, url string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return client.Do(req)
}
