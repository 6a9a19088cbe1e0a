// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestImports holds what DESIGN.md says that each package does not know.
func TestImports(t *testing.T) {
	const module = "github.com/cloudtrail-lake/awscloudtraillakeexporter/"
	list, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	require.NoError(t, err)
	imports := map[string][]string{}
	for line := range strings.Lines(string(list)) {
		words := strings.Fields(line)
		imports[strings.TrimPrefix(words[0]+"/", module)] = words[1:]
	}
	const (
		aws            = "github.com/aws/"
		exporterhelper = "go.opentelemetry.io/collector/exporter/exporterhelper"
		pdata          = "go.opentelemetry.io/collector/pdata"
		network        = "net/http"
	)
	for _, rule := range []struct {
		packages string // those whose paths begin so
		never    []string
	}{
		{"mapping/", []string{aws, exporterhelper, network, module + "internal/flow", module + "internal/lake"}},
		{"mapping/preset/", []string{pdata}},
		{"mapping/internal/tree/", []string{module + "mapping/preset", module + "mapping/internal/record", module + "mapping/internal/redact"}},
		{"mapping/internal/redact/", []string{module + "mapping/preset", module + "mapping/internal/record"}},
		{"mapping/internal/record/", []string{module + "mapping/preset"}},
		{"internal/flow/", []string{aws, network}},
		{"internal/lake/", []string{pdata, module + "mapping", module + "internal/flow"}},
		{"internal/outcome/", []string{module, aws, pdata}},
		{"internal/attr/", []string{module, aws}},
		{"internal/backpressure/", []string{module, aws}},
		{"internal/queuestore/", []string{module, aws}},
		{"internal/emulator/", []string{module, aws}}, // two mistakes must not cancel out
	} {
		found := false
		for path, imported := range imports {
			if !strings.HasPrefix(path, rule.packages) {
				continue
			}
			found = true
			for _, one := range imported {
				for _, never := range rule.never {
					// The parts of a package may know each other.
					if strings.HasPrefix(one, never) && !strings.HasPrefix(one, module+rule.packages) {
						t.Errorf("%s imports %s", path, one)
					}
				}
			}
		}
		require.True(t, found, "no package begins with %s", rule.packages)
	}
}
