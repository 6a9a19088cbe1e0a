// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"maps"
	"slices"
	"testing"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// presetOf says which preset takes the records of a source. A source that is not here belongs to semconv.
var presetOf = map[string]string{
	"aks_kube_audit":   "kubernetes_audit",
	"atlassian":        "atlassian",
	"auth0":            "auth0",
	"aws_cloudtrail":   "aws_cloudtrail",
	"azure_activity":   "azure_activity",
	"cloudflare":       "cloudflare",
	"ecs":              preset.Semconv.Name,
	"entra_audit":      "entra_audit",
	"entra_signin":     "entra_signin",
	"gcp_audit":        "gcp_audit",
	"github":           "github",
	"gitlab":           "gitlab",
	"google_workspace": "google_workspace",
	"keycloak":         "keycloak",
	"kubernetes_audit": "kubernetes_audit",
	"m365":             "m365",
	"mongodb_atlas":    "mongodb",
	"ocsf":             "ocsf",
	"okta":             "okta",
	"onepassword":      "onepassword",
	"pgaudit":          "pgaudit",
	"salesforce":       "salesforce",
	"slack":            "slack",
	"snowflake_login":  "snowflake",
	"teleport":         "teleport",
	"vault":            "vault",
}

func presetOfSource(source string) string {
	if name, ok := presetOf[source]; ok {
		return name
	}
	return preset.Semconv.Name
}

// TestCorpusTaken maps every record in each form: the service takes each event, and all forms make the same.
func TestCorpusTaken(t *testing.T) {
	b := newMapper(t, Repair).NewBatch()
	events := 0
	for _, r := range loadCorpus(t) {
		var first []any
		for _, form := range forms {
			lr := corpusLog()
			if r.text == "{}" || !form.put(r, lr.Body()) {
				continue // a map that is empty is no body
			}
			var made []any
			mapCorpus(b, lr, func(_ int, e *Event) {
				events++
				if why := refusal(e); why != "" {
					t.Errorf("%s as %s: %s", r, form.name, why)
				}
				made = append(made, withoutDigest(t, e))
			})
			if first == nil {
				first = made
			} else if canonicalJSON(first) != canonicalJSON(made) {
				t.Errorf("%s as %s makes another event:\n%s\n%s", r, form.name, encodeJSON(t, first), encodeJSON(t, made))
			}
		}
	}
	t.Log(events, "events")
}

// withoutDigest decodes an event, without what is made from the digest, in which the form of the body has a part.
func withoutDigest(t *testing.T, e *Event) map[string]any {
	d, _ := decodeJSON(t, string(e.Data)).(map[string]any)
	additional, _ := d["additionalEventData"].(map[string]any)
	if id := string(e.ID); len(id) >= 64 {
		delete(additional, "exporter.id")
	}
	if len(e.UID) == 64 {
		delete(d, "UID")
	}
	return d
}

// TestCorpusPresets holds the fingerprints to the records: each source's own preset takes them, and no two ever fit one.
func TestCorpusPresets(t *testing.T) {
	type count struct{ right, all int }
	counts := map[string]*count{}
	b := newMapper(t, Repair).NewBatch()
	for _, r := range loadCorpus(t) {
		want := presetOfSource(r.source)
		exists := len(preset.Named(want)) > 0
		for _, form := range forms {
			lr := corpusLog()
			if !form.put(r, lr.Body()) {
				continue
			}
			mapCorpus(b, lr, func(_ int, e *Event) {
				if fit := fitting(b); len(fit) > 1 {
					t.Errorf("%s as %s is claimed by %v", r, form.name, fit)
				}
				right := e.Preset == want
				if r.set == complete && exists {
					if counts[r.source] == nil {
						counts[r.source] = &count{}
					}
					counts[r.source].all++
					if right {
						counts[r.source].right++
					}
				}
				if !right && e.Preset != preset.Semconv.Name && !slices.Contains(kin[r.source], e.Preset) {
					t.Errorf("%s as %s is taken by %s", r, form.name, e.Preset)
				} else if !right && exists && r.set == complete {
					t.Logf("%s as %s is taken by %s", r, form.name, e.Preset)
				}
			})
		}
	}
	for _, source := range slices.Sorted(maps.Keys(counts)) {
		c := counts[source]
		t.Logf("%-20s %4d of %4d by %s", source, c.right, c.all, presetOfSource(source))
		if c.right*100 < c.all*99 {
			t.Errorf("%s: %d of %d records by its preset, want 99 %%", source, c.right, c.all)
		}
	}
}

// kin are the presets that may take records of a source that has none of its own, being of the same shape.
var kin = map[string][]string{
	"azure_activity":     {"entra_audit"}, // the logs of Microsoft.aadiam are Entra's
	"cloudflare_logpush": {"cloudflare"},  // the same log, as Logpush writes it
	"keycloak_nonevent":  {"keycloak"},    // admin events are among them
	"ocsf_other":         {"ocsf"},        // classes of the same schema
}

// fitting returns the names of the presets that fit the record at hand, whatever their mark.
func fitting(b *Batch) (names []string) {
	for _, p := range preset.All() {
		if p.Encoding != "" || p.Fits == nil || slices.Contains(names, p.Name) {
			continue
		}
		if p.Fits.Holds(b.doc) {
			names = append(names, p.Name)
		}
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
