// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// all are the presets that auto chooses from.
var all = []*Preset{
	&atlassianCloud,
	&atlassianDataCenter,
	&atlassianOrganization,
	&auth0,
	&awsCloudTrail,
	&awsCloudTrailEncoded,
	&awsCloudTrailInsight,
	&azureActivity,
	&azureActivityEncoded,
	&azureActivityLower,
	&azureActivityTranslated,
	&azureAuditEncoded,
	&azureResourceEncoded,
	&azureStorageEncoded,
	&cloudflare,
	&cloudflareLogpush,
	&entraAudit,
	&entraAuditEncoded,
	&entraSignin,
	&entraSigninEncoded,
	&gcpAudit,
	&gcpAuditEncoded,
	&github,
	&gitlab,
	&googleWorkspace,
	&keycloak,
	&kubernetesAudit,
	&m365,
	&mongodb,
	&mongodbAtlas,
	&ocsf,
	&okta,
	&onepassword,
	&pgaudit,
	&postgresql,
	&salesforceLog,
	&salesforceObject,
	&slack,
	&snowflakeLogin,
	&snowflakeQuery,
	&teleport,
	&vault,
}

var (
	byMark     = index(func(p *Preset) string { return p.Mark })
	byEncoding = index(func(p *Preset) string { return p.Encoding })
	byName     = index(func(p *Preset) string { return p.Name })
)

func index(key func(*Preset) string) map[string][]*Preset {
	m := map[string][]*Preset{}
	for _, p := range all {
		if k := key(p); k != "" {
			m[k] = append(m[k], p)
		}
	}
	return m
}

// Named returns the presets of a name; none where there is no such.
func Named(name string) []*Preset {
	if name == Semconv.Name {
		return []*Preset{&Semconv}
	}
	return byName[name]
}

// All returns all presets, semconv last.
func All() []*Preset { return append(append([]*Preset{}, all...), &Semconv) }

// encodingFormat is the scope attribute that says how one of the Collector's encoding extensions has taken a record apart.
var encodingFormat = tree.NewKey("encoding.format")

// Takes says whether the preset fits the record.
func (p *Preset) Takes(d *record.Doc) bool {
	if p.Encoding != "" {
		if format := d.Child(d.Scope, encodingFormat); format == 0 || d.String(format) != p.Encoding {
			return false
		}
	}
	return p.Fits == nil || p.Fits.Holds(d)
}

// Fitting returns the preset that fits the record; Semconv where no other does.
func Fitting(d *record.Doc) *Preset {
	if d.Source != d.Attributes {
		// An encoding may have taken apart what stood around the record only: of AKS's audit log, Azure's envelope.
		if p := marked(d, d.Source); p != nil {
			return p
		}
	}
	if format := d.Child(d.Scope, encodingFormat); format != 0 {
		for _, p := range byEncoding[d.String(format)] {
			if p.Takes(d) {
				return p
			}
		}
	}
	if d.Source == d.Attributes {
		if p := marked(d, d.Source); p != nil {
			return p
		}
	}
	for i := len(d.Envelopes) - 1; i >= 0; i-- {
		if p := marked(d, d.Envelopes[i]); p != nil {
			return p
		}
	}
	return &Semconv
}

// marked returns the first preset whose mark is a key of object r and that fits the record.
func marked(d *record.Doc, r tree.Ref) *Preset {
	if !d.Any(r, tree.Marks) {
		return nil
	}
	n := *d.At(r)
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		key := d.At(c).Key
		if !key.Has(tree.Marks) {
			continue
		}
		for _, p := range byMark[key.String()] {
			if p.Fits.Holds(d) {
				return p
			}
		}
	}
	return nil
}
