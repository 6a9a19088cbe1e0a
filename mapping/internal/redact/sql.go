// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import (
	"slices"
	"strings"
)

// statements finds the passwords in statements of SQL: PASSWORD 'x', SET PASSWORD FOR y = 'x', IDENTIFIED BY 'x'.
func (r *Redactor) statements(s string) {
	for i := next(s, 0, '\''); i >= 0; i = next(s, i+1, '\'') {
		near := strings.ToLower(s[max(0, i-longestName):i])
		before := strings.TrimRight(beforeComment(beforeLiteral(near)), " \t\r\n(=")
		switch {
		case len(before) == len(near) && !strings.HasSuffix(near, " password"):
			// A quote right behind a word rather ends what stands in quotes.
		case strings.HasSuffix(before, "password"), strings.HasSuffix(before, " by") && definesUser(s[:i]),
			strings.Contains(near[len(before):], "=") && strings.Contains(before, "set password for"):
			i = r.literal(s, i)
		}
	}
}

// beforeLiteral takes the sign off that a literal of PostgreSQL may begin with: E'x', U&'x'.
func beforeLiteral(s string) string {
	for _, sign := range [...]string{"e", "u&"} {
		if rest, found := strings.CutSuffix(s, sign); found && (rest == "" || strings.IndexByte(" \t\r\n(=", rest[len(rest)-1]) >= 0) {
			return rest
		}
	}
	return s
}

// beforeComment takes off the comment before a literal.
func beforeComment(s string) string {
	if comment, found := strings.CutSuffix(strings.TrimRight(s, " \t\r\n"), "*/"); found {
		if from := strings.LastIndex(comment, "/*"); from >= 0 {
			return s[:from]
		}
	}
	return s
}

// literal notes what stands between the quotes of the literal at i, where it can be a secret, and returns the index of the
// quote from which to look on, or of the last character. Quotes in it are doubled, or stand behind a backslash; but to
// PostgreSQL, a backslash means nothing unless the literal says so, and the quote behind it is the second.
func (r *Redactor) literal(s string, i int) int {
	quotes := len(s[i:]) - len(strings.TrimLeft(s[i:], "'"))
	if quotes%2 == 0 {
		return r.literalWithin(s, i+quotes, quotes)
	}
	from, second := i+1, 0
	to := from
	for to < len(s) && (s[to] != '\'' || strings.HasPrefix(s[to:], "''")) {
		if s[to] == '\\' || s[to] == '\'' {
			if second == 0 && strings.HasPrefix(s[to:], `\'`) {
				second = to + 1
			}
			to++
		}
		to++
	}
	to = min(to, len(s))
	r.note(s, from, to)
	if second > 0 {
		return second
	}
	return min(to, len(s)-1)
}

// literalWithin is literal for a literal within another one, which has two quotes for each of its own, or four:
//
//	EXECUTE 'ALTER ROLE a PASSWORD ''x'''
//
// Fewer quotes end the outer literal: the inner one is empty then.
func (r *Redactor) literalWithin(s string, from, quotes int) int {
	for to := next(s, from, '\''); to >= 0; to = next(s, to, '\'') {
		run := len(s[to:]) - len(strings.TrimLeft(s[to:], "'"))
		doubled := run - run%(2*quotes)
		to += doubled
		switch run -= doubled; {
		case run >= quotes:
			r.note(s, from, to)
			return to + quotes - 1
		case run > 0:
			return from - 1
		}
	}
	return from - 1
}

// definesUser says whether a text ends as a statement that says how somebody is identified. Prose, too, says by what
// something is identified.
func definesUser(s string) bool {
	s = strings.ToLower(s[max(0, len(s)-4*longestName):])
	i := strings.LastIndex(s, "identified ")
	return i >= 0 && slices.ContainsFunc([]string{"create ", "alter ", "grant "}, func(verb string) bool { return strings.Contains(s[:i], verb) })
}

// unquoted finds the passwords that Oracle takes without quotes, or in those of names: IDENTIFIED BY x.
func (r *Redactor) unquoted(s string) {
	const by = "IDENTIFIED BY "
	for i := strings.Index(s, by); i >= 0; {
		from, to := valueAfter(s, i+len(by)-1)
		if word := s[from:to]; !strings.HasPrefix(word, "'") && word != "VALUES" && word != "PASSWORD" {
			to = r.add(s, from)
		}
		i = max(to, i+len(by))
		j := strings.Index(s[i:], by)
		if j < 0 {
			return
		}
		i += j
	}
}
