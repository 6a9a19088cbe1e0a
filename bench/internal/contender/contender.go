// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package contender makes the exporters that are measured, from their factories and from configuration as their users
// would write it.
package contender

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/awskinesisexporter"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.yaml.in/yaml/v3"

	awscloudtraillakeexporter "github.com/cloudtrail-lake/awscloudtraillakeexporter"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/benchdata"
)

// Names of contenders.
const (
	Lake      = "aws_cloudtrail_lake"
	LakeRules = "aws_cloudtrail_lake, ten OTTL fields"
	OTLPProto = "otlp_http, protobuf"
	OTLPGzip  = "otlp_http, protobuf, gzip (its default)"
	OTLPJSON  = "otlp_http, JSON"
	Kinesis   = "awskinesis, otlp_json"
	// Floor is no exporter: it hashes and copies what the exporter would send.
	Floor = "floor: SHA-256 of event and body, a copy"
	// Copies is no exporter either: it shows what it takes to make the records of a measurement, to be subtracted.
	Copies = "copies"
)

// batches is how each exporter queues here: as it does by default, but in batches of 100 records, as this exporter's
// default is, and without losing what does not fit in the queue.
const batches = `
sending_queue:
  block_on_overflow: true
  batch: {sizer: items, min_size: 100, max_size: 100, flush_timeout: 5s}
`

type kind struct {
	factory func() exporter.Factory
	// config is YAML, in which $endpoint stands for the service's URL.
	config string
}

var kinds = map[string]kind{
	Lake:      {awscloudtraillakeexporter.NewFactory, lake},
	LakeRules: {awscloudtraillakeexporter.NewFactory, lake + "mappings:" + benchdata.TenFields},
	OTLPProto: {otlphttpexporter.NewFactory, "{endpoint: $endpoint, encoding: proto, compression: none}"},
	OTLPGzip:  {otlphttpexporter.NewFactory, "{endpoint: $endpoint}"},
	OTLPJSON:  {otlphttpexporter.NewFactory, "{endpoint: $endpoint, encoding: json, compression: none}"},
	Kinesis:   {awskinesisexporter.NewFactory, "{encoding: {name: otlp_json}, aws: {stream_name: audit, region: us-east-1, kinesis_endpoint: $endpoint}}"},
}

// The quota of the service is switched off, since it is far below what the exporter can send.
const lake = `
channel_arn: arn:aws:cloudtrail:us-east-1:111122223333:channel/11111111-2222-3333-4444-555555555555
endpoint: $endpoint
requests_per_second: 0
`

// Queue says how the exporter's queue differs from its default.
type Queue struct {
	// Consumers is num_consumers; 0 = the default.
	Consumers int
	// Batch is the number of records in a batch; 0 = 100.
	Batch int
	// Storage is the component that keeps the queue; nil = memory.
	Storage *component.ID
}

// New makes the exporter of the name, for the service at the endpoint.
func New(ctx context.Context, name, endpoint string, queue Queue, telemetry component.TelemetrySettings) (exporter.Logs, error) {
	k, known := kinds[name]
	if !known {
		return nil, fmt.Errorf("no contender %q; there are %q", name, slices.Sorted(maps.Keys(kinds)))
	}
	conf := confmap.New()
	own, err := parse(os.Expand(k.config, func(string) string { return endpoint }))
	if err != nil {
		return nil, err
	}
	common, err := parse(batches)
	if err != nil {
		return nil, err
	}
	settings := map[string]any{}
	if queue.Consumers > 0 {
		settings["num_consumers"] = queue.Consumers
	}
	if queue.Batch > 0 {
		settings["batch"] = map[string]any{"min_size": queue.Batch, "max_size": queue.Batch}
	}
	if queue.Storage != nil {
		settings["storage"] = queue.Storage.String()
	}
	for _, part := range []*confmap.Conf{common, own, confmap.NewFromStringMap(map[string]any{"sending_queue": settings})} {
		if err := conf.Merge(part); err != nil {
			return nil, err
		}
	}
	factory := k.factory()
	cfg := factory.CreateDefaultConfig()
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if validator, ok := cfg.(interface{ Validate() error }); ok {
		if err := validator.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return factory.CreateLogs(ctx, exporter.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: telemetry}, cfg)
}

func parse(text string) (*confmap.Conf, error) {
	var raw map[string]any
	if err := yaml.Unmarshal([]byte(text), &raw); err != nil {
		return nil, err
	}
	return confmap.NewFromStringMap(raw), nil
}
