// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/awscloudtraillakeconnector"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/metadata"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// choice says by what records are mapped.
type choice struct {
	config   list
	exporter string
	preset   string
}

func (c *choice) flags(flags *flag.FlagSet) {
	flags.Var(&c.config, "config", "collector configuration `FILE` whose mappings are used; may be given more than once, as with the collector. "+
		"Only the exporter's own block is read; ${env:…} and the like are resolved")
	flags.StringVar(&c.exporter, "exporter", "", "`ID` of the exporter in -config, as in aws_cloudtrail_lake/billing; not needed where there is one")
	flags.StringVar(&c.preset, "preset", "", "`NAME` of the preset to map by, instead of -config (default \"auto\")")
}

// exampleChannel stands for the channel that a dry run without a configuration has none of. The account is the one of
// AWS's documentation.
const exampleChannel = "arn:aws:cloudtrail:us-east-1:111122223333:channel/11111111-2222-3333-4444-555555555555"

// load returns the configuration that was chosen, validated.
func (c *choice) load(stderr io.Writer) (*awscloudtraillakeexporter.Config, error) {
	if len(c.config) == 0 {
		if c.exporter != "" {
			return nil, errors.New("-exporter is one of -config: give both")
		}
		// The user may look at what left through the connector.
		example := map[string]any{"channel_arn": exampleChannel, "accept_replay": true}
		if c.preset != "" && c.preset != "auto" {
			example["mappings"] = []any{map[string]any{"preset": c.preset}}
		}
		return block{conf: confmap.NewFromStringMap(example)}.read()
	}
	if c.preset != "" {
		return nil, errors.New("-preset and -config exclude each other: the configuration's mappings name presets")
	}
	blocks, err := readBlocks(c.config, c.exporter, stderr)
	if err != nil {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(blocks))
	if len(ids) > 1 {
		return nil, fmt.Errorf("-config has %d exporters or connectors, choose one with -exporter: %s", len(ids), strings.Join(ids, ", "))
	}
	cfg, err := blocks[ids[0]].read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ids[0], err)
	}
	return cfg, nil
}

// block is what a collector's configuration says of one exporter or connector.
type block struct {
	conf      *confmap.Conf
	connector bool
}

// read reads the block as the collector does.
func (b block) read() (*awscloudtraillakeexporter.Config, error) {
	if b.connector {
		cfg := awscloudtraillakeconnector.NewFactory().CreateDefaultConfig().(*awscloudtraillakeconnector.Config)
		if err := b.conf.Unmarshal(cfg); err != nil {
			return nil, err
		}
		return &cfg.Config, confmap.Validate(cfg)
	}
	cfg := awscloudtraillakeexporter.NewFactory().CreateDefaultConfig().(*awscloudtraillakeexporter.Config)
	if err := b.conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

// sections are the parts of a collector's configuration in which blocks stand.
var sections = []string{"exporters", "connectors"}

// readBlocks returns the blocks of the exporters and connectors in a collector's configuration, at least one, by their
// IDs. id is "" for all of them.
func readBlocks(uris []string, id string, stderr io.Writer) (map[string]block, error) {
	ctx := context.Background()
	settings := confmap.ResolverSettings{
		DefaultScheme:     "env",
		ProviderSettings:  confmap.ProviderSettings{Logger: warnings(stderr)},
		ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), fileprovider.NewFactory(), yamlprovider.NewFactory()},
	}
	only := &onlyOurs{id: id, inner: map[string]confmap.Provider{}}
	for _, factory := range settings.ProviderFactories {
		provider := factory.Create(settings.ProviderSettings)
		only.inner[provider.Scheme()] = provider
	}
	settings.ProviderFactories = append(settings.ProviderFactories,
		confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return only }))
	for _, uri := range uris {
		settings.URIs = append(settings.URIs, onlyScheme+":"+uri)
	}
	resolver, err := confmap.NewResolver(settings)
	if err != nil {
		return nil, err
	}
	conf, err := resolver.Resolve(ctx)
	if err = errors.Join(err, resolver.Shutdown(ctx)); err != nil {
		return nil, err
	}
	blocks := map[string]block{}
	for _, section := range sections {
		components, err := conf.Sub(section)
		if err != nil {
			return nil, err
		}
		for key := range components.ToStringMap() {
			if !ours(key, id) {
				continue
			}
			if _, twice := blocks[key]; twice {
				return nil, fmt.Errorf("-config has an exporter and a connector %s: the collector refuses that", key)
			}
			conf, err := components.Sub(key)
			if err != nil {
				return nil, err
			}
			blocks[key] = block{conf: conf, connector: section == "connectors"}
		}
	}
	switch {
	case len(blocks) > 0:
		return blocks, nil
	case id != "":
		return nil, fmt.Errorf("-config has no exporter or connector %s", id)
	default:
		return nil, fmt.Errorf("-config has no exporter or connector %s", metadata.Type)
	}
}

// ours says whether a key of a section is meant: the one of that ID, or with "" each of the type.
func ours(key, id string) bool {
	if id != "" {
		return key == id
	}
	kind, _, _ := strings.Cut(key, "/")
	return strings.TrimSpace(kind) == metadata.Type.String()
}

// onlyScheme marks the locations of whole configurations.
const onlyScheme = "auditmap"

// onlyOurs reads a configuration and leaves of it the blocks that are wanted. What others hold is then not resolved:
// their environment variables, files and secret stores need not be there for a dry run.
type onlyOurs struct {
	id    string
	inner map[string]confmap.Provider
}

// Scheme implements confmap.Provider.
func (*onlyOurs) Scheme() string { return onlyScheme }

// Shutdown implements confmap.Provider.
func (*onlyOurs) Shutdown(context.Context) error { return nil }

// Retrieve implements confmap.Provider.
func (o *onlyOurs) Retrieve(ctx context.Context, uri string, watch confmap.WatcherFunc) (*confmap.Retrieved, error) {
	uri = strings.TrimPrefix(uri, onlyScheme+":")
	scheme, _, _ := strings.Cut(uri, ":")
	provider, known := o.inner[scheme]
	if !known { // a path, as the collector takes it
		provider, uri = o.inner["file"], "file:"+uri
	}
	whole, err := provider.Retrieve(ctx, uri, watch)
	if err != nil {
		return nil, err
	}
	conf, err := whole.AsConf()
	if err != nil { // which does not name the file
		return nil, fmt.Errorf("%s: %w", strings.TrimPrefix(uri, "file:"), err)
	}
	wanted := map[string]any{}
	for _, section := range sections {
		components, there := conf.ToStringMap()[section]
		if !there {
			continue // to say null would remove what another file has
		}
		if blocks, ok := components.(map[string]any); ok {
			maps.DeleteFunc(blocks, func(key string, _ any) bool { return !ours(key, o.id) })
		}
		wanted[section] = components
	}
	return confmap.NewRetrieved(wanted)
}

// warnings is a log for what the collector would warn of, such as an environment variable that is not set.
func warnings(stderr io.Writer) *zap.Logger {
	encoder := zapcore.NewConsoleEncoder(zapcore.EncoderConfig{MessageKey: "message", EncodeLevel: zapcore.LowercaseLevelEncoder, LevelKey: "level"})
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(stderr), zap.WarnLevel))
}

// mappers returns the mapper of a configuration and, where that refuses what breaks a limit, one that repairs it: what the
// second mends is what the first refuses for.
func mappers(cfg *awscloudtraillakeexporter.Config) (mapper, repairing *mapping.Mapper, err error) {
	if mapper, err = cfg.NewMapper(); err != nil || cfg.OnInvalid == mapping.Repair {
		return mapper, nil, err
	}
	lenient := *cfg
	lenient.OnInvalid = mapping.Repair
	repairing, err = lenient.NewMapper()
	return mapper, repairing, err
}
