// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// labelled notes the value behind "name: " for the colon at i, and returns its end; else 0. In prose a colon says little, so
// the value has to be one word, or in quotes, that ends its line or a part of it. And the name has to be one of a password,
// or to begin one of several lines, as in YAML: "invalid token: expired" is no secret.
func (r *Redactor) labelled(s string, i int) int {
	if i+2 >= len(s) || s[i+1] != ' ' {
		return 0
	}
	name := nameBefore(s, i)
	if !r.names.Secret(name) || !isPassword(name) && !beginsLine(s, i-len(name)) {
		return 0
	}
	from, to := valueAfter(s, i)
	if !endsPart(s, to) || isResult(name, s[from:to]) {
		return 0
	}
	return r.add(s, from)
}

// isPassword says whether a name ends as those of passwords do.
func isPassword(name string) bool {
	name = strings.TrimRight(name, "0123456789")
	return hasSuffixFold(name, "password") || hasSuffixFold(name, "passwd") || hasSuffixFold(name, "pwd") || hasSuffixFold(name, "passphrase")
}

// beginsLine says whether what begins at i is the first on a line, but for the dash of a list, in a text of several lines.
func beginsLine(s string, i int) bool {
	from := max(0, i-longestName)
	before := strings.TrimRight(s[from:max(from, i)], " \t-")
	if before == "" {
		return from == 0 && strings.IndexByte(s[i:min(len(s), i+longestLine)], '\n') >= 0
	}
	return before[len(before)-1] == '\n'
}

// longestLine is how far the end of the first line is looked for.
const longestLine = 1024

// endsPart says whether a line, or a part of it, ends at i.
func endsPart(s string, i int) bool {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i == len(s) || strings.IndexByte("\r\n,;)}]\"'#\\", s[i]) >= 0
}

// options finds the values of options in commands: --password x, -password "x".
func (r *Redactor) options(s string) {
	for i := 0; i < len(s); {
		dash := next(s, i, '-')
		if dash < 0 {
			return // most
		}
		begins := dash == i || s[dash-1] == ' '
		for i = dash; i < len(s) && s[i] == '-'; {
			i++
		}
		if !begins {
			continue
		}
		name := i
		for i < len(s) && i-name < longestName && isName(s[i]) {
			i++
		}
		if i == name || i+1 >= len(s) || s[i] != ' ' || s[i+1] == '-' || !r.names.Secret(s[name:i]) {
			continue
		}
		if from, to := valueAfter(s, i); !isResult(s[name:i], s[from:to]) {
			i = max(i, r.add(s, from))
		}
	}
}

// isOption says whether n is an option of a command whose value stands behind it in a list.
func (r *Redactor) isOption(n *tree.Node) bool {
	return n.Kind == tree.String && strings.HasPrefix(n.Str, "-") && r.names.Secret(strings.TrimLeft(n.Str, "-"))
}

// option hides the value of an option, and says whether it is one, and not the next option.
func (r *Redactor) option(ref tree.Ref) bool {
	n := r.tree.At(ref)
	is := n.Kind == tree.String && !strings.HasPrefix(n.Str, "-")
	if is {
		r.hide(ref)
	}
	return is
}

// isOther says whether behind the name of a secret that ends at i stands something else.
func isOther(s string, i int, name string) bool {
	if isSignal(s, i, name) || isDirectory(s, i, name) {
		return true
	}
	from, to := valueAfter(s, i)
	return isResult(name, s[from:to])
}

// isResult says whether a value under the name "pass" is not a password but what came of a test, or how many passed.
func isResult(name, value string) bool {
	if !hasSuffixFold(name, "pass") {
		return false
	}
	value = strings.Trim(value, `\"'`)
	if strings.Trim(value, "0123456789./%") == "" {
		return true
	}
	switch strings.ToLower(value[:min(len(value), longestResult)]) {
	case "yes", "no", "y", "n", "ok", "pass", "passed", "fail", "failed", "success", "failure", "warn", "warning", "skip", "skipped", "error":
		return true
	}
	return false
}

// longestResult is longer than any word for a result.
const longestResult = 16

// isDirectory says whether what stands behind the name that ends at i is no password but the working directory of a command,
// as sudo logs it: "TTY=pts/0 ; PWD=/root ; USER=root".
func isDirectory(s string, i int, name string) bool {
	if name != "PWD" {
		return false
	}
	from, to := valueAfter(s, i)
	return strings.HasPrefix(s[from:], "/") && strings.HasPrefix(s[to:], " ;")
}
