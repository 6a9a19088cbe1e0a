// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strconv"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// secret hides what stands under a key that names a secret. An object is often not the secret but what is known of it,
// or what holds it: of that only values are hidden.
func (r *Redactor) secret(ref tree.Ref, in within) {
	n := r.tree.At(ref)
	switch n.Kind {
	case tree.Array:
		if !r.enter(ref) {
			return
		}
		for c, end := n.First, n.First+tree.Ref(n.Len); c < end; c++ {
			r.secret(c, in)
		}
	case tree.Object:
		in.secret = true
		if hidesAll(n.Key.String()) {
			r.hideAll(ref)
			return
		}
		r.value(ref, in)
	case tree.String:
		// Azure writes who was authorized to do what under this key, as an object or as its text.
		if n.Key.String() == "authorization" && tree.LooksLikeObject(n.Str) {
			r.text(ref, in)
			return
		}
		if !isResult(n.Key.String(), n.Str) {
			r.hide(ref)
		}
	case tree.Int, tree.Double, tree.Number:
		if !isResult(n.Key.String(), "") {
			r.hide(ref)
		}
	default:
		r.hide(ref)
	}
}

// hidesAll says whether an object under a key has secrets for values, whatever their keys.
func hidesAll(key string) bool {
	name := normal(key)
	return name == "cookie" || name == "cookies"
}

// hideAll hides each value below ref, which then is not looked at any more.
func (r *Redactor) hideAll(ref tree.Ref) {
	n := r.tree.At(ref)
	if n.Kind != tree.Object && n.Kind != tree.Array {
		r.hide(ref)
		return
	}
	if r.enter(ref) {
		for c, end := n.First, n.First+tree.Ref(n.Len); c < end; c++ {
			r.hideAll(c)
		}
	}
}

// hide hides a single value, where it is one that can be a secret.
func (r *Redactor) hide(ref tree.Ref) {
	t := r.tree
	n := t.At(ref)
	size := len(n.Str)
	switch n.Kind {
	case tree.Null, tree.Bool:
		return
	case tree.String:
		if t.Empty(ref) || masked(n.Str) {
			return
		}
	case tree.Int, tree.Double:
		r.scratch = t.AppendJSON(r.scratch[:0], ref)
		size = len(r.scratch)
	case tree.Object, tree.Array:
		size = r.Measure(ref)
	}
	r.HideSized(ref, size)
}

// Measure returns how many bytes of JSON a value is.
func (r *Redactor) Measure(ref tree.Ref) int {
	r.scratch = r.tree.AppendJSON(r.scratch[:0], ref)
	r.tree.Replaced() // it was only measured
	return len(r.scratch)
}

// HideSized takes a value of this size for a secret, all of it.
func (r *Redactor) HideSized(ref tree.Ref, size int) {
	r.hits = append(r.hits, hit{ref: ref, now: tree.Node{Kind: tree.String, Str: r.marker(size)}})
}

// MarkerStart is what each marker begins with.
const MarkerStart = "[redacted: "

// appendMarker appends what stands in the place of a secret of this size.
func appendMarker(dst []byte, size int) []byte {
	dst = append(dst, MarkerStart...)
	dst = strconv.AppendInt(dst, int64(size), 10)
	return append(dst, " bytes]"...)
}

func (r *Redactor) marker(size int) string {
	r.scratch = appendMarker(r.scratch[:0], size)
	return r.tree.Text(r.scratch)
}

// Hide takes the value of ref, and all below, for a secret.
func (r *Redactor) Hide(ref tree.Ref) {
	if ref != 0 {
		r.hideAll(ref)
	}
}
