// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package shares sums up a profile by who the work belongs to.
package shares

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

const (
	ours = "github.com/cloudtrail-lake/awscloudtraillakeexporter"
	core = "go.opentelemetry.io/collector/"
)

// owners says whose a function is, by the beginning of its name. A sample belongs to the innermost function of its stack that
// has an owner: what the runtime and the small packages of the standard library do is for whoever called them.
var owners = []struct{ prefix, owner string }{
	{ours + "/mapping", "this exporter: mapping"},
	{ours + "/internal/flow", "this exporter: flow"},
	{ours + "/internal/lake", "this exporter: lake (packing, answers)"},
	{ours + "/internal/metadata", "this exporter: flow"},
	{ours + ".", "this exporter: flow"},
	{"crypto/internal/fips140/sha256.", "SHA-256, of events and bodies"},
	{"crypto/sha256.", "SHA-256, of events and bodies"},
	{core + "exporter/exporterhelper", "exporterhelper: queue, batch, retry, its telemetry"},
	{core + "exporter/otlphttpexporter", "OTLP exporter and its encoder"},
	{core + "pdata", "pdata"},
	{"github.com/aws/", "AWS SDK: signing, middleware"},
	{"net/http.", "net/http, the network and the kernel's part"},
	{"net.", "net/http, the network and the kernel's part"},
	{"internal/poll.", "net/http, the network and the kernel's part"},
	{"go.opentelemetry.io/otel", "OpenTelemetry's metrics"},
	{"runtime.gcBgMarkWorker", "garbage collection and the scheduler"},
	{"runtime.bgsweep", "garbage collection and the scheduler"},
	{"runtime.mcall", "garbage collection and the scheduler"},
	{"runtime.mstart", "garbage collection and the scheduler"},
	{ours + "/bench", "the measurement itself"},
}

// Share is what belongs to one owner, as a part of 1.
type Share struct {
	Owner string
	Part  float64
}

// Of reads a profile and sums up its samples of a type, such as cpu or alloc_objects, the largest first.
func Of(path, sampleType string) ([]Share, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return nil, err
	}
	index, err := p.SampleIndexByName(sampleType)
	if err != nil {
		return nil, err
	}
	sums := map[string]int64{}
	var total int64
	for _, s := range p.Sample {
		if belongs(s, preparing) {
			continue
		}
		sums[ownerOf(s)] += s.Value[index]
		total += s.Value[index]
	}
	var shares []Share
	for owner, sum := range sums {
		shares = append(shares, Share{owner, float64(sum) / float64(total)})
	}
	slices.SortFunc(shares, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Part, a.Part), cmp.Compare(a.Owner, b.Owner))
	})
	return shares, nil
}

// preparing begins the names of functions that make what is measured.
var preparing = []string{ours + "/bench/internal/trial.prepare", ours + "/bench/internal/records.", "runtime.doInit", "main.init"}

func belongs(s *profile.Sample, prefixes []string) bool {
	for _, location := range s.Location {
		for _, line := range location.Line {
			for _, prefix := range prefixes {
				if strings.HasPrefix(line.Function.Name, prefix) {
					return true
				}
			}
		}
	}
	return false
}

func ownerOf(s *profile.Sample) string {
	for _, location := range s.Location {
		for _, line := range location.Line {
			for _, o := range owners {
				if strings.HasPrefix(line.Function.Name, o.prefix) {
					return o.owner
				}
			}
		}
	}
	return "other"
}
