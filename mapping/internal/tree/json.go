// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree

import (
	"errors"
	"math"
	"strconv"
	"unsafe"

	"github.com/go-faster/jx"
)

// errNotObject says that a text is no JSON object, or goes on after it.
var errNotObject = errors.New("not one JSON object")

type jsonReader struct {
	dec     jx.Decoder
	scratch []byte
}

// AddJSON adds the JSON object that text is, with nothing but white space around it. Where it is none, the tree is as
// before and the answer is no.
func (t *Tree) AddJSON(text string) (Ref, bool) {
	if !LooksLikeObject(text) {
		return 0, false
	}
	mark := t.Mark()
	t.json.dec.ResetBytes(unsafe.Slice(unsafe.StringData(text), len(text))) // read only
	err := t.setJSON(t.push(nil), 0)
	if err == nil && t.json.dec.Next() != jx.Invalid {
		err = errNotObject
	}
	t.json.dec.ResetBytes(nil)
	if err != nil {
		t.Truncate(mark)
		return 0, false
	}
	return t.pop(), true
}

// LooksLikeObject says whether text may be a JSON object. It spares most plain text the parser.
func LooksLikeObject(text string) bool {
	from, to := 0, len(text)-1
	for from <= to && isSpace(text[from]) {
		from++
	}
	for to > from && isSpace(text[to]) {
		to--
	}
	return to > from && text[from] == '{' && text[to] == '}'
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// setJSON makes the node at a place of the stack the value that comes next.
func (t *Tree) setJSON(at, depth int) error {
	n, d := &t.stack[at], &t.json.dec
	switch d.Next() {
	case jx.Null:
		return d.Null()
	case jx.Bool:
		b, err := d.Bool()
		n.setBool(b)
		return err
	case jx.Number:
		raw, err := d.Raw()
		t.setNumber(n, raw)
		return err
	case jx.String:
		from := len(t.text.buf)
		b, err := d.StrAppend(t.text.buf)
		t.text.buf = b
		n.Kind, n.Str = String, t.text.since(from)
		return err
	case jx.Object, jx.Array:
		if depth == MaxDepth {
			raw, err := d.Raw()
			n.Kind, n.Str = String, t.text.keep(raw)
			return err
		}
		if d.Next() == jx.Array {
			return t.setJSONArray(at, depth+1)
		}
		return t.setJSONObject(at, depth+1)
	default:
		return errNotObject
	}
}

func (t *Tree) setJSONObject(at, depth int) error {
	it, err := t.json.dec.ObjIter()
	if err != nil {
		return err
	}
	for it.Next() {
		key := t.Key(unsafe.String(unsafe.SliceData(it.Key()), len(it.Key())))
		if err := t.setJSON(t.push(key), depth); err != nil {
			return err
		}
	}
	if err := it.Err(); err != nil {
		return err
	}
	t.close(at, Object)
	return nil
}

func (t *Tree) setJSONArray(at, depth int) error {
	it, err := t.json.dec.ArrIter()
	if err != nil {
		return err
	}
	for it.Next() {
		if err := t.setJSON(t.push(nil), depth); err != nil {
			return err
		}
	}
	if err := it.Err(); err != nil {
		return err
	}
	t.close(at, Array)
	return nil
}

// setNumber keeps a number as it was written. One that no float64 holds becomes a string: many a JSON parser takes it for
// infinity, or for an error.
func (t *Tree) setNumber(n *Node, raw []byte) {
	n.Kind, n.Str = Number, t.text.keep(raw)
	if f, err := strconv.ParseFloat(n.Str, 64); err != nil || math.IsInf(f, 0) {
		n.Kind = String
	}
}
