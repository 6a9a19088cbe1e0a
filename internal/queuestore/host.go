// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package queuestore keeps the Collector's queue from losing what its storage holds. The queue, of exporterhelper v0.161.0,
// takes for granted that its storage can be written to, and loses payloads where that fails, above all on a full disk:
//
//   - It drops a payload that it cannot note as taken. Here the note is owed, and the payload is sent.
//   - At the start it deletes the payloads that were under way, and then puts them back at its end. What it cannot put back,
//     and what it has not yet put back when the process is killed, is gone. Here they are deleted once all are put back; where
//     that fails, the component does not start.
//   - It deletes a payload that it cannot read. Here the queue stops instead, and has the payload after the next start.
//   - It starts from empty where its index is damaged, and then overwrites the payloads. Here the component does not start.
//   - It deletes a payload that it cannot decode. Here a damaged payload is kept under another key.
package queuestore

import (
	"context"
	"errors"
	"maps"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// Start starts a component whose queue has its storage in the extension of this id.
func Start(ctx context.Context, host component.Host, id component.ID, logger *zap.Logger, c component.Component) error {
	ext, ok := host.GetExtensions()[id].(storage.Extension)
	if !ok {
		return c.Start(ctx, host) // which says what is wrong
	}
	ours := &extension{Extension: ext, id: id, logger: logger, report: func(event *componentstatus.Event) {
		componentstatus.ReportStatus(host, event)
	}}
	extensions := maps.Clone(host.GetExtensions())
	extensions[id] = ours
	if err := c.Start(ctx, &withExtensions{Host: host, extensions: extensions}); err != nil {
		return err
	}
	var errs []error
	for _, client := range ours.clients {
		errs = append(errs, client.started())
	}
	return errors.Join(errs...)
}

// extension is a storage whose clients are ours.
type extension struct {
	storage.Extension
	id      component.ID
	logger  *zap.Logger
	report  func(*componentstatus.Event)
	clients []*client // got while the component starts
}

// GetClient returns a client for a component.
func (e *extension) GetClient(ctx context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	place := place(e.id, kind, id, name)
	inner, err := e.Extension.GetClient(ctx, kind, id, name)
	if err != nil {
		return nil, openError(place, err)
	}
	c := &client{Client: inner, place: place, logger: e.logger, report: e.report, starting: true}
	err = checkIndex(ctx, inner)
	if err == nil {
		err = c.countKept(ctx)
	}
	if err != nil {
		return nil, errors.Join(indexError(place, err), inner.Close(ctx))
	}
	e.clients = append(e.clients, c)
	return c, nil
}

// withExtensions is a host with other extensions.
type withExtensions struct {
	component.Host
	extensions map[component.ID]component.Component
}

// GetExtensions returns the extensions.
func (h *withExtensions) GetExtensions() map[component.ID]component.Component { return h.extensions }

// Report implements componentstatus.Reporter, where the host does.
func (h *withExtensions) Report(event *componentstatus.Event) {
	componentstatus.ReportStatus(h.Host, event)
}
