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
	{ours + "/mapping/internal/redact", "this exporter: mapping, secrets"},
	{ours + "/mapping/internal/tree.(*Tree).Append", "this exporter: mapping, encoding"},
	{ours + "/mapping/internal/tree.(*Tree).append", "this exporter: mapping, encoding"},
	{ours + "/mapping/internal/tree.Append", "this exporter: mapping, encoding"},
	{ours + "/mapping/internal/tree.append", "this exporter: mapping, encoding"},
	{ours + "/mapping/internal/record.(*Doc).Append", "this exporter: mapping, encoding"},
	{ours + "/mapping.(*writer)", "this exporter: mapping, encoding"},
	{ours + "/mapping/internal/tree", "this exporter: mapping, reading the record"},
	{"github.com/go-faster/jx", "this exporter: mapping, reading the record"},
	{ours + "/mapping", "this exporter: mapping, finding the fields"},
	{ours + "/internal/flow", "this exporter: flow"},
	{ours + "/internal/lake", "this exporter: lake (packing, answers)"},
	{ours + "/internal/metadata", "this exporter: flow"},
	{ours + ".", "this exporter: flow"},
	{"crypto/internal/fips140/sha256.", "SHA-256, of events and bodies"},
	{"crypto/sha256.", "SHA-256, of events and bodies"},
	{core + "exporter/exporterhelper", "exporterhelper: queue, batch, retry, its telemetry"},
	{core + "exporter/otlphttpexporter", "OTLP exporter and its encoder"},
	{core + "pdata", "pdata: records copied, read, measured"},
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

// Of reads a profile and sums up its samples of a type, such as cpu or alloc_objects, the largest first. What is in base, a
// profile of before, does not count; "" = there is none.
func Of(path, base, sampleType string) ([]Share, error) {
	p, err := read(path)
	if err != nil {
		return nil, err
	}
	if base != "" {
		before, err := read(base)
		if err != nil {
			return nil, err
		}
		before.Scale(-1)
		if p, err = profile.Merge([]*profile.Profile{p, before}); err != nil {
			return nil, err
		}
	}
	index, err := p.SampleIndexByName(sampleType)
	if err != nil {
		return nil, err
	}
	sums := map[string]int64{}
	var total int64
	for _, s := range p.Sample {
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

func read(path string) (*profile.Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return profile.Parse(f)
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
