// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package shares

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/pprof/profile"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOf(t *testing.T) {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}}
	sample := func(value int64, stack ...string) {
		s := &profile.Sample{Value: []int64{value}}
		for _, name := range stack {
			f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name}
			l := &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f}}}
			p.Function, p.Location, s.Location = append(p.Function, f), append(p.Location, l), append(s.Location, l)
		}
		p.Sample = append(p.Sample, s)
	}
	sample(60, "runtime.mallocgc", ours+"/mapping/internal/tree.(*Tree).Add", ours+"/internal/flow.(*push).run")
	sample(30, "crypto/internal/fips140/sha256.blockSHANI", ours+"/internal/lake.(*serializer).HandleSerialize")
	sample(10, "runtime.futex")
	sample(1000, "runtime.mallocgc", ours+"/mapping.New", ours+"/bench/internal/trial.prepare")
	file := filepath.Join(t.TempDir(), "profile")
	f, err := os.Create(file)
	require.NoError(t, err)
	require.NoError(t, p.Write(f))
	require.NoError(t, f.Close())

	whose, err := Of(file, "cpu")
	require.NoError(t, err)
	assert.Equal(t, []Share{{"this exporter: mapping", 0.6}, {"SHA-256, of events and bodies", 0.3}, {"other", 0.1}}, whose)
	_, err = Of(file, "allocations")
	assert.Error(t, err)
}
