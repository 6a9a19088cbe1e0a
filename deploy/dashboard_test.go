// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dashboard is what is tested of Grafana's dashboard model:
// https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
type dashboard struct {
	ID            *int
	UID, Title    string
	SchemaVersion int
	Templating    struct {
		List []struct {
			Name, Type string
			Datasource *source
		}
	}
	Panels []struct {
		ID                       int
		Type, Title, Description string
		Datasource               *source
		GridPos                  struct{ X, Y, W, H int }
		FieldConfig              struct{ Defaults struct{ Unit string } }
		Targets                  []struct {
			RefID, Expr string
			Datasource  *source
		}
	}
}

type source struct{ Type, UID string }

func TestDashboard(t *testing.T) {
	var d dashboard
	require.NoError(t, json.Unmarshal(read(t, dashboardFile), &d))
	assert.Nil(t, d.ID, "an id belongs to one Grafana only")
	assert.Equal(t, "aws-cloudtrail-lake", d.UID)
	assert.NotEmpty(t, d.Title)
	assert.GreaterOrEqual(t, d.SchemaVersion, 39) // Grafana 10.3; newer ones migrate it when they load it

	prometheus := &source{Type: "prometheus", UID: "${datasource}"}
	variables := map[string]string{}
	for _, v := range d.Templating.List {
		variables[v.Name] = v.Type
		if v.Type == "query" {
			assert.Equal(t, prometheus, v.Datasource, v.Name)
		}
	}
	assert.Equal(t, map[string]string{"datasource": "datasource", "job": "query", "instance": "query", "exporter": "query"}, variables)

	type cell struct{ x, y int }
	ids, taken := map[int]string{}, map[cell]string{}
	for _, p := range d.Panels {
		require.NotEmpty(t, p.Title)
		assert.Empty(t, ids[p.ID], "%s has the id of another", p.Title)
		ids[p.ID] = p.Title
		g := p.GridPos
		assert.True(t, g.X >= 0 && g.W > 0 && g.X+g.W <= 24 && g.H > 0, p.Title)
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				assert.Empty(t, taken[cell{x, y}], "%s lies upon another", p.Title)
				taken[cell{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		assert.NotEmpty(t, p.Description, p.Title)
		assert.NotEmpty(t, p.FieldConfig.Defaults.Unit, p.Title)
		assert.Equal(t, prometheus, p.Datasource, p.Title)
		require.NotEmpty(t, p.Targets, p.Title)
		refs := map[string]bool{}
		for _, target := range p.Targets {
			assert.False(t, refs[target.RefID], p.Title)
			refs[target.RefID] = true
			assert.Equal(t, prometheus, target.Datasource, p.Title)
			for _, variable := range []string{`job=~"$job"`, `instance=~"$instance"`} {
				assert.Contains(t, target.Expr, variable, p.Title)
			}
		}
	}
}
