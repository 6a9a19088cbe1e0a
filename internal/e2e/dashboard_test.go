// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkDashboard evaluates what the dashboard's panels and variables ask for, with every variable at All.
func checkDashboard(t *testing.T, p prometheus) {
	text, err := os.ReadFile(repository + "/deploy/grafana/aws_cloudtrail_lake.json")
	require.NoError(t, err)
	var dashboard struct {
		Templating struct {
			List []struct {
				Name  string
				Query json.RawMessage
			}
		}
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &dashboard))
	variables := strings.NewReplacer("$__rate_interval", "15s", "$__range", "1m", "$job", ".+", "$instance", ".+", "$exporter", ".+")
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			assert.True(t, p.hasData(t, variables.Replace(target.Expr)), "%s: no data of %s", panel.Title, target.Expr)
		}
	}
	for _, variable := range dashboard.Templating.List {
		var query struct{ Query string }
		if json.Unmarshal(variable.Query, &query) != nil {
			continue // the data source
		}
		selector, found := strings.CutPrefix(query.Query, "label_values(")
		require.True(t, found, query.Query)
		selector = strings.TrimSuffix(selector, ", "+variable.Name+")")
		values := p.query(t, "count by ("+variable.Name+") ("+variables.Replace(selector)+")")
		require.NotEmpty(t, values, variable.Name)
		for _, value := range values {
			assert.NotEmpty(t, value.labels[variable.Name], query.Query)
		}
	}
}
