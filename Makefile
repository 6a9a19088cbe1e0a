# Copyright The awscloudtraillakeexporter Authors
# SPDX-License-Identifier: Apache-2.0

# Everything here needs Go, git and make, and nothing else. The tools are pinned in internal/tools.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# GOWORK=off: a go.work above the checkout must not change what is built.
export GOWORK := off
TOOL := go tool -modfile=internal/tools/go.mod

# How long each fuzz target runs, and how each benchmark is run.
FUZZTIME ?= 10s
BENCHTIME ?= 1s

# The race detector needs a C compiler; the tests do not.
RACE := $(if $(shell command -v "$$(go env CC)"),-race)

.PHONY: help
help: ## Show what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## Try it without AWS: a collector, a local CloudTrail Data service, and sample audit logs.
	@go build -o build/quickstart ./internal/quickstart
	@exec build/quickstart

.PHONY: collector
collector: ## Build the collector of builder-config.yaml into build/; about two minutes the first time.
	@dir="$$(mktemp -d)"; trap 'rm -rf "$$dir"' EXIT; \
	TMPDIR="$$dir" $(TOOL) builder --config builder-config.yaml # it leaves a folder there

.PHONY: test
test: ## Vet, and run every test, with the race detector where there is a C compiler. Builds the collector.
	go vet ./...
	go test $(RACE) -timeout 30m ./...
	go test -run '^TestAllocations' . # the race detector would count its own

.PHONY: chaos
chaos: ## Play every failure of the service and count what becomes of each event; a minute or two.
	go run ./internal/chaos

.PHONY: lint
lint: ## Run golangci-lint (.golangci.yml) and actionlint; change nothing. Builds the tools, minutes the first time.
	go tool -modfile=internal/tools/golangci/go.mod golangci-lint run ./...
	cd bench && go tool -modfile=../internal/tools/golangci/go.mod golangci-lint run ./...
	$(TOOL) actionlint -shellcheck= -pyflakes=

.PHONY: fmt
fmt: ## Format the source.
	$(TOOL) gofumpt -l . | (grep -v '^build/' || true) | xargs -r $(TOOL) gofumpt -w

# mdatagen names the package after the folder that it runs in: a link gives it the right name, whatever the checkout is called.
.PHONY: generate
generate: ## Generate code, tests and documentation from the metadata.yaml of the exporter and of the connector.
	@dir="$$(mktemp -d)"; trap 'rm -rf "$$dir"' EXIT; ln -s "$$PWD" "$$dir/awscloudtraillakeexporter"; \
	cd "$$dir/awscloudtraillakeexporter"; $(TOOL) mdatagen metadata.yaml; \
	cd awscloudtraillakeconnector; go tool -modfile=../internal/tools/go.mod mdatagen metadata.yaml

.PHONY: check-generate
check-generate: ## Fail where the generated files are not what metadata.yaml says.
	@before="$$(git status --porcelain; git diff)"; $(MAKE) --no-print-directory generate; \
	if [[ "$$before" != "$$(git status --porcelain; git diff)" ]]; then \
		git status --short; echo "the generated files are not current: run 'make generate' and commit what it changes"; exit 1; fi

.PHONY: bench
bench: ## Run every benchmark.
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

# By default Go takes up to a minute to shrink each input that covers new code, and tries no other input meanwhile.
.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (default 10s).
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' "$$package" | grep '^Fuzz' || true); do \
			echo "$$package $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$package"; \
		done; \
	done

# Measurements against other exporters, in a module of their own. Let the machine do nothing else meanwhile.
BENCH := build/bench
.PHONY: $(BENCH)
$(BENCH):
	cd bench && go build -o ../$(BENCH) .

.PHONY: bench-test
bench-test: ## Test the measurements themselves.
	cd bench && go test ./...

.PHONY: bench-compare
bench-compare: $(BENCH) ## Measure the exporter beside others, into bench/results; three minutes.
	$(BENCH) compare -out bench/results

.PHONY: bench-grow
bench-grow: $(BENCH) ## Measure how its cost grows with what is sent; twelve minutes.
	$(BENCH) grow -out bench/results

.PHONY: bench-load
bench-load: $(BENCH) collector ## Run the collector at 10,000 events/s, beside the debug exporter; a quarter of an hour.
	$(BENCH) ceiling -out bench/results/ceiling.md

.PHONY: bench-memory
bench-memory: $(BENCH) collector ## Run it with small and large records, service up, down and mute; 35 minutes.
	$(BENCH) memory -out bench/results/memory.md

.PHONY: bench-profile
bench-profile: $(BENCH) ## Show what spends the CPU and the allocations of a record, into bench/results.
	$(BENCH) profile -out bench/results
