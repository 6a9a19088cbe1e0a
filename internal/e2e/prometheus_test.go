// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/otelcol"
)

// faster is how many times faster than in production the rules run in a test: minutes become seconds.
const faster = 60

// prometheus is a running Prometheus with the rules of deploy/, faster.
type prometheus struct{ url string }

// prometheusBinary skips the test where the machine has no Prometheus.
func prometheusBinary(t *testing.T) string {
	binary, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("no prometheus on this machine, so nobody sees the alerts fire: apt-get install prometheus")
	}
	return binary
}

// startPrometheus runs a Prometheus that scrapes collectors, given as host:port of their metrics.
func startPrometheus(t *testing.T, binary string, collectors ...string) prometheus {
	dir := t.TempDir()
	rules := fasterRules(t, repository+"/deploy/prometheus/aws_cloudtrail_lake.rules.yaml")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rules.yaml"), rules, 0o600))
	targets, err := json.Marshal(collectors)
	require.NoError(t, err)
	config := filepath.Join(dir, "prometheus.yaml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
rule_files: [rules.yaml]
scrape_configs:
  - job_name: otelcol
    static_configs: [{targets: %s}]
`, targets), 0o600))

	address := freePorts(t, 1)[0]
	var log bytes.Buffer
	process, err := otelcol.Start(binary, dir, &log, nil, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address, fmt.Sprintf("--query.lookback-delta=%s", 5*time.Minute/faster))
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, process.Stop(time.Minute))
		if t.Failed() {
			t.Logf("Prometheus' log:\n%s", log.Bytes())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, process.WaitReady(ctx, "http://"+address+"/-/ready"), "the process is Prometheus")
	return prometheus{url: "http://" + address}
}

// fasterRules returns the rules of a file with every duration, and nothing else, made shorter.
func fasterRules(t *testing.T, file string) []byte {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var rules struct {
		Groups []struct {
			Name  string           `yaml:"name"`
			Rules []map[string]any `yaml:"rules"`
		} `yaml:"groups"`
	}
	require.NoError(t, yaml.Unmarshal(text, &rules))
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			for _, key := range []string{"expr", "for"} {
				if value, ok := rule[key].(string); ok {
					rule[key] = durations.ReplaceAllStringFunc(value, fasterDuration)
				}
			}
		}
	}
	text, err = yaml.Marshal(rules)
	require.NoError(t, err)
	return text
}

// durations finds PromQL's durations of one unit; it does not find the one in the name of a recorded metric.
var durations = regexp.MustCompile(`\b[0-9]+[smhd]\b`)

func fasterDuration(text string) string {
	last := len(text) - 1
	n, _ := strconv.Atoi(text[:last])
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[text[last]]
	return strconv.FormatInt((time.Duration(n)*unit/faster).Milliseconds(), 10) + "ms"
}

func TestFasterDurations(t *testing.T) {
	assert.Equal(t, `a:increase15m + sum(x{y="5"}[15000ms] offset 1000ms) > 0.05 and z[1440000ms]`,
		durations.ReplaceAllStringFunc(`a:increase15m + sum(x{y="5"}[15m] offset 60s) > 0.05 and z[1d]`, fasterDuration))
}

// sample is one series of a query's result.
type sample struct {
	labels map[string]string
	value  float64
}

// query evaluates PromQL now.
func (p prometheus) query(t *testing.T, expr string) []sample {
	var result struct {
		Result []struct {
			Metric map[string]string
			Value  [2]any // time, value as text
		}
	}
	p.get(t, "query", url.Values{"query": {expr}}, &result)
	samples := make([]sample, len(result.Result))
	for i, r := range result.Result {
		value, err := strconv.ParseFloat(r.Value[1].(string), 64)
		require.NoError(t, err)
		samples[i] = sample{labels: r.Metric, value: value}
	}
	return samples
}

// hasData says whether a query gives a number at all.
func (p prometheus) hasData(t *testing.T, expr string) bool {
	for _, s := range p.query(t, expr) {
		if !math.IsNaN(s.value) {
			return true
		}
	}
	return false
}

// get calls Prometheus' API: https://prometheus.io/docs/prometheus/latest/querying/api/
func (p prometheus) get(t *testing.T, call string, parameters url.Values, data any) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/api/v1/"+call+"?"+parameters.Encode(), nil)
	require.NoError(t, err)
	req.Close = true // leave no connection behind
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: data}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	require.Equal(t, "success", answer.Status, "%s of %s: %s", call, parameters, answer.Error)
}
