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
	var p, before samples
	p.add(60, "runtime.mallocgc", ours+"/mapping/internal/tree.(*Tree).Add", ours+"/internal/flow.(*push).run")
	p.add(30, "crypto/internal/fips140/sha256.blockSHANI", ours+"/internal/lake.(*serializer).HandleSerialize")
	p.add(10, "runtime.futex")
	whole := p.write(t)
	whose, err := Of(whole, "", "cpu")
	require.NoError(t, err)
	assert.Equal(t, []Share{{"this exporter: mapping, reading the record", 0.6}, {"SHA-256, of events and bodies", 0.3}, {"other", 0.1}}, whose)

	before.add(50, "runtime.mallocgc", ours+"/mapping/internal/tree.(*Tree).Add", ours+"/internal/flow.(*push).run")
	whose, err = Of(whole, before.write(t), "cpu")
	require.NoError(t, err)
	assert.Equal(t, []Share{{"SHA-256, of events and bodies", 0.6}, {"other", 0.2}, {"this exporter: mapping, reading the record", 0.2}}, whose)

	_, err = Of(whole, "", "allocations")
	assert.Error(t, err)
}

// samples are those of a profile.
type samples struct{ profile.Profile }

func (p *samples) add(value int64, stack ...string) {
	s := &profile.Sample{Value: []int64{value}}
	for _, name := range stack {
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name}
		l := &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f}}}
		p.Function, p.Location, s.Location = append(p.Function, f), append(p.Location, l), append(s.Location, l)
	}
	p.Sample = append(p.Sample, s)
}

func (p *samples) write(t *testing.T) (path string) {
	p.SampleType = []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}
	path = filepath.Join(t.TempDir(), "profile")
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, p.Write(f))
	require.NoError(t, f.Close())
	return path
}
