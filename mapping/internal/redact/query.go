// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package redact

import "strings"

// queries finds the secrets in the queries of URLs that are seen only where each parameter is taken for a text of its own, and
// decoded. Kubernetes has the commands that it executes there: /exec?command=mysql&command=--password&command=x.
func (r *Redactor) queries(s string) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 && !strings.Contains(s, "=-") {
		return // most
	}
	for i := next(s, 0, '?'); i >= 0; i = next(s, i, '?') {
		i++
		end := endOfQuery(s, i)
		var name string // of the parameter before, where it is an option whose value is a secret
		for i < end {
			to := end
			if j := next(s[:end], i, '&'); j >= 0 {
				to = j
			}
			key, value, _ := strings.Cut(s[i:to], "=")
			option := strings.HasPrefix(value, "-")
			if !option && name != "" && key == name {
				r.note(s, to-len(value), to)
			} else {
				r.parameter(s, to-len(value), to)
			}
			name = ""
			if option && r.names.Secret(value) {
				name = key
			}
			i = to + 1
		}
		i = end
	}
}

// endOfQuery returns where the query ends that begins at i. The blanks of a marker do not end it.
func endOfQuery(s string, i int) int {
	for {
		j := strings.IndexAny(s[i:], " \t\r\n\"<>#")
		if j < 0 {
			return len(s)
		}
		rest, marker := strings.CutPrefix(s[i+j:], " ")
		if i += j; !marker || !strings.HasSuffix(s[:i+1], MarkerStart) {
			return i
		}
		i = len(s) - len(rest) + max(0, strings.IndexByte(rest[:min(len(rest), longestName)], ']'))
	}
}

// parameter looks at the value of a parameter as it is decoded, but for "name=value", which encoded finds.
func (r *Redactor) parameter(s string, from, to int) {
	if strings.IndexByte(s[from:to], '%') < 0 && strings.IndexByte(s[from:to], '+') < 0 {
		return
	}
	r.decode(s, from, to)
	text := r.tree.Text(r.scratch)
	signs := signsIn(text)
	before := len(r.found)
	if signs&colonSign != 0 {
		r.told(text)
	}
	if signs&spaceSign != 0 {
		r.options(text)
		r.statements(text)
		r.unquoted(text)
		r.privateKeys(text)
	}
	for i := range r.found[before:] {
		found := &r.found[before+i]
		found.from, found.to = r.places[found.from], r.places[found.to]
	}
}

// decode puts a part of a URL's query, decoded, into scratch, and into places where each of its bytes begins in s, and where
// the last one ends.
func (r *Redactor) decode(s string, from, to int) {
	r.scratch, r.places = r.scratch[:0], r.places[:0]
	for i := from; i < to; i++ {
		r.places = append(r.places, i)
		c := s[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < to && hex(s[i+1]) >= 0 && hex(s[i+2]) >= 0:
			c = byte(hex(s[i+1])<<4 | hex(s[i+2]))
			i += 2
		}
		r.scratch = append(r.scratch, c)
	}
	r.places = append(r.places, to)
}

// hex returns the value of a hexadecimal digit; -1 where c is none.
func hex(c byte) int { return strings.IndexByte("0123456789abcdef", lower(c)) }
