// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package emulator is a local CloudTrail Data service: it speaks PutAuditEvents, holds what it is sent to the
// documented rules, and can be told to fail.
//
// It is strict on purpose. Where AWS documents a rule, the rule is held to; where the documents leave room, the
// stricter reading is taken and a comment says so: what passes here should pass at AWS. It shares no code with the
// exporter, so that one mistake cannot hide another.
package emulator

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"
)

// The key pair of AWS's own documentation, which no account has.
const (
	ExampleAccessKeyID     = "AKIAIOSFODNN7EXAMPLE"
	ExampleSecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// ExampleChannelARN is a channel of the account that AWS's documentation uses.
const ExampleChannelARN = "arn:aws:cloudtrail:us-east-1:111122223333:channel/11111111-2222-3333-4444-555555555555"

const (
	// DefaultKeep is how many events and how many requests memory holds where Config does not say.
	DefaultKeep = 100_000
	// DefaultKeepBytes bounds the same in bytes.
	DefaultKeepBytes = 256 << 20
)

// Config is what an emulator is started with.
type Config struct {
	// ChannelARN is the one channel that exists. Its Region is the one that signatures must be for, its account the one
	// that owns the channel.
	ChannelARN string
	// ExternalID is what the channel's policy demands of externalId; "" = nothing.
	ExternalID string
	// Keys are secret access keys by access key ID; empty = the example pair. Of a session
	// token it is checked that it is signed, and that the key is one that has a token.
	Keys map[string]string
	// RequestsPerSecond is the quota, 0 = none. AWS grants 100.
	RequestsPerSecond int
	// Store takes each ingested event as one line of JSON; nil = memory only. Writes are made one at a time, one for
	// each request.
	Store io.Writer
	// Keep is how many of the newest events, and of the newest requests, stay in memory; 0 = DefaultKeep.
	Keep int
	// KeepBytes bounds the events in memory; 0 = DefaultKeepBytes.
	KeepBytes int
	// Now is the clock; nil = time.Now.
	Now func() time.Time
	// Faults is what to do wrong from the start.
	Faults Faults
	// Hosts are names, besides loopback and the address of the connection, under which page and control calls may be
	// asked for.
	Hosts []string
	// Logger gets what the emulator could not do, never what events hold; nil = none.
	Logger *zap.Logger
}

// Emulator is the service. It is an http.Handler and safe for concurrent use.
type Emulator struct {
	channelARN string
	externalID string
	keys       map[string]string
	quota      quota
	store      io.Writer
	now        func() time.Time
	hosts      []string
	log        *zap.Logger
	control    http.Handler
	started    string // tells the page of one process from that of the next

	mu        sync.Mutex // guards what is below, and the store
	faults    Faults
	drawn     int    // requests since the faults were set
	seq       uint64 // of the newest record
	version   int    // moves with everything that the page shows
	records   ring[*record]
	requests  ring[Request]
	counts    Counts
	violation string // the newest
}

// New checks the configuration; it opens nothing.
func New(cfg Config) (*Emulator, error) {
	if !channelShape.MatchString(cfg.ChannelARN) {
		return nil, fmt.Errorf("%q is not a channel's ARN; write arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID", cfg.ChannelARN)
	}
	if cfg.ExternalID != "" && !isExternalID(cfg.ExternalID) {
		return nil, errors.New("the external ID must be 2 to 1224 of the characters A-Z a-z 0-9 _ + = , . @ : / -")
	}
	if cfg.RequestsPerSecond < 0 || cfg.Keep < 0 || cfg.KeepBytes < 0 {
		return nil, errors.New("requests per second and what to keep must not be negative")
	}
	if err := cfg.Faults.Validate(); err != nil {
		return nil, err
	}
	keep, keepBytes := cmp.Or(cfg.Keep, DefaultKeep), cmp.Or(cfg.KeepBytes, DefaultKeepBytes)
	e := &Emulator{
		started: newUUID(), store: cfg.Store, now: cfg.Now, hosts: cfg.Hosts, log: cfg.Logger,
		channelARN: cfg.ChannelARN, externalID: cfg.ExternalID, keys: maps.Clone(cfg.Keys), quota: newQuota(cfg.RequestsPerSecond),
		faults:   cfg.Faults,
		records:  ring[*record]{maxItems: keep, maxBytes: keepBytes},
		requests: ring[Request]{maxItems: keep, maxBytes: keepBytes},
		counts:   newCounts(),
	}
	if len(e.keys) == 0 {
		e.keys = map[string]string{ExampleAccessKeyID: ExampleSecretAccessKey}
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = zap.NewNop()
	}
	e.control = e.controlHandler()
	return e, nil
}

// SetFaults replaces the faults and counts requests anew. Invalid ones are an error and change nothing.
func (e *Emulator) SetFaults(f Faults) error {
	if err := f.Validate(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults, e.drawn = f, 0
	e.version++
	return nil
}

// Reset forgets events, requests and counts, and counts requests for the faults anew. The faults and the store stay.
func (e *Emulator) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.records = ring[*record]{maxItems: e.records.maxItems, maxBytes: e.records.maxBytes}
	e.requests = ring[Request]{maxItems: e.requests.maxItems, maxBytes: e.requests.maxBytes}
	e.counts, e.drawn, e.violation = newCounts(), 0, ""
	e.version++
}

// Events returns the ingested events in memory, in the order in which they were ingested.
func (e *Emulator) Events() []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	var events []Event
	for _, r := range e.records.all() {
		if r.code == "" {
			events = append(events, Event{Time: r.time, RequestID: r.requestID, EventID: r.eventID, ID: r.id, EventData: []byte(r.data)})
		}
	}
	return events
}

// Refused returns the refused events in memory, in the order in which they were refused.
func (e *Emulator) Refused() []Refusal {
	e.mu.Lock()
	defer e.mu.Unlock()
	var refused []Refusal
	for _, r := range e.records.all() {
		if r.code != "" {
			refused = append(refused, Refusal{Time: r.time, RequestID: r.requestID, ID: r.id, Code: r.code, Message: r.message, EventData: r.data})
		}
	}
	return refused
}

// Requests returns the requests in memory, in the order in which they were answered.
func (e *Emulator) Requests() []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.requests.all())
}

// Counts returns a copy of the counts.
func (e *Emulator) Counts() Counts {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.counts
	c.Requests, c.Refused = maps.Clone(c.Requests), maps.Clone(c.Refused)
	c.Sources, c.Names = maps.Clone(c.Sources), maps.Clone(c.Names)
	c.Kept, c.Forgotten = e.records.len(), e.records.forgot
	return c
}

// ServeHTTP answers PutAuditEvents, the page at / and the control calls under /_control/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/PutAuditEvents" && r.URL.RawPath == "" {
		e.putAuditEvents(w, r)
		return
	}
	if r.Header.Get("Authorization") == "" {
		e.control.ServeHTTP(w, r)
		return
	}
	// A signed call of something else: a wrong endpoint setting. It is recorded like any other breach of the model.
	e.begin(r).fail(w, violation(http.StatusNotFound, "UnknownOperationException",
		"%s is no operation of this service; the only one is /PutAuditEvents", clip(r.URL.Path)))
}

// newUUID returns a random UUID, version 4: RFC 9562.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand, Read
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// account and region are fields of an ARN that New has checked.
func region(arn string) string  { return strings.Split(arn, ":")[3] }
func account(arn string) string { return strings.Split(arn, ":")[4] }
