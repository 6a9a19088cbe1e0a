// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

func TestMain(m *testing.M) {
	otelcol.UseCredentials(emulator.ExampleAccessKeyID, emulator.ExampleSecretAccessKey)
	goleak.VerifyTestMain(m)
}

// A part of the cells, another one each time, with few events. make chaos plays them all.
func TestChaos(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("to play a cell again: go run ./internal/chaos -events 150 -seed %d -only NAME", seed)
	var out bytes.Buffer
	chosen := some(seed)
	results, err := play(t.Context(), chosen, 150, seed, 4, &out)
	require.NoError(t, err, out.String())
	assert.Len(t, results, len(chosen))
	assert.Len(t, rows(results), len(classes()))
}

func TestCells(t *testing.T) {
	names := func(cells []cell) map[string]bool {
		names := map[string]bool{}
		for _, c := range cells {
			names[c.String()] = true
		}
		return names
	}
	assert.Len(t, names(cells()), combinations*len(classes()), "two cells have one name")
	first, again := some(3), some(3)
	assert.Equal(t, names(first), names(again), "the same seed chooses the same cells")
}

// What is wrong with a result is seen.
func TestCheck(t *testing.T) {
	good := result{sent: 100, ingested: 98, rejected: 2, receipts: 98, twins: 3, cut: 3, mapped: 100, countedIngested: 98, countedFailed: 2}
	require.NoError(t, good.check(2))
	for says, spoil := range map[string]func(*result){
		"1 events are lost":           func(r *result) { r.lost = 1 },
		"1 events met a wrong end":    func(r *result) { r.wrong = 1 },
		"3 events are rejected":       func(r *result) { r.rejected = 3 },
		"97 events of 100":            func(r *result) { r.ingested = 97 },
		"4 twins":                     func(r *result) { r.twins = 4 },
		"97 of 98 ingested events":    func(r *result) { r.receipts = 97 },
		"1 requests broke":            func(r *result) { r.breaches = 1 },
		"100 mapped is not 97":        func(r *result) { r.countedIngested = 97 },
		"count 101 events mapped":     func(r *result) { r.mapped, r.countedIngested = 101, 99 },
		"1 failed for good; 100 were": func(r *result) { r.countedFailed, r.countedIngested = 1, 99 },
	} {
		r := good
		spoil(&r)
		assert.ErrorContains(t, r.check(2), says)
	}
}

// The same seed gives the same input; what is planted is a part of it.
func TestInput(t *testing.T) {
	drawn := func(lists bool) *input { return newInput(1000, lists, true, rand.New(rand.NewPCG(1, 2))) }
	for _, lists := range []bool{false, true} {
		in := drawn(lists)
		assert.Equal(t, in.reject, drawn(lists).reject)
		assert.NotEmpty(t, in.reject)
		assert.Len(t, in.ingest, 1000-len(in.reject))
		records := 0
		for _, payload := range in.payloads {
			records += payload.LogRecordCount()
		}
		assert.Equal(t, map[bool]int{false: 1000, true: 10}[lists], records)
	}
}

func TestTable(t *testing.T) {
	outage := result{sent: 100, ingested: 100, twins: 1}
	text := table(map[cellKey]result{{"outage", "a"}: outage, {"outage", "b"}: outage})
	assert.Contains(t, text, "| outage | 200 | 200 | 0 | 2 | 0 |\n| **all** | 200 | 200 | 0 | 2 | 0 |\n")
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-events", "50", "-seed", "7", "-only", "exporter   memory  records  event: InvalidData"}, &out))
	assert.Contains(t, out.String(), "-seed 7 -events 50")
	assert.Contains(t, out.String(), "1/1")
	assert.Equal(t, 1, strings.Count(out.String(), "| event: InvalidData | 50 |"))
	assert.ErrorContains(t, run(t.Context(), []string{"-only", "no such cell"}, &out), `no cell's name holds "no such cell"`)
}
