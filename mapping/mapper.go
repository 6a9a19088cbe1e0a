// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"errors"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"
)

// OnInvalid says what becomes of events that break a limit of the service.
type OnInvalid string

// What may become of them.
const (
	Repair OnInvalid = "repair" // they are made to fit, and say so
	Reject OnInvalid = "reject" // they are refused with the error code that the service has for it
)

// Config is what a Mapper has to know.
type Config struct {
	// RecipientAccountID is the account that owns the channel: 12 digits.
	RecipientAccountID string
	// OnInvalid says what becomes of events that break a limit.
	OnInvalid OnInvalid
	// Version is the exporter's version, which each event names.
	Version string
	// Rules say how records are mapped. A record that none of them takes is mapped by the preset that fits it.
	Rules []Rule
	// Redact says which secrets are kept out of events.
	Redact Redact
	// Retention is how long the event data store keeps events, counted from eventTime. 0 = not known, so no event is called expired.
	Retention time.Duration
}

// Mapper maps records. It is safe for concurrent use; the batches that it makes are not.
type Mapper struct {
	recipient string
	repair    bool
	version   string
	rules     []rule
	ottl      ottlNeeds
	secrets   *redact.Names // nil = secrets stay
	retention time.Duration // 0 = not known
}

// New returns a Mapper, or an error that says what is wrong with the configuration.
func New(cfg Config) (*Mapper, error) {
	if cfg.RecipientAccountID == "" {
		return nil, errors.New("the account that owns the channel is missing")
	}
	if cfg.OnInvalid != Repair && cfg.OnInvalid != Reject {
		return nil, errors.New(`on_invalid: write "repair" or "reject"`)
	}
	if err := cfg.Redact.validate(); err != nil {
		return nil, err
	}
	rules, needs, err := compile(cfg.Rules)
	if err != nil {
		return nil, err
	}
	m := &Mapper{
		recipient: cfg.RecipientAccountID,
		repair:    cfg.OnInvalid == Repair,
		version:   cfg.Version,
		rules:     rules,
		ottl:      needs,
		retention: cfg.Retention,
	}
	if cfg.Redact.Enabled {
		m.secrets = redact.NewNames(cfg.Redact.Keys)
	}
	return m, nil
}
