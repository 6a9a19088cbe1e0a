// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Copies are secrets that were found, to be found again: alone, in the line that they stood in, in JSON that was opened.
type Copies struct {
	of *Redactor
	// whole are the texts.
	whole map[string]bool
	// parts are some of them, as they are and as JSON writes them: a text that says the record again has all of them.
	parts []string
}

const (
	// maxParts is how many secrets are looked for within longer texts.
	maxParts = 16
	// shortestPart is the shortest of those: shorter ones stand in many a text by chance.
	shortestPart = 6
)

// Copies returns what has been found since Begin.
func (r *Redactor) Copies() *Copies {
	c := &Copies{of: r, whole: make(map[string]bool, len(r.hits))}
	for _, h := range r.hits {
		n := r.tree.At(h.ref)
		if n.Kind != tree.String || c.whole[n.Str] {
			continue
		}
		c.whole[n.Str] = true
		if len(n.Str) < shortestPart || len(c.parts) >= maxParts {
			continue
		}
		c.parts = append(c.parts, n.Str)
		if quoted, _ := tree.AppendString(nil, n.Str); len(quoted) > len(n.Str)+len(`""`) {
			c.parts = append(c.parts, string(quoted[1:len(quoted)-1]))
		}
	}
	return c
}

// has says whether a text says one of the secrets, or is JSON that was opened, whose values are used in its place.
func (c *Copies) has(n *tree.Node) bool {
	if c.whole[n.Str] || n.Used && tree.LooksLikeObject(n.Str) {
		return true
	}
	for _, part := range c.parts {
		if strings.Contains(n.Str, part) {
			return true
		}
	}
	return false
}

// Hide takes the texts below ref for secrets that say again what was found. used says that it looks into objects and lists
// that are used, too.
func (c *Copies) Hide(ref tree.Ref, used bool) {
	if ref == 0 {
		return
	}
	n := *c.of.tree.At(ref)
	switch n.Kind {
	case tree.String:
		if c.has(&n) {
			c.of.hide(ref)
		}
	case tree.Object, tree.Array:
		if (used || !n.Used) && c.of.enter(ref) {
			for i := n.First; i < n.First+tree.Ref(n.Len); i++ {
				c.Hide(i, used)
			}
		}
	}
}
