// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// readablePositions has file_log write its positions as JSON, for savedPosition. It reads either.
const readablePositions = "-filelog.protobufCheckpointEncoding"

// savedPosition reads, while no collector runs, up to where file_log has noted that it has read the file. It looks at a copy.
func savedPosition(t *testing.T, state string) int64 {
	const file = "receiver_filelog_"
	saved, err := os.ReadFile(filepath.Join(state, file))
	require.NoError(t, err)
	client := openStorage(t, copyOf(t, file, saved), component.KindReceiver, "filelog", "")
	defer func() { require.NoError(t, client.Close(t.Context())) }()
	known, err := client.Get(t.Context(), "file_input.knownFiles")
	require.NoError(t, err)
	if known == nil {
		return 0
	}
	var files int
	var position struct{ Offset int64 }
	decoder := json.NewDecoder(bytes.NewReader(known))
	require.NoError(t, decoder.Decode(&files))
	if files == 0 {
		return 0
	}
	require.Equal(t, 1, files)
	require.NoError(t, decoder.Decode(&position))
	return position.Offset
}

func copyOf(t *testing.T, name string, content []byte) (dir string) {
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	return dir
}

// openStorage opens what a component has in the collector's file storage.
func openStorage(t *testing.T, dir string, kind component.Kind, typ, name string) storage.Client {
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = dir
	ext, err := factory.Create(t.Context(), extension.Settings{
		ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings(),
	}, cfg)
	require.NoError(t, err)
	client, err := ext.(storage.Extension).GetClient(t.Context(), kind, component.MustNewID(typ), name)
	require.NoError(t, err)
	return client
}
