// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import "strings"

// note notes a part of a text, where it can be a secret.
func (r *Redactor) note(s string, from, to int) {
	if from < to && !masked(s[from:to]) {
		r.found = append(r.found, span{from, to})
	}
}

// add notes the value that begins at from, without the quotes around it, where it can be a secret, and returns the index of
// its last character.
func (r *Redactor) add(s string, from int) int {
	from, to := valueAfter(s, from-1)
	last := max(from, to) - 1
	for from < to && s[from] == '\\' {
		from++
	}
	if from < to && (s[from] == '"' || s[from] == '\'') {
		from++
		if to > from && s[to-1] == s[from-1] { // else the text is cut off before the closing quote
			to--
		}
		for to > from && s[to-1] == '\\' {
			to--
		}
	}
	r.note(s, from, to)
	return last
}

// longestName is the longest name that is looked for in plain text.
const longestName = 64

// nameBefore returns the name that ends at i, with white space between them or not.
func nameBefore(s string, i int) string {
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	if i > 0 && (s[i-1] == '"' || s[i-1] == '\'') {
		for i--; i > 0 && s[i-1] == '\\'; {
			i--
		}
	}
	from := i
	for from > 0 && i-from < longestName && isName(s[from-1]) {
		from--
	}
	return s[from:i]
}

func isName(c byte) bool { return isWord(lower(c)) || c == '_' || c == '-' || c == '.' }

// quotedSecret says whether before the colon at i stands a name of a secret in quotes, as in JSON that is cut off, or
// stands in another text.
func (r *Redactor) quotedSecret(s string, i int) bool {
	for i > 0 && s[i-1] == ' ' {
		i--
	}
	return i > 0 && (s[i-1] == '"' || s[i-1] == '\'') && r.names.Secret(nameBefore(s, i))
}

// valueAfter returns where the value is whose name and sign end at i, its quotes included.
func valueAfter(s string, i int) (from, to int) {
	for from = i + 1; from < len(s) && (s[from] == ' ' || s[from] == '\t'); from++ {
	}
	return from, endOfValue(s, from)
}

// endOfValue returns the end of the value that begins at i: of a quoted one its closing quote, which is escaped as its
// opening one is; of any other the first character that separates.
func endOfValue(s string, i int) int {
	from := i
	for from < len(s) && s[from] == '\\' {
		from++
	}
	if from < len(s) && (s[from] == '"' || s[from] == '\'') {
		for j := from + 1; j < len(s); j++ {
			if s[j] == s[from] && backslashes(s, j) <= from-i {
				return j + 1
			}
		}
		return len(s)
	}
	if j := strings.IndexAny(s[i:], separators); j >= 0 {
		return i + j
	}
	return len(s)
}

// separators end a value that stands in no quotes.
const separators = "&;, \t\r\n\"'<>()[]{}|\\"

func backslashes(s string, i int) (n int) {
	for i > n && s[i-1-n] == '\\' {
		n++
	}
	return n
}

// masked says whether a value was hidden before it came here, or says that there is none: by us, by Vault (its audit
// devices write HMACs: https://developer.hashicorp.com/vault/docs/audit), or by words and signs that stand for it.
func masked(s string) bool {
	if rest, ok := strings.CutPrefix(s, MarkerStart); ok {
		if n, ok := strings.CutSuffix(rest, " bytes]"); ok && n != "" && strings.Trim(n, "0123456789") == "" {
			return true
		}
	}
	if rest, ok := strings.CutPrefix(s, "hmac-sha256:"); ok && strings.Trim(rest, "0123456789abcdef") == "" {
		return true
	}
	if s == "?" || s[:min(1, len(s))] == "$" && strings.Trim(s[1:], "0123456789") == "" {
		return true // a parameter of a query
	}
	if len(s) > 40 {
		return strings.Trim(s, "*") == ""
	}
	switch strings.ToLower(strings.Trim(s, "*[]<>(){}_-. ")) {
	case "", "redacted", "removed", "masked", "hidden", "filtered", "omitted", "sensitivedataremoved", "hidden_due_to_security_reasons",
		"true", "false", "null", "none", "nil", "undefined", "unset":
		return true
	}
	return false
}
