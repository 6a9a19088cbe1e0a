// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package trial

import (
	"os"
	"runtime"
	"runtime/pprof"
)

// startProfiles begins what the spec asks for, and returns what ends it.
func startProfiles(spec Spec) (finish func() error, err error) {
	var cpu *os.File
	if spec.Profile != "" {
		if cpu, err = os.Create(spec.Profile); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, err
		}
	}
	if spec.AllocProfile != "" {
		if err := writeAllocations(spec.AllocProfile + Before); err != nil {
			return nil, err
		}
	}
	return func() error {
		if cpu != nil {
			pprof.StopCPUProfile()
			if err := cpu.Close(); err != nil {
				return err
			}
		}
		if spec.AllocProfile == "" {
			return nil
		}
		return writeAllocations(spec.AllocProfile)
	}, nil
}

// writeAllocations writes a profile of what the process has allocated so far.
func writeAllocations(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	// A profile holds what was allocated before the latest collection but one.
	runtime.GC()
	runtime.GC()
	if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
		return err
	}
	return f.Close()
}
