// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import "strings"

// elements finds the secrets in XML: <Password>x</Password>. Of an element that holds others, those are looked at alone.
func (r *Redactor) elements(s string) {
	for i, done := 0, 0; ; {
		j := strings.Index(s[i:], "</")
		if j < 0 {
			return
		}
		end := i + j
		i = end + len("</")
		for i < len(s) && i-end < longestName && (isName(s[i]) || s[i] == ':') {
			i++
		}
		name := s[end+len("</") : i]
		if _, local, prefixed := strings.Cut(name, ":"); !r.names.Secret(name) && !(prefixed && r.names.Secret(local)) {
			continue
		}
		open := strings.LastIndex(s[done:end], "<"+name)
		if open < 0 {
			done = i
			continue
		}
		tag := strings.IndexByte(s[done+open:end], '>')
		if from := done + open + tag + 1; tag >= 0 {
			r.element(s, from, end, name)
		}
		done = i
	}
}

// element notes what stands in an element.
func (r *Redactor) element(s string, from, to int, name string) {
	const begin, end = "<![CDATA[", "]]>"
	inner := s[from:to]
	if strings.HasPrefix(inner, begin) && strings.HasSuffix(inner, end) {
		from, to = from+len(begin), max(from+len(begin), to-len(end))
	} else if strings.IndexByte(inner, '<') >= 0 {
		return
	}
	if !isResult(name, s[from:to]) {
		r.note(s, from, to)
	}
}

// encoded finds the secrets behind an equals sign that is percent-encoded: in a URL that is a parameter of another,
// ?next=%2Fcb%3Ftoken%3Dx%26a%3Db, or in a command. It may have been encoded more than once.
func (r *Redactor) encoded(s string) {
	for i := next(s, 0, '%'); i >= 0; i = next(s, i+1, '%') {
		sign := percent(s, i)
		if sign == 0 || decoded(s, i, sign) != '=' {
			continue
		}
		name := nameBefore(s, i)
		if at := i - len(name); at > 0 && s[at-1] == '%' {
			name = name[min(len(name), percent(s, at-1)-1):]
		}
		if !r.names.Secret(name) {
			continue
		}
		from, to := encodedValue(s, i+sign, sign)
		if !isResult(name, s[from:to]) {
			r.note(s, from, to)
		}
		i = max(i, to-1)
	}
}

// encodedValue returns where the value is that begins at i, without the quotes around it. level is the length of a character
// that was encoded as often as the value was: one that was encoded more often is a part of it.
func encodedValue(s string, i, level int) (from, to int) {
	const ends = "&#; \t\r\n\"'<>|"
	var quote byte
	if n := percent(s, i); n > 0 && n <= level {
		if c := decoded(s, i, n); c == '"' || c == '\'' {
			quote, i = c, i+n
		}
	}
	for to = i; to < len(s); {
		n, c := percent(s, to), s[to]
		switch {
		case n == 0 && strings.IndexByte(separators, c) >= 0:
			return i, to
		case n == 0 && c == '+':
			n, c = 1, ' ' // as forms are encoded, and the commands in Kubernetes' URLs
		case n == 0:
			n, c = 1, 'x'
		default:
			c = decoded(s, to, n)
		}
		if c == quote && quote != 0 || quote == 0 && strings.IndexByte(ends, c) >= 0 && (n <= level || c == '&' || c == '#') {
			return i, to
		}
		to += n
	}
	return i, to
}

// decoded returns the character that the n bytes at i stand for.
func decoded(s string, i, n int) byte {
	high, low := hex(s[i+n-2]), hex(s[i+n-1])
	if high < 0 || low < 0 {
		return '%'
	}
	return byte(high<<4 | low)
}

// percent returns the length of the percent-encoded character at i, however often it was encoded; 0 where there is none.
func percent(s string, i int) int {
	if i >= len(s) || s[i] != '%' {
		return 0
	}
	j := i + 1
	for strings.HasPrefix(s[j:], "25") && j-i < longestName {
		j += len("25")
	}
	if j+2 > len(s) {
		return 0
	}
	return j + 2 - i
}
