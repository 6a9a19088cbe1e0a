// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"bytes"
	"encoding/binary"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var backlog = []string{"a", "b", "c", "d", "e"}

// queued is a disk as a crash leaves it: with payloads under way and payloads that wait.
func queued(t *testing.T) map[string][]byte {
	d, s := &disk{values: map[string][]byte{}}, newSent(true)
	e := newQueue(t, s)
	require.NoError(t, start(d, e))
	for _, id := range backlog {
		require.NoError(t, e.ConsumeLogs(t.Context(), record(id)))
	}
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.tried) == consumers
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, e.Shutdown(t.Context()))
	require.Len(t, d.values, len(backlog)+1)
	return d.values
}

// withIndex is what a disk holds with another index; nil = with none.
func withIndex(values map[string][]byte, index []byte) map[string][]byte {
	values = maps.Clone(values)
	values[indexKey] = index
	if index == nil {
		delete(values, indexKey)
	}
	return values
}

// without is a value as an exporter without seals writes it.
func without(value []byte) []byte {
	value, _ = unseal(value)
	return value
}

// older is what a disk holds that an exporter without seals has written.
func older(values map[string][]byte) map[string][]byte {
	values = maps.Clone(values)
	for key, value := range values {
		values[key] = without(value)
	}
	return values
}

// stale is an index that an exporter without seals has written into a queue with seals: it copies the seal that it found.
func stale(index []byte) []byte {
	other := seal([]byte("the index that it found"))
	return append(without(index), other[len(other)-sealSize:]...)
}

// refuses starts a queue that must not start.
func refuses(t *testing.T, d *disk, says string) {
	before := maps.Clone(d.values)
	s := newSent(false)
	e := newQueue(t, s)
	err := start(d, e)
	require.ErrorContains(t, err, says)
	require.ErrorContains(t, err, "Nothing is lost yet")
	require.ErrorContains(t, err, "in disk")
	require.NoError(t, e.Shutdown(t.Context()))
	require.Equal(t, before, d.values)
	require.Empty(t, s.ids)
}

// sends starts a queue that has to send the backlog.
func sends(t *testing.T, d *disk) {
	s := newSent(false)
	e := newQueue(t, s)
	require.NoError(t, start(d, e))
	s.has(t, backlog...)
	require.NoError(t, e.Shutdown(t.Context()))
}

func TestDamagedIndex(t *testing.T) {
	values := queued(t)
	whole := values[indexKey]
	for _, tt := range []struct {
		name  string
		index []byte
		says  string
	}{
		{"missing", nil, "it does not list 5 of the payloads"},
		{"emptied", []byte{}, "it does not list 5 of the payloads"},
		{"zeros", make([]byte, len(whole)), "damaged"},
		{"cut", whole[:len(whole)/2], "damaged"},
		{"of a queue that was empty", seal(nil), "it does not list 5 of the payloads"},
		{"first byte flipped", append([]byte{whole[0] ^ 7}, whole[1:]...), "damaged"},
		{"first byte flipped, never sealed", append([]byte{whole[0] ^ 7}, without(whole)[1:]...), "damaged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refuses(t, &disk{values: withIndex(values, tt.index), walks: true}, tt.says)
		})
	}
}

// Whichever bit of the index is wrong, the component does not start, or sends all that the queue holds.
func TestEveryBitOfIndex(t *testing.T) {
	values := queued(t)
	for name, whole := range map[string][]byte{
		"sealed": values[indexKey], "never sealed": without(values[indexKey]), "with a seal out of date": stale(values[indexKey]),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused := 0
			for at := range whole {
				for bit := range 8 {
					damaged := bytes.Clone(whole)
					damaged[at] ^= 1 << bit
					if x, err := parseIndex(without(damaged)); err == nil && x.write-x.read > 1000 && x.write-x.read <= maxHoles {
						continue // it may start, and takes long to read what is not there
					}
					d := &disk{values: withIndex(values, damaged), walks: true}
					s := newSent(false)
					e := newQueue(t, s)
					if start(d, e) == nil {
						s.has(t, backlog...)
					} else {
						refused++
					}
					require.NoError(t, e.Shutdown(t.Context()))
				}
			}
			t.Logf("%d of %d starts were refused", refused, 8*len(whole))
			require.Greater(t, refused, 4*len(whole))
		})
	}
}

// A queue that an exporter without seals has written last starts as before.
func TestIndexOfOlderExporter(t *testing.T) {
	values := queued(t)
	outOfDate := withIndex(values, stale(values[indexKey]))
	for _, walks := range []bool{true, false} {
		sends(t, &disk{values: older(values), walks: walks})
	}
	sends(t, &disk{values: maps.Clone(outOfDate), walks: true})
	// Where the payloads cannot be listed, nothing tells a seal that is out of date from damage.
	refuses(t, &disk{values: outOfDate}, "its checksum is wrong")
	refuses(t, &disk{values: outOfDate}, "start that version until the queue is empty")
}

// The index of an older Collector has three keys.
func TestLegacyIndex(t *testing.T) {
	values := queued(t)
	x, err := parseIndex(without(values[indexKey]))
	require.NoError(t, err)
	legacy := withIndex(older(values), nil)
	legacy[legacyReadKey] = binary.LittleEndian.AppendUint64(nil, x.read)
	legacy[legacyWriteKey] = binary.LittleEndian.AppendUint64(nil, x.write)
	di := binary.LittleEndian.AppendUint32(nil, uint32(len(x.dispatched)))
	for _, n := range x.dispatched {
		di = binary.LittleEndian.AppendUint64(di, n)
	}
	legacy[legacyDispatchedKey] = di

	for key, damaged := range map[string][]byte{
		legacyReadKey: {1, 2, 3}, legacyWriteKey: binary.LittleEndian.AppendUint64(nil, x.read-1), legacyDispatchedKey: di[:len(di)-1],
	} {
		values := maps.Clone(legacy)
		values[key] = damaged
		refuses(t, &disk{values: values, walks: true}, "damaged")
		delete(values, key)
		refuses(t, &disk{values: values, walks: true}, "damaged")
	}
	d := &disk{values: maps.Clone(legacy), walks: true}
	sends(t, d)
	assert.Equal(t, []string{indexKey}, keys(d.values))
}

func keys(values map[string][]byte) []string {
	var all []string
	for key := range values {
		all = append(all, key)
	}
	return all
}

func TestPlausible(t *testing.T) {
	for _, tt := range []struct {
		name  string
		index index
		ok    bool
	}{
		{"empty", index{}, true},
		{"drained", index{read: 7, write: 7}, true},
		{"waiting and under way", index{read: 7, write: 9, dispatched: []uint64{6, 2}, items: 3, bytes: 300}, true},
		{"read what was not written", index{read: 9, write: 7}, false},
		{"under way and not read", index{read: 7, write: 9, dispatched: []uint64{7}}, false},
		{"negative items", index{items: -1}, false},
		{"negative bytes", index{bytes: -1}, false},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.ok, tt.index.plausible() == nil) })
	}
}

// An index that lists a great many payloads that are not there would have the queue read for hours.
func TestIndexWithHoles(t *testing.T) {
	d := &disk{values: map[string][]byte{}, walks: true}
	walker := &walkingClient{diskClient{disk: d}}
	x := index{read: 3, write: 3 + maxHoles}
	require.NoError(t, x.lists(t.Context(), walker))
	x.write++
	require.ErrorContains(t, x.lists(t.Context(), walker), "payloads that are not there")
	d.values["5"] = nil
	require.NoError(t, x.lists(t.Context(), walker))
}
