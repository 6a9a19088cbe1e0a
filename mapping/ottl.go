// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"
)

type logContext = *ottllog.TransformContext

// ottlParser reads expressions in OTTL's log context. Editors are not among its functions: a rule changes no record. Its
// logger is none: OTTL would log what is in the records.
var ottlParser = sync.OnceValues(func() (ottl.Parser[logContext], error) {
	functions := ottlfuncs.StandardConverters[logContext]()
	for _, name := range []string{"Now", "UUID", "UUIDv7"} {
		functions[name] = ottl.NewFactory(name, nil, refuseFunction(name))
	}
	return ottllog.NewParser(functions, component.TelemetrySettings{Logger: zap.NewNop()})
})

// refuseFunction refuses a function that gives another value each time that it is called.
func refuseFunction(name string) ottl.CreateFunctionFunc[logContext] {
	return func(ottl.FunctionContext, ottl.Arguments) (ottl.ExprFunc[logContext], error) {
		return nil, fmt.Errorf("%s gives another value at each attempt, and an event has to be the same at each: "+
			"read a time or an id from the record", name)
	}
}

// parserFor returns the parser of an expression, and what the expression needs.
func parserFor(text string) (parser ottl.Parser[logContext], needs ottlNeeds, err error) {
	if needs, err = needsOf(text); err == nil {
		parser, err = ottlParser()
	}
	return parser, needs, err
}

// condition is an OTTL condition.
type condition struct{ ottl *ottl.Condition[logContext] }

func parseCondition(text string) (*condition, ottlNeeds, error) {
	parser, needs, err := parserFor(text)
	if err != nil {
		return nil, needs, err
	}
	parsed, err := parser.ParseCondition(text)
	return &condition{parsed}, needs, err
}

func (c *condition) holds(in *ottlContext) (holds bool, err error) {
	defer recovered(&err)
	return c.ottl.Eval(context.Background(), in.open())
}

// parseValue reads a value expression. One that is nothing but a path into the record is followed without OTTL, and needs nothing.
func parseValue(text string) (candidate, ottlNeeds, error) {
	parser, needs, err := parserFor(text)
	if err != nil {
		return candidate{}, needs, err
	}
	parsed, err := parser.ParseValueExpression(text)
	if err != nil {
		return candidate{}, needs, err
	}
	if path, ok := recordPathOf(text); ok {
		return candidate{path: path}, ottlNeeds{}, nil
	}
	return candidate{ottl: parsed}, needs, nil
}

// recovered makes a panic an error. OTTL functions are given whatever a record holds, and no record may stop the others.
func recovered(err *error) {
	if recover() != nil {
		*err = errPanic
	}
}

var errPanic = errors.New("an OTTL function panicked")

// ottlNeeds is what OTTL expressions read that has to be made for them first.
type ottlNeeds struct {
	// cache are the members of the located record that they read; allCache says that they read all of it.
	cache    []string
	allCache bool
	// body says that they read the log record's body.
	body bool
}

func (n *ottlNeeds) add(more ottlNeeds) {
	n.allCache = n.allCache || more.allCache
	n.body = n.body || more.body
	for _, key := range more.cache {
		if !slices.Contains(n.cache, key) {
			n.cache = append(n.cache, key)
		}
	}
}

// ottlWord finds string literals, which are passed over, and the words that matter here.
var ottlWord = regexp.MustCompile(`"(?:\\.|[^\\"])*"|\bcache\b(?:\s*\[\s*("(?:\\.|[^\\"])*")\s*\])?|\bbody\b|\botelcol\b|\bschema_url\b`)

// needsOf finds what an expression reads, and refuses what it cannot have.
func needsOf(text string) (ottlNeeds, error) {
	var needs ottlNeeds
	for _, m := range ottlWord.FindAllStringSubmatch(text, -1) {
		switch word := m[0]; {
		case word == "otelcol":
			return needs, errors.New("otelcol.* is what the sender's request said, and is not known any more once records are queued and batched: " +
				"write it to an attribute before, as the attributes processor does with from_context")
		case word == "schema_url":
			return needs, errors.New("schema_url is not offered: it says nothing of the event")
		case word[0] == '"':
		case word == "body":
			needs.body = true
		case m[1] == "":
			needs.allCache = true
		default:
			key, err := strconv.Unquote(m[1])
			if err != nil {
				needs.allCache = true
				continue
			}
			needs.cache = append(needs.cache, key)
		}
	}
	return needs, nil
}
