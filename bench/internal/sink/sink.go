// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package sink is the service on loopback that the exporters send to. It answers as the real services do, and does as
// little as it can beside: it runs on the same machine as what is measured.
package sink

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say how the service behaves.
type Options struct {
	// Latency is how long each answer takes.
	Latency time.Duration
	// Mute: requests are read and never answered.
	Mute bool
}

// Stats is what arrived.
type Stats struct {
	Requests, Events, Bytes int64
	// Full is the number of PutAuditEvents requests that held 100 events.
	Full int64
	// AgeP50, AgeP99 and AgeMax are of audit events, from their own time to the answer.
	AgeP50, AgeP99, AgeMax time.Duration
}

// Server is the service.
type Server struct {
	opts    Options
	buffers sync.Pool

	mu    sync.Mutex
	stats Stats
	ages  ages
}

// StatsPath is where the server says what arrived.
const StatsPath = "/stats"

// Serve runs the service until the context is done, and calls ready with its URL.
func Serve(ctx context.Context, opts Options, ready func(url string)) error {
	s := &Server{opts: opts}
	s.buffers.New = func() any { return new(bytes.Buffer) }
	mux := http.NewServeMux()
	mux.HandleFunc("POST /PutAuditEvents", s.handle(putAuditEvents))
	mux.HandleFunc("POST /v1/logs", s.handle(exportLogs))
	mux.HandleFunc("POST /{$}", s.handle(kinesis))
	mux.HandleFunc("GET "+StatsPath, s.serveStats)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	ready("http://" + listener.Addr().String())
	if err := server.Serve(listener); ctx.Err() == nil {
		return err
	}
	return nil
}

// service makes the answer to a request, appended to dst, and says how many events arrived.
type service func(dst []byte, r *http.Request, body []byte, age func(time.Time)) (answer []byte, contentType string, events int)

func (s *Server) handle(answer service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := s.buffers.Get().(*bytes.Buffer)
		defer s.buffers.Put(body)
		body.Reset()
		if _, err := body.ReadFrom(r.Body); err != nil {
			return // the sender was cut short
		}
		if s.opts.Mute {
			<-r.Context().Done()
			return
		}
		if s.opts.Latency > 0 {
			time.Sleep(s.opts.Latency)
		}
		now := time.Now()
		s.mu.Lock()
		text, contentType, events := answer(nil, r, body.Bytes(), func(at time.Time) { s.ages.add(now.Sub(at)) })
		s.stats.Requests++
		s.stats.Events += int64(events)
		s.stats.Bytes += int64(body.Len())
		if events == 100 {
			s.stats.Full++
		}
		s.mu.Unlock()
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(text)
	}
}

func (s *Server) serveStats(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.AgeP50, stats.AgeP99, stats.AgeMax = s.ages.quantile(0.5), s.ages.quantile(0.99), s.ages.max
	_ = json.NewEncoder(w).Encode(stats)
}

// Ask returns what arrived at the server with the URL so far.
func Ask(ctx context.Context, url string) (stats Stats, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+StatsPath, nil)
	if err != nil {
		return stats, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return stats, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return stats, err
	}
	if err := json.Unmarshal(text, &stats); err != nil {
		return stats, fmt.Errorf("what arrived at the sink: %w", err)
	}
	return stats, nil
}
