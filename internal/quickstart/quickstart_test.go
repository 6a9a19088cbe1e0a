// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPortsFree(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	before := ports
	defer func() { ports = before }()
	ports = slices.Clone(ports[:2])
	ports[0].address, ports[1].address = taken.Addr().String(), "127.0.0.1:0"

	err = portsFree()
	assert.ErrorContains(t, err, taken.Addr().String()+" is needed for the local CloudTrail Data service: end the program that has it")
	assert.NotContains(t, err.Error(), "OTLP")

	require.NoError(t, taken.Close())
	assert.NoError(t, portsFree())
}

func TestRepairCounter(t *testing.T) {
	var c repairCounter
	lines := `{"id":"a","eventData":{"UID":"1","additionalEventData":{"exporter.id":"a"}}}
{"id":"b","eventData":{"UID":"\"exporter.repaired\":","additionalEventData":{"exporter.repaired":["userAgent"]}}}
{"id":"c","eventData":{"UID":"3"}}
`
	n, err := c.Write([]byte(lines))
	require.NoError(t, err)
	assert.Equal(t, len(lines), n)
	assert.EqualValues(t, 1, c.events.Load())

	_, err = c.Write([]byte("{\n"))
	assert.Error(t, err)
}

func TestCountRecords(t *testing.T) {
	total, err := countRecords("../../" + samples)
	require.NoError(t, err)
	assert.Equal(t, 380, total)

	_, err = countRecords(t.TempDir() + "/*.log")
	assert.ErrorContains(t, err, "run it in the repository's folder")
}

// The addresses stand here and in the example: they have to agree.
func TestAddresses(t *testing.T) {
	text, err := os.ReadFile("../../" + config)
	require.NoError(t, err)
	for _, said := range []string{
		"endpoint: http://" + service, "endpoint: " + health, "endpoint: " + otlpGRPC, "endpoint: " + otlpHTTP, "channel_arn: " + channelARN,
	} {
		assert.Contains(t, string(text), said)
	}
	host, port, err := net.SplitHostPort(metrics)
	require.NoError(t, err)
	assert.Regexp(t, `host: `+regexp.QuoteMeta(host)+`\s+port: `+port, string(text))
}
