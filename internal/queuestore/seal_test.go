// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestSeal(t *testing.T) {
	for _, value := range []string{"", "x", "a payload of the queue"} {
		got, state := unseal(seal([]byte(value)))
		require.Equal(t, intact, state)
		require.Equal(t, value, string(got))
		got, state = unseal([]byte(value))
		require.Equal(t, unsealed, state)
		require.Equal(t, value, string(got))
	}
}

// No damaged byte makes a value pass for another one, or for one that was never sealed.
func TestSealOfDamagedValue(t *testing.T) {
	value := []byte("a payload of the queue")
	whole := seal(value)
	for at := range whole {
		for flip := 1; flip < 256; flip++ {
			damaged := bytes.Clone(whole)
			damaged[at] ^= byte(flip)
			got, state := unseal(damaged)
			require.NotEqual(t, unsealed, state)
			if state == intact {
				require.Equal(t, value, got)
			}
		}
	}
}

// An exporter that knows no seals reads a payload that has one.
func TestSealIsSkippedByOthers(t *testing.T) {
	payload, err := (&plog.ProtoMarshaler{}).MarshalLogs(record("a"))
	require.NoError(t, err)
	logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(seal(payload))
	require.NoError(t, err)
	require.Equal(t, record("a"), logs)
}

func BenchmarkSeal(b *testing.B) {
	for _, size := range []int{100, 30_000, 300_000} {
		value := bytes.Repeat([]byte("x"), size)
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, state := unseal(seal(value)); state != intact {
					b.Fatal(state)
				}
			}
		})
	}
}
