// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// flagSet is the flags of one command.
func flagSet(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is printed once, by run
	return flags
}

// parse reads flags and arguments, which may stand in any order. What follows "--" is an argument.
func (p *program) parse(flags *flag.FlagSet, args []string, usage string) ([]string, error) {
	var rest []string
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				fmt.Fprintln(p.stdout, usage)
				flags.SetOutput(p.stdout)
				flags.PrintDefaults()
				return nil, err
			}
			return nil, fmt.Errorf("%w; see auditmap %s -help", err, flags.Name())
		}
		left := flags.Args()
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" {
			return append(rest, left...), nil
		}
		if len(left) == 0 {
			break
		}
		rest, args = append(rest, left[0]), left[1:]
	}
	return rest, nil
}

// oneOf is a flag that takes one of some words.
type oneOf[T ~string] struct {
	to    *T
	words []T
}

// String implements flag.Value.
func (f oneOf[T]) String() string {
	if f.to == nil { // as the flag package asks, to learn whether there is a default
		return ""
	}
	return string(*f.to)
}

// Set implements flag.Value.
func (f oneOf[T]) Set(text string) error {
	if !slices.Contains(f.words, T(text)) {
		words := make([]string, len(f.words))
		for i, word := range f.words {
			words[i] = string(word)
		}
		last := len(words) - 1
		return fmt.Errorf("write %s or %s", strings.Join(words[:last], ", "), words[last])
	}
	*f.to = T(text)
	return nil
}

// list is a flag that may be given more than once.
type list []string

// String implements flag.Value.
func (l *list) String() string { return strings.Join(*l, " ") }

// Set implements flag.Value.
func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// pairs is a flag KEY=VALUE that may be given more than once.
type pairs map[string]any

// String implements flag.Value.
func (m pairs) String() string { return "" }

// Set implements flag.Value.
func (m pairs) Set(text string) error {
	key, value, found := strings.Cut(text, "=")
	if !found || key == "" {
		return errors.New("write KEY=VALUE")
	}
	m[key] = value
	return nil
}
