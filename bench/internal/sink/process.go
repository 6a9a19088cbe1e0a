// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package sink

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Command is the subcommand of this program that runs the service in a process of its own, so that its work is not counted.
const Command = "sink"

// Process is the service in a process of its own.
type Process struct {
	URL string
	PID string

	cmd   *exec.Cmd
	stdin io.Closer
}

// Start starts the service.
func Start(opts Options) (*Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(opts)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, Command, string(text))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{PID: strconv.Itoa(cmd.Process.Pid), cmd: cmd, stdin: stdin}
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("start the sink: %w", err)
	}
	p.URL = strings.TrimSpace(url)
	return p, nil
}

// Stop ends the process.
func (p *Process) Stop() {
	_ = p.stdin.Close()
	_ = p.cmd.Wait()
}

// Main is the process: it serves until its standard input ends, and so never outlives the program that started it.
func Main(args []string) error {
	var opts Options
	if err := json.Unmarshal([]byte(args[0]), &opts); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return Serve(ctx, opts, func(url string) { fmt.Println(url) })
}
