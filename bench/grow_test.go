// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestGrowthIsHeldToItsInput(t *testing.T) {
	measured := func(perInput bool, cpu ...float64) *sweep {
		s := &sweep{title: "x", at: []int{10, 100, 1000}, perInput: perInput}
		for _, c := range cpu {
			s.cpu = append(s.cpu, []float64{c})
		}
		return s
	}
	assert.NoError(t, measured(true, 1, 10, 100).check())
	assert.NoError(t, measured(true, 5, 6, 15).check())
	assert.ErrorContains(t, measured(true, 1, 10, 1000).check(), "from 10 to 1000 the cost of a record grows to the 1000.00-fold, its input to the 100.00-fold")
	assert.NoError(t, measured(false, 3, 1, 1.1).check())
	assert.ErrorContains(t, measured(false, 1, 1.2, 1.4).check(), "from 10 to 1000")
}

// Each sweep sends whole requests, and the sweeps that are drawn together are over the same places.
func TestSweeps(t *testing.T) {
	titles := map[string]*sweep{"": {}}
	for _, s := range newSweeps() {
		titles[s.title] = s
		for _, at := range s.at {
			spec := s.spec(at)
			assert.Zero(t, spec.Records%spec.PerRequest, "%s: %d", s.title, at)
			assert.GreaterOrEqual(t, spec.Records, 1000, "%s: %d", s.title, at)
		}
		if assert.Contains(t, titles, s.beside); s.beside != "" {
			assert.Equal(t, titles[s.beside].at, s.at)
		}
	}
}
