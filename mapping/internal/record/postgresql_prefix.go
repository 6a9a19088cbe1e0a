// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// PostgreSQL lets its operator put anything into log_line_prefix
// (https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX), without quotes, and whoever
// connects chooses some of it: the application's name above all. So a prefix is read from its start, and who it was is taken
// only where all around it is known by the way in which it is written: a wrong name is worse than none.
// The whole prefix is kept beside it.
type prefixReader struct {
	rest  string
	last  byte   // what stands before the rest
	sure  []part // with nothing before them that is not known
	maybe []part // behind something that is not
	names []part // user and dbname
	lost  bool   // something is not known
	ended bool   // behind user and dbname stands what is known: they are whole
	app   bool   // in or behind an application's name
	where bool   // an address has been read
}

// prefixPieces are known by how they are written; those without a key are of no use.
var prefixPieces = [...]struct {
	key string
	is  *regexp.Regexp
}{
	{"timestamp", regexp.MustCompile(`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{2,5}\b| [+-]\d\d(?::?\d\d)?)?)`)}, // %m, %t
	{"timestamp", regexp.MustCompile(`^(\d{10}\.\d{3})(?:[ ,;|:\])>"]|$)`)},                                                 // %n
	{"session_id", regexp.MustCompile(`^([0-9a-f]{8}\.[0-9a-f]+)\b`)},                                                       // %c
	{"pid", regexp.MustCompile(`^\[(\d+)\]`)},                                                                               // [%p]
	{"remote_host", regexp.MustCompile(`^(\[local\])`)},                                                                     // %h, %r
	{"", regexp.MustCompile(`^(\[\d+-\d+\]|\[unknown\]|client backend\b)`)},                                                 // [%l-1], %b
	{"", regexp.MustCompile(`^(-?\d+(?:/\d+)?)(?:[ ,;|:\])>"]|$)`)},                                                         // %p, %l, %v, %x
}

var (
	prefixRemote   = regexp.MustCompile(`^([^\s()\[\],=@]{1,255})\((\d+)\)`)                                                       // %r
	prefixAddress  = regexp.MustCompile(`^[0-9A-Fa-f:.]+`)                                                                         // %h
	prefixUserAtDB = regexp.MustCompile(`^([^\s:@\[\](),=<>"';|/]+)@([^\s:@\[\](),=<>"';|/.]+)(?:[\s:\]),>"';|]|$)`)               // %u@%d
	prefixName     = regexp.MustCompile(`^(\w+)=`)                                                                                 // user=%u, …
	prefixNextName = regexp.MustCompile(`[\s,;|]+\w+=`)                                                                            // where a pair ends
	prefixClient   = regexp.MustCompile(`\b(?:client|host)=`)                                                                      // client=%h
	prefixReadme   = regexp.MustCompile(`^\S+ \S+ [A-Z]{2,5} ([^\s@=,]+) ([^\s@=,]+) \[\d+\]: $`)                                  // '%m %u %d [%p]: ', which pgAudit's README proposes
	prefixSyslog   = regexp.MustCompile(`^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|([-\d]{10}T\S+)) \S+ [^\s\[\]]+\[(\d+)\]: `) // syslog's own
)

// prefixNames are the names of jsonlog for those that are customary in prefixes.
var prefixNames = map[string]string{"user": "user", "db": "dbname", "app": "application_name", "client": "remote_host", "host": "remote_host"}

// maxPrefix is the longest prefix that there may be: names have 63 bytes each.
const maxPrefix = 2000

// between are what stands between the pieces of a prefix.
const between = " \t:,;|<>()[]\"'-"

// prefixParts returns what a prefix says.
func prefixParts(prefix string) []part {
	p := prefixReader{rest: prefix}
	if m := prefixSyslog.FindStringSubmatch(prefix); m != nil {
		p.sure = append(p.sure, part{"pid", m[2]})
		if m[1] != "" {
			p.maybe = append(p.maybe, part{"timestamp", m[1]}) // PostgreSQL's own is the better
		}
		p.skip(len(m[0]))
	}
	for p.rest != "" {
		switch {
		case p.piece():
			p.ended = p.ended || len(p.names) > 0
		case strings.IndexByte(between, p.rest[0]) >= 0:
			p.skip(1)
		case p.pair(), p.userAtDB():
		default:
			p.unknown()
			p.skip(endOfWord(p.rest))
		}
	}
	parts := p.sure
	for _, m := range p.maybe {
		if !has(parts, m.key) && isSingle(p.maybe, m.key) {
			parts = append(parts, m)
		}
	}
	if !p.lost && isSingle(p.names, "user") && isSingle(p.names, "dbname") {
		return append(parts, p.names...)
	}
	if m := prefixReadme.FindStringSubmatch(prefix); m != nil && len(p.names) == 0 {
		parts = append(parts, part{"user", known(m[1])}, part{"dbname", known(m[2])})
	}
	return parts
}

func (p *prefixReader) skip(n int) {
	if n > 0 {
		p.last, p.rest = p.rest[n-1], p.rest[n:]
	}
}

// unknown notes that what follows may be anything. Behind names that are whole it may be an application's.
func (p *prefixReader) unknown() {
	p.app = p.app || p.ended
	p.lost = p.lost || !p.app
}

func (p *prefixReader) add(key, value string) {
	switch {
	case p.lost || p.app:
		p.maybe = append(p.maybe, part{key, value})
	case !has(p.sure, key):
		p.sure = append(p.sure, part{key, value})
	}
}

// piece reads one that is known by how it is written.
func (p *prefixReader) piece() bool {
	if p.remote() || p.address() {
		return true
	}
	for _, known := range prefixPieces {
		if m := known.is.FindStringSubmatch(p.rest); m != nil {
			if known.key != "" {
				p.add(known.key, m[1])
			}
			p.skip(strings.Index(m[0], m[1]) + len(m[1]))
			if strings.HasPrefix(p.rest, "]") {
				p.skip(1)
			}
			return true
		}
	}
	return false
}

// remote reads where a client is, with its port.
func (p *prefixReader) remote() bool {
	m := prefixRemote.FindStringSubmatch(p.rest)
	if m == nil || strings.Contains(m[1], ":") && !isAddress(m[1]) {
		return false
	}
	if !p.where {
		p.add("remote_host", m[1])
		p.add("remote_port", m[2])
	}
	p.skip(len(m[0]))
	return true
}

// address reads an address without a port. It may be an application's name, so it is not taken.
func (p *prefixReader) address() bool {
	address := prefixAddress.FindString(p.rest)
	if !isAddress(address) {
		address = strings.TrimSuffix(address, ":")
	}
	if !isAddress(address) || len(address) < len(p.rest) && strings.IndexByte(between, p.rest[len(address)]) < 0 {
		return false
	}
	p.where = true
	p.skip(len(address))
	return true
}

// userAtDB reads the one pair of words that is customary without names. Behind a hyphen it cannot be told where the first
// begins; and a domain stands behind the @ of people's addresses, which are users, too.
func (p *prefixReader) userAtDB() bool {
	m := prefixUserAtDB.FindStringSubmatch(p.rest)
	if m == nil || p.last == '-' {
		return false
	}
	if p.app = p.app || p.ended; !p.app {
		p.names = append(p.names, part{"user", m[1]}, part{"dbname", m[2]})
	}
	p.skip(len(m[1]) + 1 + len(m[2]))
	return true
}

// pair reads a name=value.
func (p *prefixReader) pair() bool {
	m := prefixName.FindStringSubmatch(p.rest)
	if m == nil {
		return false
	}
	p.skip(len(m[0]))
	switch key := prefixNames[m[1]]; key {
	case "user", "dbname":
		p.name(key)
	case "remote_host":
		p.client()
	case "application_name":
		p.application()
	default:
		if p.rest != "" && !p.piece() {
			p.unknown() // it may be anything that a client says
		}
	}
	return true
}

// name reads a user or a database: it ends where a comma and the next name stand, else it is one word.
func (p *prefixReader) name(key string) {
	end, sure := endOfWord(p.rest), false
	if next := prefixNextName.FindStringIndex(p.rest); next != nil && p.rest[next[0]] == ',' {
		end, sure = next[0], true
	}
	value := p.rest[:end]
	p.skip(end)
	if value = known(value); strings.ContainsAny(value, ":,=()[]<>\"'") || key == "dbname" && !sure && strings.Contains(value, "@") {
		p.unknown()
	}
	if value = strings.TrimSpace(value); value != "" && !p.app {
		p.names = append(p.names, part{key, value})
	}
}

// client reads where a client is: an address, with a port or without, or a name.
func (p *prefixReader) client() {
	if p.remote() {
		return
	}
	end := len("[local]")
	if !strings.HasPrefix(p.rest, "[local]") {
		end = strings.IndexAny(p.rest+" ", " \t,;|<>()[]\"'")
	}
	host := p.rest[:end]
	if !isAddress(host) {
		host = strings.TrimSuffix(host, ":")
	}
	if host != "" {
		p.add("remote_host", host)
	}
	p.skip(end)
}

// application reads an application's name, which ends nowhere for sure. What stands in it like a pair may be one of the
// prefix, so nothing is taken then; and where two say which client it is, neither is.
func (p *prefixReader) application() {
	p.app = true
	name := p.rest
	if clients := prefixClient.FindAllStringIndex(p.rest, 2); len(clients) == 1 {
		name = p.rest[:clients[0][0]]
	}
	p.skip(len(name))
	name = strings.TrimRight(name, " \t:,;|-")
	if strings.Count(name, "]") > strings.Count(name, "[") {
		name = strings.TrimSuffix(name, "]")
	}
	if name = known(name); name != "" && !strings.Contains(name, "=") {
		p.sure = append(p.sure, part{"application_name", name})
	}
}

func has(parts []part, key string) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.key == key })
}

// isSingle says whether a key is there at most once.
func isSingle(parts []part, key string) bool {
	n := 0
	for _, p := range parts {
		if p.key == key {
			n++
		}
	}
	return n <= 1
}

func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// endOfWord returns where the word at the start of a text ends: 1 at least.
func endOfWord(text string) int {
	if end := strings.IndexAny(text[1:], " \t,;|"); end >= 0 {
		return 1 + end
	}
	return len(text)
}

// known gives nothing for what PostgreSQL writes where it knows no value.
func known(value string) string {
	if value == "[unknown]" {
		return ""
	}
	return value
}
