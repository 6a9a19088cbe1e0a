// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// kind is the type of a JSON value.
type kind string

const (
	kindObject kind = "an object"
	kindArray  kind = "an array"
	kindString kind = "a string"
	kindNumber kind = "a number"
	kindBool   kind = "a boolean"
	kindNull   kind = "null"
)

// node is a JSON value. Members and items are kept only as deep as parse is asked for; what lies below is held to the
// grammar, then let go.
type node struct {
	kind    kind
	text    string // the characters of a string
	size    int    // bytes of an object as sent, braces included
	members []member
	items   []node
}

type member struct {
	name  string
	value node
}

// get returns the member of that name.
func (n *node) get(name string) (*node, bool) {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i].value, true
		}
	}
	return nil, false
}

var (
	errNotUTF8   = errors.New("the text is not valid UTF-8")
	errSurrogate = errors.New("a string holds half of a surrogate pair")
)

// parse reads exactly one JSON value and keeps its members and items down to depth levels of nesting.
//
// It is stricter than encoding/json, which takes what readers disagree about (RFC 8259, sections 4, 8.1 and 8.2): bytes
// that are not UTF-8, halves of surrogate pairs, and names that occur twice in one object.
func parse(raw []byte, depth int) (node, error) {
	if !utf8.Valid(raw) {
		return node{}, errNotUTF8
	}
	if !json.Valid(raw) {
		return node{}, syntaxError(raw)
	}
	if halfSurrogate(raw) {
		return node{}, errSurrogate
	}
	w := walker{raw: raw}
	root := w.value(depth)
	return root, w.err
}

// syntaxError says what json.Valid found.
func syntaxError(raw []byte) error {
	var whole json.RawMessage
	return json.Unmarshal(raw, &whole)
}

// walker goes through text that is known to be valid JSON, and for that reason looks at as little of it as it can.
// encoding/json's own tokens cost more than twice as much, and the emulator has to keep up with a sender that uses its
// whole quota.
type walker struct {
	raw []byte
	at  int
	err error // the first name that occurs twice
}

func (w *walker) value(depth int) node {
	switch w.skipSpace() {
	case '{':
		return w.object(depth)
	case '[':
		return w.array(depth)
	case '"':
		return node{kind: kindString, text: w.text()}
	case 't', 'f':
		w.skipWord()
		return node{kind: kindBool}
	case 'n':
		w.skipWord()
		return node{kind: kindNull}
	default:
		w.skipWord()
		return node{kind: kindNumber}
	}
}

func (w *walker) object(depth int) node {
	n := node{kind: kindObject}
	start := w.at
	w.at++
	var seen map[string]struct{}
	for w.skipSpace() != '}' {
		if w.raw[w.at] == ',' {
			w.at++
			w.skipSpace()
		}
		name := w.text()
		if seen == nil {
			seen = make(map[string]struct{})
		}
		if _, twice := seen[name]; twice && w.err == nil {
			w.err = fmt.Errorf("the member %q occurs twice in one object", clip(name))
		}
		seen[name] = struct{}{}
		w.skipSpace()
		w.at++ // the colon
		value := w.value(depth - 1)
		if depth > 0 {
			n.members = append(n.members, member{name, value})
		}
	}
	w.at++
	n.size = w.at - start
	return n
}

func (w *walker) array(depth int) node {
	n := node{kind: kindArray}
	w.at++
	for w.skipSpace() != ']' {
		if w.raw[w.at] == ',' {
			w.at++
		}
		value := w.value(depth - 1)
		if depth > 0 {
			n.items = append(n.items, value)
		}
	}
	w.at++
	return n
}

// text reads a string. What has no escapes in it is itself.
func (w *walker) text() string {
	start := w.at
	for w.at++; w.raw[w.at] != '"'; w.at++ {
		if w.raw[w.at] == '\\' {
			return w.escaped(start)
		}
	}
	w.at++
	return string(w.raw[start+1 : w.at-1])
}

func (w *walker) escaped(start int) (s string) {
	for ; w.raw[w.at] != '"'; w.at++ {
		if w.raw[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	_ = json.Unmarshal(w.raw[start:w.at], &s) // valid, as all of the text is
	return s
}

// skipSpace moves to the next byte that is not white space and returns it.
func (w *walker) skipSpace() byte {
	for {
		switch c := w.raw[w.at]; c {
		case ' ', '\t', '\r', '\n':
			w.at++
		default:
			return c
		}
	}
}

// skipWord moves behind a number, true, false or null.
func (w *walker) skipWord() {
	for w.at < len(w.raw) {
		switch w.raw[w.at] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return
		}
		w.at++
	}
}

// halfSurrogate says whether valid JSON text escapes a UTF-16 surrogate that has no partner: text that UTF-8 cannot
// hold.
func halfSurrogate(raw []byte) bool {
	high := -1 // where the escape after a high surrogate has to begin
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			if high == i {
				return true
			}
			continue
		}
		unit := uint64(0)
		if raw[i+1] == 'u' {
			unit, _ = strconv.ParseUint(string(raw[i+2:i+6]), 16, 16) // valid JSON: four hexadecimal digits
		}
		low := unit >= 0xDC00 && unit <= 0xDFFF
		if low != (high == i) {
			return true
		}
		if raw[i+1] != 'u' {
			i++
			continue
		}
		i += 5
		if unit >= 0xD800 && unit <= 0xDBFF {
			high = i + 1
		}
	}
	return false
}

// clip shortens a value for a message: the service bounds errorMessage at 1,024 characters.
func clip(s string) string { return clipTo(s, 200) }

// clipTo cuts a string after so many characters.
func clipTo(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
