// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

const (
	exportMethod = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"

	// sendTimeout and senders are what OpenTelemetry's SDKs do by default: each process has one request under way, and gives
	// it ten seconds.
	sendTimeout = 10 * time.Second
	senders     = 10

	// perMessage is what an SDK sends at a time by default, maxMessage what a collector receives at most by default, in
	// bytes, with room to spare.
	perMessage = 512
	maxMessage = 3 << 20
)

// Sent is what the senders did, in records.
type Sent struct {
	// Accepted records are the collector's. Refused ones it did not take in time. Held were not sent, since the request
	// before them took too long.
	Accepted, Refused, Held int64
}

// raw sends and receives what is encoded already.
type raw struct{}

func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}
func (raw) Name() string { return "proto" }

var _ encoding.CodecV2 = raw{}

// send sends rate records a second of a size to an OTLP receiver, until the context is done.
func send(ctx context.Context, target string, rate, size int) (sent Sent, err error) {
	n := max(1, min(perMessage, maxMessage/size))
	m, err := newMessage(n, size)
	if err != nil {
		return sent, err
	}
	var accepted, refused, held atomic.Int64
	var uids atomic.Uint64
	interval := time.Duration(float64(senders*n) / float64(rate) * float64(time.Second))
	start := time.Now()
	uids.Store(uint64(start.UnixNano()))
	var group sync.WaitGroup
	for i := range senders {
		conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return sent, err
		}
		defer conn.Close()
		group.Go(func() {
			next := start.Add(time.Duration(i) * interval / senders)
			for wait(ctx, next) {
				next = next.Add(interval)
				bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
				var answer []byte
				err := conn.Invoke(bounded, exportMethod, m.at(time.Now(), &uids), &answer, grpc.ForceCodecV2(raw{}))
				cancel()
				if err != nil {
					refused.Add(int64(n))
				} else {
					accepted.Add(int64(n))
				}
				for late := time.Now().Add(-time.Second); next.Before(late); next = next.Add(interval) {
					held.Add(int64(n))
				}
			}
		})
	}
	group.Wait()
	return Sent{accepted.Load(), refused.Load(), held.Load()}, nil
}

// wait says whether the time came before the end.
func wait(ctx context.Context, until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
