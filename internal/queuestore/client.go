// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// client stands between a queue and its storage.
type client struct {
	storage.Client
	place  string // of what the queue has in the storage
	logger *zap.Logger
	report func(*componentstatus.Event)

	mu       sync.Mutex
	starting bool
	// broken is why the queue could not put back what it found at the start, or read a payload. Nothing is written any more:
	// the queue has given up that payload, and would delete it.
	broken error
	// owed are changes that the storage has not been told yet, in their order, one for each key.
	owed []*storage.Operation
	full bool // whether the storage refused the latest change
	kept int  // how many damaged payloads are kept
}

// Get reads one value.
func (c *client) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	err := c.Batch(ctx, op)
	return op.Value, err
}

// Set writes one value.
func (c *client) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

// Delete deletes one value.
func (c *client) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

// Batch hands the queue's operations on.
func (c *client) Batch(ctx context.Context, ops ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.broken != nil:
		return c.broken
	case c.starting:
		return c.start(ctx, sealed(ops))
	}
	ops = sealed(ops)
	err := c.Client.Batch(ctx, append(slices.Clone(c.owed), ops...)...)
	c.note(err)
	if err == nil {
		c.owed = nil
		c.unseal(ops)
		return nil
	}
	if puts(ops) {
		return err // the sender keeps the payload
	}
	// The queue would drop a payload that it cannot note as taken, and forget one that it cannot delete. So it is told that all
	// is well. A crash now brings back the payloads whose deletion is owed: they are sent twice.
	c.owe(ops)
	return c.read(ctx, gets(ops))
}

// read reads what the queue is to send next. It would delete a payload that it cannot read.
func (c *client) read(ctx context.Context, gets []*storage.Operation) error {
	if len(gets) == 0 {
		return nil
	}
	if err := c.Client.Batch(ctx, gets...); err != nil {
		c.broken = fmt.Errorf("the storage of sending_queue cannot be read: repair it and start again, nothing is lost: %w", err)
		c.logger.Error("The queue is at a stand.", zap.Error(c.broken))
		c.report(componentstatus.NewPermanentErrorEvent(c.broken))
		return c.broken
	}
	c.unseal(gets)
	return nil
}

// start hands on what the queue does when it starts: it reads the payloads that were under way, deletes them, and puts them
// back at its end. The deletions are owed until all are put back.
func (c *client) start(ctx context.Context, ops []*storage.Operation) error {
	if deletes(ops) {
		c.owe(ops)
		return nil
	}
	err := c.Client.Batch(ctx, ops...)
	if err != nil {
		c.broken = fmt.Errorf("the storage of sending_queue does not take back what was under way: make room on its disk and start again, nothing is lost: %w", err)
		return err
	}
	c.unseal(ops)
	return nil
}

// started ends the start, and returns what went wrong with it.
func (c *client) started() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.starting = false
	return c.broken
}

// owe notes changes.
func (c *client) owe(ops []*storage.Operation) {
	for _, op := range ops {
		if op.Type == storage.Get {
			continue
		}
		c.owed = slices.DeleteFunc(c.owed, func(o *storage.Operation) bool { return o.Key == op.Key })
		c.owed = append(c.owed, op)
	}
}

// note says when the storage begins and ceases to refuse changes.
func (c *client) note(err error) {
	if full := err != nil; full != c.full {
		c.full = full
		if full {
			c.logger.Error("The storage of sending_queue takes nothing: make room on its disk. What it holds is sent; what comes is refused to its sender.", zap.Error(err))
			return
		}
		c.logger.Info("The storage of sending_queue takes records again.")
	}
}

// Close tries to write what is owed, and closes.
func (c *client) Close(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if c.broken == nil && len(c.owed) > 0 {
		err = c.Client.Batch(ctx, c.owed...)
	}
	return errors.Join(err, c.Client.Close(ctx))
}

// puts reports whether operations put a payload.
func puts(ops []*storage.Operation) bool {
	return slices.ContainsFunc(ops, func(op *storage.Operation) bool {
		_, payload := payloadNumber(op.Key)
		return op.Type == storage.Set && payload
	})
}

// gets returns those operations that read.
func gets(ops []*storage.Operation) []*storage.Operation {
	return slices.DeleteFunc(slices.Clone(ops), func(op *storage.Operation) bool { return op.Type != storage.Get })
}

// deletes reports whether operations do nothing but delete.
func deletes(ops []*storage.Operation) bool {
	return !slices.ContainsFunc(ops, func(op *storage.Operation) bool { return op.Type != storage.Delete })
}
