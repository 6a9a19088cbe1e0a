// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package deploy holds what watches the exporter, alert rules and a dashboard, to what it should be. That the alerts fire
// and that the dashboard has data is tried on a real Prometheus by internal/e2e.
package deploy

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

const (
	rulesFile     = "prometheus/aws_cloudtrail_lake.rules.yaml"
	ruleTestsFile = "prometheus/aws_cloudtrail_lake.test.yaml"
	dashboardFile = "grafana/aws_cloudtrail_lake.json"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func read(t *testing.T, file string) []byte {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return text
}

// TestRules checks the rules and runs their unit tests.
func TestRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("no promtool on this machine, so the alert rules are not tested: apt-get install prometheus")
	}
	for _, args := range [][]string{{"check", "rules", rulesFile}, {"test", "rules", ruleTestsFile}} {
		output, err := exec.Command(promtool, args...).CombinedOutput()
		assert.NoError(t, err, "%s", output)
	}
}

var ownMetric = regexp.MustCompile(`otelcol_(exporter_aws_cloudtrail_lake_[a-z_]+?)(_bucket|_sum|_count)?\b`)

// TestMetricsExist finds names that the exporter does not have, and metrics that nobody looks at.
func TestMetricsExist(t *testing.T) {
	documented := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^### otelcol_(exporter_aws_cloudtrail_lake_\w+)$`).FindAllSubmatch(read(t, "../documentation.md"), -1) {
		documented[string(heading[1])] = true
	}
	require.NotEmpty(t, documented)
	for _, file := range []string{rulesFile, ruleTestsFile, dashboardFile} {
		used := map[string]bool{}
		for _, name := range ownMetric.FindAllSubmatch(read(t, file), -1) {
			used[string(name[1])] = true
			assert.True(t, documented[string(name[1])], "%s: %s", file, name[0])
		}
		if file == dashboardFile {
			assert.Equal(t, documented, used)
		}
	}
}
