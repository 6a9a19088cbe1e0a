// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// keptKey is the key of the number of damaged payloads that are kept. Their own keys begin with it.
const keptKey = "damaged"

// sealed returns operations in which each index and payload that is written has a seal.
func sealed(ops []*storage.Operation) []*storage.Operation {
	ops = slices.Clone(ops)
	for i, op := range ops {
		if op.Type == storage.Set && hasSeal(op.Key) {
			ops[i] = storage.SetOperation(op.Key, seal(op.Value))
		}
	}
	return ops
}

// unseal removes the seals of what was read. It takes a damaged payload away from the queue, which would delete it or send it
// as it is: for the queue, its number has no payload.
func (c *client) unseal(ops []*storage.Operation) {
	for _, op := range ops {
		if op.Type != storage.Get || op.Value == nil || !hasSeal(op.Key) {
			continue
		}
		value, state := unseal(op.Value)
		if state == broken && op.Key != indexKey {
			c.keep(op)
			value = nil
		}
		op.Value = value
	}
}

// keep keeps a damaged payload under another key. The storage is told so before the queue deletes the payload, or with it.
func (c *client) keep(payload *storage.Operation) {
	c.kept++
	key := fmt.Sprintf("%s-%s-%08x", keptKey, payload.Key, crc32.Checksum(payload.Value, castagnoli))
	c.owe([]*storage.Operation{
		storage.SetOperation(key, payload.Value),
		storage.SetOperation(keptKey, strconv.AppendInt(nil, int64(c.kept), 10)),
	})
	c.logger.Error("A payload of the queue is damaged and is not sent. It stays in the storage: restore the storage from a copy, or keep it.",
		zap.String("storage", c.place), zap.String("key", key), zap.Int("size", len(payload.Value)), zap.Int("damaged_payloads", c.kept))
}

// countKept finds how many damaged payloads are kept, and says so.
func (c *client) countKept(ctx context.Context) error {
	op := storage.GetOperation(keptKey)
	if err := c.Client.Batch(ctx, op); err != nil || op.Value == nil {
		return err
	}
	c.kept, _ = strconv.Atoi(string(op.Value)) // the number only informs: one that is damaged harms nothing
	c.logger.Warn("The storage of sending_queue holds damaged payloads, which are not sent: restore it from a copy, or keep it.",
		zap.String("storage", c.place), zap.Int("damaged_payloads", c.kept))
	return nil
}

// hasSeal reports whether the value of a key has a seal: the index and the payloads.
func hasSeal(key string) bool {
	_, payload := payloadNumber(key)
	return payload || key == indexKey
}
