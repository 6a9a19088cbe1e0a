// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"google.golang.org/protobuf/encoding/protowire"
)

// The keys of exporterhelper's queue, next to the payloads, whose keys are numbers.
const (
	indexKey = "qmv0"
	// A queue of an older Collector has three keys in place of one.
	legacyReadKey, legacyWriteKey, legacyDispatchedKey = "ri", "wi", "di"
)

// maxHoles is how many numbers of an index may have no payload. The queue leaves such a number where its storage takes no
// payload. It reads all of them one by one, so an index with more of them would stop the queue.
const maxHoles = 1 << 16

// index says which payloads a queue has.
type index struct {
	read, write  uint64   // the payloads that wait: those from read up to, and not including, write
	dispatched   []uint64 // the payloads under way
	items, bytes int64    // the size of the queue
}

// checkIndex reports whether the queue would lose payloads if it started with what the storage holds. The queue starts from
// empty where it cannot read its index, and then overwrites the payloads that it has forgotten.
//
// An index with an intact seal is right. An exporter without seals may have written any other. It is taken where it can be
// read, where its numbers agree with each other, and where it lists every payload in the storage: then no payload can be lost.
// So neither an upgrade nor a way back to an older exporter stops a healthy queue.
func checkIndex(ctx context.Context, client storage.Client) error {
	current, read, write, dispatched := storage.GetOperation(indexKey),
		storage.GetOperation(legacyReadKey), storage.GetOperation(legacyWriteKey), storage.GetOperation(legacyDispatchedKey)
	if err := client.Batch(ctx, current, read, write, dispatched); err != nil {
		return err
	}
	value, state := unseal(current.Value)
	if state == intact && len(value) > 0 {
		return nil
	}
	var x index // an empty value is the index of a queue that never had a payload
	var err error
	switch {
	case len(value) > 0:
		x, err = parseIndex(value)
	case read.Value != nil || write.Value != nil || dispatched.Value != nil:
		x, err = parseLegacyIndex(read.Value, write.Value, dispatched.Value)
	}
	if err == nil {
		err = x.plausible()
	}
	if err != nil {
		return damage{err}
	}
	walker, ok := client.(storage.Walker)
	if ok {
		return x.lists(ctx, walker)
	}
	if state == broken {
		return damage{errors.New("its checksum is wrong")}
	}
	return nil
}

// damage is an error that says in what way an index is damaged.
type damage struct{ error }

// parseIndex reads an index, a protobuf PersistentMetadata of exporterhelper. It takes what the queue writes and nothing else:
// each field once and in order.
func parseIndex(value []byte) (index, error) {
	var x index
	last := protowire.Number(0)
	for len(value) > 0 {
		field, wire, n := protowire.ConsumeTag(value)
		if n < 0 {
			return x, protowire.ParseError(n)
		}
		if field <= last {
			return x, fmt.Errorf("field %d is out of order", field)
		}
		last, value = field, value[n:]
		switch {
		case field <= 4 && wire == protowire.Fixed64Type:
			var v uint64
			if v, n = protowire.ConsumeFixed64(value); n < 0 {
				return x, protowire.ParseError(n)
			}
			switch field {
			case 1:
				x.items = int64(v)
			case 2:
				x.bytes = int64(v)
			case 3:
				x.read = v
			case 4:
				x.write = v
			}
		case field == 5 && wire == protowire.BytesType:
			var list []byte
			if list, n = protowire.ConsumeBytes(value); n < 0 {
				return x, protowire.ParseError(n)
			}
			if len(list)%8 != 0 {
				return x, errors.New("the list of payloads under way is cut")
			}
			x.dispatched = numbers(list)
		default:
			return x, fmt.Errorf("field %d of type %d is unknown", field, wire)
		}
		value = value[n:]
	}
	return x, nil
}

// parseLegacyIndex reads the index of an older Collector.
func parseLegacyIndex(read, write, dispatched []byte) (index, error) {
	if len(read) != 8 || len(write) != 8 {
		return index{}, errors.New("ri or wi is not a number")
	}
	x := index{read: binary.LittleEndian.Uint64(read), write: binary.LittleEndian.Uint64(write)}
	if len(dispatched) == 0 {
		return x, nil
	}
	if len(dispatched) < 4 || uint64(len(dispatched)-4) != 8*uint64(binary.LittleEndian.Uint32(dispatched)) {
		return x, errors.New("di is not a list of numbers")
	}
	x.dispatched = numbers(dispatched[4:])
	return x, nil
}

// numbers reads a list of numbers of eight bytes each.
func numbers(list []byte) []uint64 {
	var all []uint64
	for ; len(list) >= 8; list = list[8:] {
		all = append(all, binary.LittleEndian.Uint64(list))
	}
	return all
}

// plausible reports whether the numbers of an index agree with each other.
func (x *index) plausible() error {
	switch {
	case x.read > x.write:
		return fmt.Errorf("it is to read payload %d and has only written up to %d", x.read, x.write)
	case x.items < 0 || x.bytes < 0:
		return errors.New("its size is negative")
	}
	for _, n := range x.dispatched {
		if n >= x.read {
			return fmt.Errorf("payload %d is under way and was not read", n)
		}
	}
	return nil
}

// lists reports whether an index lists every payload in its storage.
func (x *index) lists(ctx context.Context, walker storage.Walker) error {
	slices.Sort(x.dispatched)
	var waiting, forgotten uint64
	if err := walker.Walk(ctx, func(key string, _ []byte) ([]*storage.Operation, error) {
		if n, ok := payloadNumber(key); ok {
			if _, underWay := slices.BinarySearch(x.dispatched, n); n >= x.read && n < x.write {
				waiting++
			} else if !underWay {
				forgotten++
			}
		}
		return nil, nil
	}); err != nil {
		return err
	}
	switch {
	case forgotten > 0:
		return damage{fmt.Errorf("it does not list %d of the payloads", forgotten)}
	case x.write-x.read-waiting > maxHoles:
		return damage{fmt.Errorf("it lists %d payloads that are not there", x.write-x.read-waiting)}
	}
	return nil
}

// payloadNumber returns the number of the payload that has this key.
func payloadNumber(key string) (uint64, bool) {
	n, err := strconv.ParseUint(key, 10, 64)
	return n, err == nil
}
