// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOf(t *testing.T) {
	assert.Equal(t, Summary{Median: 2, Min: 1, Max: 9}, Of([]float64{9, 1, 2}))
	assert.Equal(t, Summary{Median: 2.5, Min: 1, Max: 9}, Of([]float64{9, 1, 2, 3}))
	assert.Equal(t, Summary{Median: 4, Min: 4, Max: 4}, Of([]float64{4}))
}

func TestRatio(t *testing.T) {
	// The medians are 4 and 2; round by round it is 2, 1 and 4.
	assert.Equal(t, Summary{Median: 2, Min: 1, Max: 4}, Ratio([]float64{4, 2, 8}, []float64{2, 2, 2}))
}
