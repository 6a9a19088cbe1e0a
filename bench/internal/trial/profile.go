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
		heap, err := os.Create(spec.AllocProfile)
		if err != nil {
			return err
		}
		runtime.GC() // the profile holds what was allocated up to the last collection
		if err := pprof.Lookup("allocs").WriteTo(heap, 0); err != nil {
			return err
		}
		return heap.Close()
	}, nil
}
