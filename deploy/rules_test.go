// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
)

type rule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// alerts returns the alerting rules by name.
func alerts(t *testing.T) map[string]rule {
	var file struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	require.NoError(t, yaml.Unmarshal(read(t, rulesFile), &file))
	all := map[string]rule{}
	for _, group := range file.Groups {
		for _, r := range group.Rules {
			if r.Alert != "" {
				require.NotContains(t, all, r.Alert)
				all[r.Alert] = r
			}
		}
	}
	require.NotEmpty(t, all)
	return all
}

// Whoever is woken has to know how bad it is, where it is, and what to do. Every alert is unit-tested.
func TestAlertsSayWhatToDo(t *testing.T) {
	tests := string(read(t, ruleTestsFile))
	for name, alert := range alerts(t) {
		assert.True(t, strings.HasPrefix(name, "CloudTrailLake"), name) // what the dashboard looks for
		assert.Contains(t, []string{"critical", "warning"}, alert.Labels["severity"], name)
		assert.Contains(t, alert.Annotations["summary"], "{{ $labels.instance }}", name)
		assert.Greater(t, len(alert.Annotations["description"]), 100, name)
		assert.Contains(t, tests, `alertname="`+name+`",alertstate="firing"`, "no test sees it fire")
	}
}

// The codes that the alert names are codes that the exporter knows what to do about.
func TestPermissionCodes(t *testing.T) {
	expr := alerts(t)["CloudTrailLakePermissionLost"].Expr
	lists := regexp.MustCompile(`error_code=~?"([^"]*)"`).FindAllStringSubmatch(expr, -1)
	require.NotEmpty(t, lists)
	n := 0
	for _, list := range lists {
		codes := strings.ReplaceAll(strings.ReplaceAll(list[1], "(Exception)?", ""), "HTTP40[137]", "HTTP401|HTTP403|HTTP407")
		for _, code := range regexp.MustCompile(`[A-Z]\w+`).FindAllString(codes, -1) {
			assert.NotEmpty(t, lake.Advice(code), code)
			n++
		}
	}
	assert.Greater(t, n, 20)
}
