// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeconnector

import (
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	exporter "github.com/cloudtrail-lake/awscloudtraillakeexporter"
)

// Outcome is what became of an event, and what the connector lets out a record of.
type Outcome string

// The outcomes that the connector may emit.
const (
	// Rejected: CloudTrail, or the connector's own check, refused the event for good.
	Rejected Outcome = "rejected"
	// Trimmed: the event was ingested without all that its record held.
	Trimmed Outcome = "trimmed"
	// Ingested: CloudTrail listed the event as successful. What leaves is a receipt.
	Ingested Outcome = "ingested"
)

// Config is the exporter's configuration, and what the connector emits.
type Config struct {
	exporter.Config `mapstructure:",squash"`

	// Emit lists the outcomes for which a record leaves through the connector. Default: rejected and trimmed.
	Emit []Outcome `mapstructure:"emit"`
}

func createDefaultConfig() component.Config {
	return &Config{
		Config: *exporter.NewFactory().CreateDefaultConfig().(*exporter.Config),
		Emit:   []Outcome{Rejected, Trimmed},
	}
}

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

// Unmarshal reads emit and removes it from conf, which is this component's own. The exporter reads the rest: it has no such key.
func (cfg *Config) Unmarshal(conf *confmap.Conf) error {
	own := struct {
		Emit []Outcome `mapstructure:"emit"`
	}{}
	if err := conf.Unmarshal(&own, confmap.WithIgnoreUnused()); err != nil {
		return err
	}
	if conf.IsSet(emitKey) {
		cfg.Emit = own.Emit
	}
	// Merging the rest into another Conf would lose the texts of values from the environment, under a feature gate of confmap.
	conf.Delete(emitKey)
	return cfg.Config.Unmarshal(conf)
}

const emitKey = "emit"

// Validate checks what the exporter's configuration does not have. The Collector validates that by itself.
func (cfg *Config) Validate() error {
	known := []Outcome{Rejected, Trimmed, Ingested}
	if len(cfg.Emit) == 0 {
		return fmt.Errorf("emit: empty: list what is to leave through the connector, of %v, or use the exporter", known)
	}
	var errs []error
	for _, outcome := range cfg.Emit {
		if !slices.Contains(known, outcome) {
			errs = append(errs, fmt.Errorf("emit: %q is not known: list any of %v", outcome, known))
		}
	}
	return errors.Join(errs...)
}
