// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package trial

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/sink"
)

// host offers the extensions of a collector: a storage, or none.
type host struct {
	extensions map[component.ID]component.Component
	storage    *component.ID
	dir        string
}

func newHost(ctx context.Context, stored bool) (*host, error) {
	h := &host{extensions: map[component.ID]component.Component{}}
	if !stored {
		return h, nil
	}
	var err error
	if h.dir, err = os.MkdirTemp("", "bench-queue-"); err != nil {
		return nil, err
	}
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = h.dir
	id := component.NewID(factory.Type())
	storage, err := factory.Create(ctx, extension.Settings{ID: id, TelemetrySettings: componenttest.NewNopTelemetrySettings()}, cfg)
	if err != nil {
		return nil, err
	}
	if err := storage.Start(ctx, h); err != nil {
		return nil, err
	}
	h.extensions[id], h.storage = storage, &id
	return h, nil
}

// GetExtensions implements component.Host.
func (h *host) GetExtensions() map[component.ID]component.Component { return h.extensions }

func (h *host) close(ctx context.Context) {
	for _, e := range h.extensions {
		_ = e.Shutdown(ctx)
	}
	if h.dir != "" {
		_ = os.RemoveAll(h.dir)
	}
}

// arrived waits until the sink has all events: a queue in storage keeps at shutdown what it has. The sink counts for one
// trial at a time, so what it had before is the caller's to know: it starts one for each trial with a stored queue.
func arrived(ctx context.Context, spec Spec) error {
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		stats, err := sink.Ask(ctx, spec.Sink)
		if err != nil {
			return err
		}
		if stats.Events >= int64(spec.Records) {
			return nil
		}
		if time.Since(began) > time.Minute {
			return fmt.Errorf("%d of %d events arrived", stats.Events, spec.Records)
		}
	}
}
