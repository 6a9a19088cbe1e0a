// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	otelextension "go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

var exporterID = component.MustNewIDWithName("aws_cloudtrail_lake", "prod")

// fileStorage is file_storage in a folder, as queuestore sees it.
func fileStorage(t testing.TB, dir string, change func(*filestorage.Config)) *extension {
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory, cfg.Compaction.Directory, cfg.Timeout = dir, dir, 20*time.Millisecond
	if change != nil {
		change(cfg)
	}
	set := otelextension.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	ext, err := factory.Create(context.Background(), set, cfg)
	require.NoError(t, err)
	return &extension{Extension: ext.(storage.Extension), id: set.ID, logger: zap.NewNop()}
}

func open(e *extension) (storage.Client, error) {
	return e.GetClient(context.Background(), component.KindExporter, exporterID, "logs")
}

// The name of the file is the one that file_storage gives it.
func TestFileName(t *testing.T) {
	for _, name := range []string{"", "prod", "eu-west_1.a", "Zürich", "東京", strings.Repeat("long", 100)} {
		id := component.MustNewIDWithName("aws_cloudtrail_lake", "x")
		if name == "" {
			id = component.MustNewID("aws_cloudtrail_lake")
		} else {
			require.NoError(t, id.UnmarshalText([]byte("aws_cloudtrail_lake/"+name)))
		}
		dir := t.TempDir()
		client, err := fileStorage(t, dir, nil).GetClient(t.Context(), component.KindExporter, id, "logs")
		require.NoError(t, err)
		require.NoError(t, client.Close(t.Context()))
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, entries[0].Name(), fileName(component.KindExporter, id, "logs"))
	}
}

// A file that cannot be opened is left as it is, and the error says why and what to do.
func TestOpenFile(t *testing.T) {
	const name = "exporter_aws_cloudtrail_lake_prod_logs"
	held := func(t *testing.T, file string) {
		db, err := bbolt.Open(file, 0o600, nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
	}
	write := func(content string) func(t *testing.T, file string) {
		return func(t *testing.T, file string) { require.NoError(t, os.WriteFile(file, []byte(content), 0o600)) }
	}
	for _, tt := range []struct {
		name   string
		change func(*filestorage.Config)
		spoil  func(t *testing.T, file string)
		says   []string
	}{
		{"held by another", nil, held, []string{"timeout", "Another process has it open", "Do not move or delete the file"}},
		{"held by another, recreate", func(c *filestorage.Config) { c.Recreate = true }, held, []string{"Another process has it open"}},
		{"held by another, compaction", func(c *filestorage.Config) { c.Compaction.OnStart = true }, held, []string{"Another process has it open"}},
		{"not a database", nil, write(strings.Repeat("position=17\n", 2000)), []string{"invalid database", "It is damaged", "keep it there"}},
		{"not a database, recreate", func(c *filestorage.Config) { c.Recreate = true }, write("position=17\n"), []string{"It is damaged", "keep it there"}},
		{"not a file", nil, func(t *testing.T, file string) {
			require.NoError(t, os.Remove(file))
			require.NoError(t, os.Mkdir(file, 0o700))
		}, []string{"is a directory", "Remove the cause and start again"}},
		{"its directory is gone", nil, func(t *testing.T, file string) { require.NoError(t, os.RemoveAll(filepath.Dir(file))) }, []string{
			"no such file", "its disk may not be mounted",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "queue")
			require.NoError(t, os.Mkdir(dir, 0o700))
			client, err := open(fileStorage(t, dir, nil))
			require.NoError(t, err)
			require.NoError(t, client.Set(t.Context(), "1", []byte("payload")))
			require.NoError(t, client.Delete(t.Context(), "1"))
			require.NoError(t, client.Close(t.Context()))
			file := filepath.Join(dir, name)
			tt.spoil(t, file)
			before, _ := os.ReadFile(file)

			_, err = open(fileStorage(t, dir, tt.change))
			require.ErrorContains(t, err, "cannot open the file "+name+" in the directory of file_storage")
			for _, text := range tt.says {
				require.ErrorContains(t, err, text)
			}
			after, _ := os.ReadFile(file)
			require.Equal(t, before, after)
		})
	}
}

func TestOpenAdvice(t *testing.T) {
	for _, tt := range []struct {
		err  error
		says string
	}{
		{&fs.PathError{Op: "open", Path: "/q", Err: syscall.EACCES}, "Let the user of the collector read and write"},
		{&fs.PathError{Op: "open", Path: "/q", Err: syscall.EROFS}, "Its file system is read-only"},
		{&fs.PathError{Op: "write", Path: "/q", Err: syscall.ENOSPC}, "Make room on its disk"},
		{&fs.PathError{Op: "write", Path: "/q", Err: syscall.EDQUOT}, "Make room on its disk"},
		{&fs.PathError{Op: "write", Path: "/q", Err: syscall.EIO}, "Do not move or delete"},
		{fmt.Errorf("wrapped: %w", storage.ErrStorageFull), "Raise max_size"},
		{berrors.ErrChecksum, "It is damaged"},
		{berrors.ErrVersionMismatch, "It is damaged"},
	} {
		assert.Contains(t, openAdvice(tt.err), tt.says, tt.err)
	}
}

// A damaged index in a file of file_storage is found, and the file is named.
func TestDamagedIndexInFile(t *testing.T) {
	dir, values := t.TempDir(), queued(t)
	for name, damaged := range map[string][]byte{"flipped": append([]byte{values[indexKey][0] ^ 7}, values[indexKey][1:]...), "missing": nil} {
		e := fileStorage(t, dir, nil)
		inner, err := e.Extension.GetClient(t.Context(), component.KindExporter, exporterID, "logs")
		require.NoError(t, err)
		for key, value := range withIndex(values, damaged) {
			require.NoError(t, inner.Set(t.Context(), key, value))
		}
		if damaged == nil {
			require.NoError(t, inner.Delete(t.Context(), indexKey))
		}
		require.NoError(t, inner.Close(t.Context()))
		_, err = open(e)
		require.ErrorContains(t, err, "in the file exporter_aws_cloudtrail_lake_prod_logs in the directory of file_storage is damaged", name)
		require.ErrorContains(t, err, "Nothing is lost yet", name)
		_, err = open(e)
		require.ErrorContains(t, err, "is damaged", "the first client was closed")
	}
}

// BenchmarkQueue has a payload put in, noted as taken, and deleted, as the queue does, in file_storage without fsync.
func BenchmarkQueue(b *testing.B) {
	for _, size := range []int{1_000, 30_000, 300_000} {
		for _, sealed := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d bytes/sealed=%v", size, sealed), func(b *testing.B) {
				e := fileStorage(b, b.TempDir(), nil)
				get := e.Extension.GetClient
				if sealed {
					get = e.GetClient
				}
				client, err := get(b.Context(), component.KindExporter, exporterID, "logs")
				require.NoError(b, err)
				defer func() { require.NoError(b, client.Close(context.Background())) }()
				if sealed {
					require.NoError(b, e.clients[0].started())
				}
				index, payload := make([]byte, 64), make([]byte, size)
				for i := 0; b.Loop(); i++ {
					note, key := storage.SetOperation(indexKey, index), strconv.Itoa(i)
					if err := client.Batch(b.Context(), note, storage.SetOperation(key, payload)); err != nil {
						b.Fatal(err)
					}
					taken := storage.GetOperation(key)
					if err := client.Batch(b.Context(), note, taken); err != nil || len(taken.Value) != size {
						b.Fatal(err)
					}
					if err := client.Batch(b.Context(), note, storage.DeleteOperation(key)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
