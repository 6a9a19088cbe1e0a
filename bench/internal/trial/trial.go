// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package trial runs one exporter in a process of its own and says what that cost.
package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// Command is the subcommand of this program that runs a trial.
const Command = "trial"

// Spec says what to run.
type Spec struct {
	Contender string
	Shape     records.Shape
	// Records is how many to send, PerRequest how many at a time.
	Records, PerRequest int
	// Consumers is the number of the queue's; 0 = the exporter's default.
	Consumers int
	// Batch is the number of records that the queue puts into a batch; 0 = the exporter's default.
	Batch int
	// Stored keeps the queue in file_storage.
	Stored bool
	// Fresh sends a copy of the records each time, as a queue that takes requests apart moves records out of them.
	Fresh bool
	// Sink is the URL of the service.
	Sink string
	// Profile is a file to write a CPU profile to, AllocProfile one for allocations; "" = none.
	Profile, AllocProfile string
}

// Before ends the name of the file with the allocations of before the first record.
const Before = ".before"

// Result is what the process used, from the first record to the end of the exporter's shutdown.
type Result struct {
	CPU, Wall time.Duration
	// Allocations and AllocatedBytes are of the Go heap.
	Allocations, AllocatedBytes uint64
	// PeakRSS is in bytes, the records included that are sent again and again.
	PeakRSS int64
}

// Run runs a trial in a process of its own.
func Run(ctx context.Context, spec Spec) (result Result, err error) {
	program, err := os.Executable()
	if err != nil {
		return result, err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return result, err
	}
	cmd := exec.CommandContext(ctx, program, Command, string(text))
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), otelcol.Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")...)
	out, err := cmd.Output()
	if err != nil {
		return result, fmt.Errorf("%s: %w", spec.Contender, err)
	}
	return result, json.Unmarshal(out, &result)
}
