// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// A damaged payload is not sent and not deleted. What else the queue holds is sent.
func TestDamagedPayload(t *testing.T) {
	whole := queued(t)
	for _, tt := range []struct {
		name string
		id   string // of the record whose payload is damaged
		full bool   // whether the disk has no room when the payload is read
	}{
		{"under way", "a", false},
		{"waiting", "d", false},
		{"waiting, on a full disk", "d", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			values := maps.Clone(whole)
			var damaged []byte
			for key, value := range values {
				if _, ok := payloadNumber(key); ok && bytes.Contains(value, []byte(tt.id)) {
					damaged = bytes.Replace(value, []byte(tt.id), []byte("X"), 1)
					values[key] = damaged
				}
			}
			require.NotNil(t, damaged)
			logger, logs := observer.New(zap.ErrorLevel)
			d, s := &disk{values: values, walks: true}, newSent(tt.full)
			e := newQueue(t, s)
			require.NoError(t, startLogged(d, e, zap.New(logger)))
			others := slices.DeleteFunc(slices.Clone(backlog), func(id string) bool { return id == tt.id })
			if tt.full {
				d.setFull(true)
				s.accept(true)
				s.has(t, others...)
				d.setFull(false)
			}
			s.has(t, others...)
			require.NoError(t, e.Shutdown(t.Context()))

			left := maps.Clone(d.values)
			delete(left, indexKey)
			assert.Equal(t, []byte("1"), left[keptKey])
			delete(left, keptKey)
			require.Len(t, left, 1)
			for key, value := range left {
				assert.True(t, strings.HasPrefix(key, "damaged-"), key)
				assert.Equal(t, damaged, value)
				entries := logs.FilterMessageSnippet("A payload of the queue is damaged").All()
				require.Len(t, entries, 1)
				assert.Equal(t, key, entries[0].ContextMap()["key"])
			}

			again, logs := observer.New(zap.WarnLevel)
			e = newQueue(t, newSent(false))
			require.NoError(t, startLogged(d, e, zap.New(again)))
			require.NoError(t, e.Shutdown(t.Context()))
			assert.Len(t, logs.FilterMessageSnippet("holds damaged payloads").All(), 1)
		})
	}
}
