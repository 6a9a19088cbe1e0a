// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"slices"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// maxTexts is how many strings that hold JSON are opened one within the other. What lies deeper is read as plain text.
const maxTexts = 4

// text looks into a string: into the JSON that it is, else for what plain text says to be a secret.
func (r *Redactor) text(ref tree.Ref, in within) {
	n := r.tree.At(ref)
	was := n.Str
	if len(was) < len("sig=x") || in.opened && n.Used && tree.LooksLikeObject(was) {
		return
	}
	if in.texts < maxTexts && beginsLikeJSON(was) && (r.json(ref, was, "", in) || r.cutJSON(ref, was, in)) {
		return
	}
	signs := signsIn(was)
	if signs == 0 {
		return // most
	}
	s := was
	if in.texts < maxTexts && signs&colonSign != 0 {
		if at := jsonAtEnd(was); at > 0 {
			s = r.line(ref, was, at, in)
		}
	}
	r.spans(s, signs)
	if signs&colonSign != 0 && signs&spaceSign != 0 {
		r.refused(s, in.config)
	}
	if len(r.found) > 0 {
		s = r.tree.Text(r.replaced(s))
	}
	if s != was {
		r.hits = append(r.hits, hit{ref: ref, now: tree.Node{Kind: tree.String, Str: s}})
	}
}

// span is a part of a text.
type span struct{ from, to int }

// replaced returns s with markers in the place of the spans that were found, which are sorted and put together first.
func (r *Redactor) replaced(s string) []byte {
	slices.SortFunc(r.found, func(a, b span) int { return a.from - b.from })
	out, done := r.scratch[:0], 0
	for i := 0; i < len(r.found); {
		whole := r.found[i]
		for i++; i < len(r.found) && r.found[i].from <= whole.to; i++ {
			whole.to = max(whole.to, r.found[i].to)
		}
		out = append(out, s[done:whole.from]...)
		out = appendMarker(out, whole.to-whole.from)
		done = whole.to
	}
	r.scratch = append(out, s[done:]...)
	return r.scratch
}

// spans finds the secrets in a plain text that has these signs.
func (r *Redactor) spans(s string, signs signs) {
	r.found = r.found[:0]
	if signs&equalSign != 0 {
		r.assigned(s)
		r.queries(s)
	}
	if signs&colonSign != 0 {
		r.told(s)
	}
	if signs&spaceSign != 0 {
		if signs&colonSign != 0 {
			r.pairs(s)
		}
		r.options(s)
		r.statements(s)
		if strings.IndexByte(s, 'N') >= 0 { // few texts have the capital that both need
			r.unquoted(s)
			r.privateKeys(s)
		}
	}
	if signs&lessSign != 0 {
		r.elements(s)
	}
	if signs&percentSign != 0 {
		r.encoded(s)
	}
}

// assigned finds the values behind an equals sign.
func (r *Redactor) assigned(s string) {
	for i := next(s, 0, '='); i >= 0; i = next(s, i+1, '=') {
		if !r.names.mayEnd(s, i) {
			continue // most
		}
		if name := nameBefore(s, i); r.names.Secret(name) && !isOther(s, i, name) {
			i = r.add(s, i+1)
		}
	}
}

// told finds the values behind a colon.
func (r *Redactor) told(s string) {
	for i := next(s, 0, ':'); i >= 0; i = next(s, i+1, ':') {
		switch {
		case endsNoName(s, i): // most
		case strings.HasPrefix(s[i:], "://"):
			r.userinfo(s, i+len("://"))
		case !r.names.mayEnd(s, i):
		case r.quotedSecret(s, i):
			i = r.add(s, i+1)
		default:
			i = max(i, r.header(s, i), r.labelled(s, i))
		}
	}
}

// endsNoName says that what stands before the colon at i is neither the name of a header that header knows, nor a label, nor
// in quotes, nor the scheme of a URL: most colons stand in times and within other words.
func endsNoName(s string, i int) bool {
	return i > 0 && isName(s[i-1]) && !endsHeader(s[i-1]) && (i+1 == len(s) || s[i+1] != ' ' && s[i+1] != '/')
}

// isSignal says whether a name that ends at i is "sig" and stands outside a URL's query: there it is no signature, but, in
// the audit log of Linux for one, the signal that ended a process.
func isSignal(s string, i int, name string) bool {
	from := i - len(name)
	return strings.EqualFold(name, "sig") && (from <= 0 || s[from-1] != '?' && s[from-1] != '&')
}

// next returns the index of c in s from i on, -1 where it is not there any more.
func next(s string, i int, c byte) int {
	j := strings.IndexByte(s[i:], c)
	if j < 0 {
		return -1
	}
	return i + j
}

// PEM, as of RFC 7468.
const pemBegin, pemEnd = "-----BEGIN ", "-----END "

// privateKeys finds the private keys in PEM.
func (r *Redactor) privateKeys(s string) {
	for i := 0; ; {
		begin := strings.Index(s[i:], pemBegin)
		if begin < 0 {
			return
		}
		i += begin + len(pemBegin)
		label, _, _ := strings.Cut(s[i:min(len(s), i+longestName)], "-----")
		if !strings.HasSuffix(label, "PRIVATE KEY") {
			continue
		}
		from := i + len(label)
		i = len(s)
		if end := strings.Index(s[from:], pemEnd); end >= 0 {
			i = from + end
		}
		for _, sign := range [...]string{"; ", "&&", "|", "`", "$("} { // no key has these: a command goes on
			if end := strings.Index(s[from:i], sign); end >= 0 {
				i = from + end
			}
		}
		r.found = append(r.found, span{from, i})
	}
}

// userinfo notes the password in a URL whose host part begins at i: https://user:password@host.
func (r *Redactor) userinfo(s string, i int) {
	end := len(s)
	if j := strings.IndexAny(s[i:], "/?# \t\r\n\"'<>"); j >= 0 {
		end = i + j
	}
	at := strings.LastIndexByte(s[i:end], '@')
	if at < 0 {
		return
	}
	if colon := strings.IndexByte(s[i:i+at], ':'); colon >= 0 {
		r.note(s, i+colon+1, i+at)
	}
}

// header notes the value of an HTTP header whose name ends at the colon at i, where it is one that holds a secret, and
// returns its end; else 0.
func (r *Redactor) header(s string, i int) int {
	name := nameBefore(s, i)
	from := i + 1
	for from < len(s) && s[from] == ' ' {
		from++
	}
	switch start := s[from:min(len(s), from+longestName)]; {
	case hasSuffixFold(name, "authorization"):
		scheme, _, two := strings.Cut(start, " ")
		if !two || !slices.ContainsFunc(schemes, func(x string) bool { return strings.EqualFold(scheme, x) }) {
			return 0
		}
		from += len(scheme) + 1
		if !strings.EqualFold(scheme, "digest") && !strings.EqualFold(scheme, "aws4-hmac-sha256") { // those have parameters
			to := endOfToken(s, from)
			r.note(s, from, to)
			return to - 1
		}
	case hasSuffixFold(name, "cookie"):
		if !strings.Contains(start, "=") {
			return 0
		}
	case !hasSuffixFold(name, "api-key") && !hasSuffixFold(name, "auth-token") && !hasSuffixFold(name, "security-token"):
		return 0
	}
	to := len(s)
	if j := strings.IndexAny(s[from:], "\r\n\"'"); j >= 0 {
		to = from + j
	}
	r.note(s, from, to)
	return to - 1
}

// endOfToken returns the end of the token that begins at i: what it cannot hold ends it (RFC 9110, 11.2), and what stands behind
// it, as in a command, is no part of it.
func endOfToken(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	if rest, ok := strings.CutPrefix(s[i:], MarkerStart); ok {
		return len(s) - len(rest) + 1 + max(-1, strings.IndexByte(rest, ']'))
	}
	if j := strings.IndexAny(s[i:], " \t\r\n\"',;|&<>"); j >= 0 {
		return i + j
	}
	return len(s)
}

// endsHeader says whether c ends the name of one of the headers that header knows.
func endsHeader(c byte) bool {
	switch lower(c) {
	case 'n', 'e', 'y':
		return true
	}
	return false
}

// schemes are those of https://www.iana.org/assignments/http-authschemes/ that are common, and some that are no
// standard: after "authorization:" other words are prose.
var schemes = []string{"basic", "bearer", "digest", "dpop", "negotiate", "ntlm", "token", "apikey", "aws4-hmac-sha256", "sharedkey", "splunk"}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}
