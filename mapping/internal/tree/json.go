// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package tree // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

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
	n, err := t.jsonValue(0)
	if err == nil && t.json.dec.Next() != jx.Invalid {
		err = errNotObject
	}
	t.json.dec.ResetBytes(nil)
	if err != nil {
		t.Truncate(mark)
		return 0, false
	}
	return t.Add(n), true
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

func (t *Tree) jsonValue(depth int) (Node, error) {
	d := &t.json.dec
	switch d.Next() {
	case jx.Null:
		return Node{Kind: Null}, d.Null()
	case jx.Bool:
		b, err := d.Bool()
		if b {
			return Node{Kind: Bool, Num: 1}, err
		}
		return Node{Kind: Bool}, err
	case jx.Number:
		raw, err := d.Raw()
		return t.number(raw), err
	case jx.String:
		b, err := d.StrAppend(t.json.scratch[:0])
		t.json.scratch = b
		return Node{Kind: String, Str: t.text.keep(b)}, err
	case jx.Object, jx.Array:
		if depth == MaxDepth {
			raw, err := d.Raw()
			return Node{Kind: String, Str: t.text.keep(raw)}, err
		}
		if d.Next() == jx.Array {
			return t.jsonArray(depth + 1)
		}
		return t.jsonObject(depth + 1)
	default:
		return Node{}, errNotObject
	}
}

func (t *Tree) jsonObject(depth int) (Node, error) {
	mark := len(t.stack)
	it, err := t.json.dec.ObjIter()
	if err != nil {
		return Node{}, err
	}
	for it.Next() {
		key := t.Key(unsafe.String(unsafe.SliceData(it.Key()), len(it.Key())))
		child, err := t.jsonValue(depth)
		if err != nil {
			return Node{}, err
		}
		child.Key = key
		t.stack = append(t.stack, child)
	}
	if err := it.Err(); err != nil {
		return Node{}, err
	}
	return t.close(Object, mark), nil
}

func (t *Tree) jsonArray(depth int) (Node, error) {
	mark := len(t.stack)
	it, err := t.json.dec.ArrIter()
	if err != nil {
		return Node{}, err
	}
	for it.Next() {
		child, err := t.jsonValue(depth)
		if err != nil {
			return Node{}, err
		}
		t.stack = append(t.stack, child)
	}
	if err := it.Err(); err != nil {
		return Node{}, err
	}
	return t.close(Array, mark), nil
}

// number keeps a number as it was written. One that no float64 holds becomes a string: many a JSON parser takes it for
// infinity, or for an error.
func (t *Tree) number(raw []byte) Node {
	text := t.text.keep(raw)
	if f, err := strconv.ParseFloat(text, 64); err != nil || math.IsInf(f, 0) {
		return Node{Kind: String, Str: text}
	}
	return Node{Kind: Number, Str: text}
}
