// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// lastApplied is the annotation in which kubectl keeps the whole of an object, its data included:
// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-last-applied-configuration
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

var (
	opKey       = tree.NewKey("op")
	pathKey     = tree.NewKey("path")
	resourceKey = tree.NewKey("resource")
)

// isConfigKind says whether n, which says what kind an object is, says that it holds data: a Secret, a ConfigMap, or a list
// of them.
func isConfigKind(n *tree.Node) bool {
	if n.Kind != tree.String {
		return false
	}
	switch n.Str {
	case "Secret", "SecretList", "ConfigMap", "ConfigMapList":
		return true
	}
	return false
}

// isData says whether a key is one under which a Secret or a ConfigMap holds its data.
func isData(key string) bool { return key == "data" || key == "stringData" || key == "binaryData" }

// isAboutConfig says whether ref is the part of an audit event that names what it is about, and that is a Secret or a
// ConfigMap. The objects of such an event need not say so themselves: those of a patch and the items of a list do not.
func (r *Redactor) isAboutConfig(ref tree.Ref) bool {
	t := r.tree
	n := t.At(ref)
	switch {
	case n.Kind == tree.Object: // objectRef of Kubernetes
		resource := t.Child(ref, resourceKey)
		return resource != 0 && isConfigResource(t.At(resource).Str)
	case n.Kind != tree.String:
		return false
	case n.Key.String() == "@type": // of what Google's Kubernetes Engine puts into requests and responses
		return strings.HasSuffix(n.Str, ".Secret") || strings.HasSuffix(n.Str, ".SecretList") ||
			strings.HasSuffix(n.Str, ".ConfigMap") || strings.HasSuffix(n.Str, ".ConfigMapList")
	default: // resourceName of Google: core/v1/namespaces/default/secrets/name
		for segment := range strings.SplitSeq(n.Str, "/") {
			if isConfigResource(segment) {
				return true
			}
		}
		return false
	}
}

func isConfigResource(s string) bool { return s == "secrets" || s == "configmaps" }

// patchesData says whether an object is an operation of a JSON patch (RFC 6902) on the data of a Secret or a ConfigMap,
// on the whole of it, or on what it does not have: a name that is not quite right.
func (r *Redactor) patchesData(first, end tree.Ref) bool {
	for c := first; c < end; c++ {
		n := r.tree.At(c)
		if !n.Key.Is(pathKey) || n.Kind != tree.String {
			continue
		}
		switch head, _, _ := strings.Cut(strings.TrimPrefix(n.Str, "/"), "/"); head {
		case "apiVersion", "immutable", "kind", "type":
			return false
		case "metadata":
			return strings.HasSuffix(n.Str, lastAppliedPointer)
		}
		return true
	}
	return false
}

// lastAppliedPointer is how a JSON patch points to lastApplied (RFC 6901).
var lastAppliedPointer = "/" + strings.ReplaceAll(lastApplied, "/", "~1")

// refused finds what an API server quotes of an object that it does not take. Its messages name fields, but for these: of a
// patch or the object that comes of it (https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/handlers/patch.go),
// of a value that is of another type than its field, and of a body that it cannot read. config says that the object is a
// Secret or a ConfigMap: then all that is quoted is taken for its data.
func (r *Redactor) refused(s string, config bool) {
	if strings.IndexByte(s, '&') >= 0 { // few texts have one
		if before, rest, ok := strings.Cut(s, ", got &"); ok && (config || r.fieldIsSecret(before)) {
			r.note(s, len(s)-len(rest)-1, len(s)) // it may have lines of its own
		}
	}
	if !config {
		return
	}
	const invalid = `Invalid value: "`
	for i := 0; ; {
		j := strings.Index(s[i:], invalid)
		if j < 0 {
			break
		}
		from := i + j + len(invalid)
		i = endOfValue(s, from-1)
		if rest := s[from:]; strings.HasPrefix(rest, "map[") || beginsLikeJSON(rest) {
			r.note(s, from, max(from, i-1))
		}
	}
	if strings.HasPrefix(s, "the object provided is unrecognized") && strings.HasSuffix(s, ")") {
		if from := strings.LastIndex(s, " ("); from >= 0 {
			r.note(s, from+len(" ("), len(s)-1)
		}
	}
}

// fieldIsSecret says whether a message names the field of a secret at its end: .spec.password: expected string, or
// .env[name="DB_PASSWORD"].value: expected string.
func (r *Redactor) fieldIsSecret(message string) bool {
	field := message[:max(0, strings.LastIndex(message, ": expected "))]
	return r.names.Secret(strings.TrimSuffix(field, `"].value`))
}
