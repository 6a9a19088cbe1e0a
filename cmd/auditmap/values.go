// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// values takes an input apart by JSON objects, which may stand in lists. It looks at brackets and quotes alone: whether
// what stands between them is JSON is for whoever takes the piece to say.
type values struct {
	r       *bufio.Reader
	name    string
	longest int
	line    int // of the byte that is read next
	inList  bool
	more    bool // the list has had an item
	buf     []byte
}

func (v *values) next() (piece, error) {
	for {
		c, err := v.skip()
		switch {
		case errors.Is(err, io.EOF) && v.inList:
			return piece{}, v.broken("the list that began before has no end")
		case err != nil:
			return piece{}, err
		case c == '[' && !v.inList:
			v.inList, v.more = true, false
			continue
		case c == ']' && v.inList:
			v.inList = false
			continue
		case c == ',' && v.inList && v.more:
			v.more = false
			continue
		case c == '{' && !(v.inList && v.more):
			v.more = true
			return v.object()
		case c == '{':
			return piece{}, v.broken("a comma is missing between two items of a list")
		}
		return piece{}, v.broken(fmt.Sprintf("%q stands where a record, a JSON object, should begin", c))
	}
}

// skip returns the next byte that is not white space.
func (v *values) skip() (byte, error) {
	for {
		c, err := v.r.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case c == '\n':
			v.line++
		case c != ' ' && c != '\t' && c != '\r':
			return c, nil
		}
	}
}

// object reads an object whose first bracket is read.
func (v *values) object() (piece, error) {
	begins := v.line
	at := fmt.Sprintf("%s:%d", v.name, begins)
	v.buf = append(v.buf[:0], '{')
	in, tooLong := nesting{depth: 1}, false
	for in.depth > 0 {
		if _, err := v.r.Peek(1); errors.Is(err, io.EOF) {
			return piece{}, &badInput{at: at, what: "the JSON object that begins here has no end", fatal: true}
		} else if err != nil {
			return piece{}, err
		}
		part, _ := v.r.Peek(v.r.Buffered())
		part = part[:in.read(part)]
		v.line += bytes.Count(part, []byte("\n"))
		if tooLong = tooLong || len(v.buf)+len(part) > v.longest; !tooLong {
			v.buf = append(v.buf, part...)
		}
		_, _ = v.r.Discard(len(part)) // it is in the buffer
	}
	if tooLong {
		return piece{}, &badInput{at: at, what: longer("the JSON object that begins here", v.longest)}
	}
	return piece{line: begins, text: v.buf}, nil
}

// nesting is a place in JSON text.
type nesting struct {
	depth           int // of brackets
	quoted, escaped bool
}

// read goes on over text up to the end of the outermost bracket, and returns how far it came.
func (n *nesting) read(text []byte) int {
	for i, c := range text {
		switch {
		case n.escaped:
			n.escaped = false
		case n.quoted:
			n.escaped = c == '\\'
			n.quoted = c != '"'
		case c == '"':
			n.quoted = true
		case c == '{' || c == '[':
			n.depth++
		case c == '}' || c == ']':
			if n.depth--; n.depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// broken is the error after which nobody knows where the next value begins.
func (v *values) broken(what string) error {
	return &badInput{at: fmt.Sprintf("%s:%d", v.name, v.line), what: what + "; what follows was not read", fatal: true}
}
