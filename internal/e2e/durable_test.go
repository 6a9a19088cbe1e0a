// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// durable is the collector of examples/durable.yaml, with a log file of its own.
type durable struct {
	*stack
	src   *source
	state string // folder of the collector's storage
}

// durableSetup is what a durable is made with.
type durableSetup struct {
	faults    emulator.Faults
	component string // settings of the exporter, or connector, on top of the example's, in YAML's flow style
	receivers string // of the pipeline; file_log where it is empty
	connector bool   // whether it is the connector, with the file exporter behind it
	log       string // name of the log file; audit.log where it is empty
}

// newDurable prepares the collector, and starts nothing.
func newDurable(t *testing.T, set durableSetup) *durable {
	dir, receivers := t.TempDir(), cmp.Or(set.receivers, "file_log")
	d := &durable{src: newSource(t, filepath.Join(dir, cmp.Or(set.log, "audit.log")), set.faults.Seed), state: filepath.Join(dir, "state")}
	s := setup{
		faults: set.faults, config: repository + "/examples/durable.yaml", extensions: "file_storage, ",
		gates: []string{"stanza.synchronousLogEmitter", readablePositions},
		env:   []string{"AUDIT_LOGS=" + d.src.path, "STATE_DIR=" + d.state},
		override: fmt.Sprintf(`
exporters: {aws_cloudtrail_lake: {%s}}
service: {pipelines: {logs: {receivers: [%s]}}}
`, set.component, receivers),
	}
	if set.connector {
		s.config, s.kind, s.rejected = asConnector(t, s.config), "connectors", filepath.Join(dir, "rejected.json")
		// With rotation the file exporter appends, and writes at once. Without, it holds back what it has for a second, and
		// begins the file anew at each start.
		s.override = fmt.Sprintf(`
connectors: {aws_cloudtrail_lake: {%s}}
exporters: {file: {path: %q, rotation: {max_backups: 0}}}
service: {pipelines: {logs: {receivers: [%s], exporters: [aws_cloudtrail_lake]}, logs/rejected: {receivers: [aws_cloudtrail_lake], exporters: [file]}}}
`, set.component, s.rejected, receivers)
	}
	d.stack = prepare(t, s)
	return d
}

// asConnector makes of a configuration with the exporter the same with the connector.
func asConnector(t *testing.T, config string) string {
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, yaml.Unmarshal(text, &all))
	all["connectors"] = all["exporters"]
	delete(all, "exporters")
	text, err = yaml.Marshal(all)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "connector.yaml")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

// finish waits until all is settled, stops the collector, and holds what the service has to what went in. explained is how
// many twins the ends of the collector explain; those that cut connections explain are added.
func (d *durable) finish(t *testing.T, in *input, explained int) {
	assert.Eventually(t, func() bool {
		if c := d.lake.Counts(); c.Ingested+c.Refused[refusedCode] < len(in.lines) || d.queued(t) > 0 {
			return false
		}
		a, _ := seen(t, d.stack) // twins do not make up for what has not been read yet
		return a.settled(in)
	}, 5*time.Minute, 200*time.Millisecond, "not every line was settled")
	d.stop(t)
	a := take(t, d.stack)
	twins := a.check(t, in)
	cut := 0
	for _, r := range d.lake.Requests() {
		if r.Status == 0 {
			cut += r.Ingested
		}
	}
	t.Logf("%d lines, %d ingested, %d rejected, %d twins; ends of the collector explain up to %d of them, cut connections %d",
		len(in.lines), len(a.ingested), len(a.rejected), twins, explained, cut)
	assert.LessOrEqual(t, twins, explained+cut)
	assert.Zero(t, d.lake.Counts().Violations)
}

// queued is the size of the queue, in bytes.
func (d *durable) queued(t *testing.T) float64 {
	return d.scrape(t).Sum("otelcol_exporter_queue_size")
}

// both runs a test with the exporter and with the connector.
func both(t *testing.T, test func(t *testing.T, connector bool)) {
	for name, connector := range map[string]bool{"exporter": false, "connector": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time they wait
			test(t, connector)
		})
	}
}
