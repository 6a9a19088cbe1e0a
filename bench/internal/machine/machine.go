// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package machine says where a measurement was made, and reads what the kernel knows of a process.
package machine

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Describe names the machine, the versions and the day, in one line for people.
func Describe() string {
	return fmt.Sprintf("%s, %d CPUs, %s, Linux %s, %s, commit %s, %s",
		field("/proc/cpuinfo", "model name"), runtime.NumCPU(), gigabytes(field("/proc/meminfo", "MemTotal")),
		firstLine("/proc/sys/kernel/osrelease"), runtime.Version(), commit(), time.Now().UTC().Format(time.DateOnly))
}

// commit is the one that is checked out; what is not committed is said.
func commit() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty", "--abbrev=10").Output()
	if err != nil {
		return "unknown"
	}
	return string(bytes.TrimSpace(out))
}

func gigabytes(kilobytes string) string {
	n, err := strconv.ParseFloat(strings.TrimSuffix(kilobytes, " kB"), 64)
	if err != nil {
		return "memory unknown"
	}
	return fmt.Sprintf("%.0f GB", n/1e6)
}

// RSS is the memory that a process has resident, the most that it has had and what it has now, in bytes.
func RSS(pid string) (peak, now int64, err error) {
	if peak, err = memory(pid, "VmHWM"); err != nil {
		return 0, 0, err
	}
	now, err = memory(pid, "VmRSS")
	return peak, now, err
}

func memory(pid, name string) (int64, error) {
	value := field("/proc/"+pid+"/status", name)
	n, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s of process %s: %w", name, pid, err)
	}
	return n << 10, nil
}

// userHZ is the unit of the times in /proc, which Linux fixes for all programs.
const userHZ = 100

// CPU is what a process has used, in its own code and in the kernel.
func CPU(pid string) (time.Duration, error) {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0, err
	}
	// The second field is the command's name, in parentheses, and may hold anything. utime and stime are 14 and 15.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const utime, stime = 14 - 3, 15 - 3
	if len(fields) <= stime {
		return 0, fmt.Errorf("/proc/%s/stat has %d fields", pid, len(fields))
	}
	var ticks int64
	for _, i := range []int{utime, stime} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/%s/stat: %w", pid, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / userHZ, nil
}

// field is what stands behind a name and a colon in a file of /proc; "" where there is none.
func field(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func firstLine(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}
