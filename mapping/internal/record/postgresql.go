// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// pgauditColumns are the fields of a pgAudit entry: https://github.com/pgaudit/pgaudit#format. Rows are there with
// pgaudit.log_rows only.
var pgauditColumns = [...]string{
	"audit_type", "statement_id", "substatement_id", "class", "command", "object_type", "object_name", "statement", "parameter",
	"rows",
}

// csvlogColumns are the columns of PostgreSQL's csvlog, under the names that its jsonlog has for them:
// https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG
var csvlogColumns = [...]string{
	"timestamp", "user", "dbname", "pid", "connection_from", "session_id", "line_num", "ps", "session_start", "vxid", "txid",
	"error_severity", "state_code", "message", "detail", "hint", "internal_query", "internal_position", "context", "statement",
	"cursor_position", "location", "application_name", "backend_type", "leader_pid", "query_id",
}

// csvlogMessage is the message's place among the columns.
const csvlogMessage = 13

const pgauditMark = "AUDIT: "

var (
	// csvlogStart is how a line of csvlog begins, and some of stderr, whose prefix may have commas, too.
	csvlogStart = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^,]{1,10},`)
	// lineSeverity is what stands before a message, and before what else PostgreSQL says with it: LOG, STATEMENT, …
	lineSeverity = regexp.MustCompile(`(\pL+[1-5]?):  `)
	auditStart   = regexp.MustCompile(`AUDIT: (SESSION|OBJECT),\d+,\d+,[A-Z]+,`)
)

// parsePostgreSQL reads what pgAudit writes to PostgreSQL's log: a line of csvlog, a line of stderr or syslog, or the
// message alone, as it stands in either of those and in jsonlog.
func parsePostgreSQL(text string) []part {
	found := auditStart.FindStringIndex(text)
	switch {
	case found == nil:
		return nil
	case found[0] == 0:
		return pgauditEntry(text[len(pgauditMark):])
	case csvlogStart.MatchString(text) && strings.Count(text[:found[0]], ",") >= csvlogMessage:
		return csvlogLine(text)
	}
	return stderrLine(text[:found[0]], text[found[0]:])
}

func startsEntry(text string) bool {
	found := auditStart.FindStringIndex(text)
	return found != nil && found[0] == 0
}

func pgauditEntry(text string) []part {
	parts := make([]part, 0, len(pgauditColumns))
	for i, column := range pgauditColumns {
		field, rest, more := csvField(text, i == len(pgauditColumns)-1)
		parts = append(parts, part{column, field})
		if !more {
			break
		}
		text = rest
	}
	return parts
}

func csvlogLine(text string) []part {
	parts := make([]part, 0, len(csvlogColumns)+1)
	for i, column := range csvlogColumns {
		field, rest, more := csvField(text, i == len(csvlogColumns)-1)
		parts = append(parts, part{column, field})
		if !more {
			break
		}
		text = rest
	}
	if len(parts) <= csvlogMessage || !startsEntry(parts[csvlogMessage].value) {
		return nil
	}
	for i, p := range parts {
		if p.key != "connection_from" {
			continue
		}
		if at := strings.LastIndexByte(p.value, ':'); at >= 0 {
			parts[i] = part{"remote_host", p.value[:at]}
			return append(parts, part{"remote_port", p.value[at+1:]})
		}
		parts[i].key = "remote_host"
	}
	return parts
}

// csvField reads the first field of a CSV text, and says whether a comma follows, behind which the rest begins. It takes
// what no quote closes, or what comes after one, as part of the field: no byte of the text is lost but quotes and commas.
// The last field reaches to the end of the text.
func csvField(text string, last bool) (field, rest string, more bool) {
	if last {
		return unquote(text), "", false
	}
	end := closingQuote(text) + 1
	if comma := strings.IndexByte(text[end:], ','); comma >= 0 {
		return unquote(text[:end+comma]), text[end+comma+1:], true
	}
	return unquote(text), "", false
}

// closingQuote returns the place of the quote that closes the one at the start of a text: the first that is not doubled.
// Where no quote closes it, that is the last byte; where none is at the start, -1.
func closingQuote(text string) int {
	if !strings.HasPrefix(text, `"`) {
		return -1
	}
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 == len(text) || text[i+1] != '"' {
			return i
		}
		i++
	}
	return len(text) - 1
}

// unquote takes off the quotes around a field, and keeps what stands behind them.
func unquote(field string) string {
	end := closingQuote(field)
	switch {
	case end < 0:
		return field
	case end == 0 || field[end] != '"':
		return field[1:]
	}
	return strings.ReplaceAll(field[1:end], `""`, `"`) + field[end+1:]
}

// What log_line_prefix may hold. PostgreSQL lets its operator put anything there
// (https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX), and a client chooses what stands
// there as its application's name. So a prefix is taken apart only where each part of it can be nothing else: a wrong user is
// worse than none. The whole prefix is kept beside it.
var (
	prefixPart = regexp.MustCompile(`^(?P<syslog>(?:<\d+>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ postgres\[\d+\]:)` +
		`|(?P<timestamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{2,5}\b| [+-]\d\d(?::?\d\d)?)?)` + // %m, %t, %s
		`|(?P<user>[^\s:@\[\](),=<>|-][^\s:@\[\](),=<>|]*)@(?P<dbname>[^\s:@\[\](),=<>|]+)` + // %u@%d
		`|(?P<remote_host>[^\s()\[\],=<>]{1,255})\((?P<remote_port>\d+)\)` + // %r
		`|(?P<address>\[local\]|\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})` + // %h
		`|(?P<session_id>\b[0-9a-f]{8}\.[0-9a-f]+\b)` + // %c
		`|\[(?P<pid>\d+)\]` + // [%p]
		`|(?P<number>\b\d+(?:[-/]\d+)?\b)`) // %p, [%l-1], %v, %x
	prefixNames  = prefixPart.SubexpNames()
	prefixFill   = regexp.MustCompile(`^[\s:,;<>()|\[\]-]*$`)                                   // what may stand between those
	prefixName   = regexp.MustCompile(`\b(user|db|app|client|host)=`)                           // user=%u,db=%d,app=%a,client=%h
	prefixReadme = regexp.MustCompile(`^(\S+ \S+ [A-Z]{2,5}) ([^\s@]+) ([^\s@]+) \[(\d+)\]: $`) // '%m %u %d [%p]: ', which pgAudit's README proposes
)

// prefixKeys are the names of jsonlog for those that are customary in prefixes.
var prefixKeys = map[string]string{"user": "user", "db": "dbname", "app": "application_name", "client": "remote_host", "host": "remote_host"}

// maxPrefix is the longest prefix that there may be: names have 63 bytes each.
const maxPrefix = 2000

func stderrLine(prefix, message string) []part {
	// A statement that PostgreSQL logs otherwise may quote an entry. It stands behind a severity, or a word like it, too.
	severity := lineSeverity.FindAllStringSubmatchIndex(prefix[:min(len(prefix), maxPrefix)], 2)
	if len(severity) != 1 || severity[0][1] != len(prefix) {
		return nil
	}
	m := severity[0]
	parts := []part{{"message", message}, {"prefix", prefix}, {"error_severity", prefix[m[2]:m[3]]}}
	return append(parts, prefixParts(prefix[:m[0]])...)
}

// prefixParts returns the parts of a prefix; of one that is not understood, its time.
func prefixParts(prefix string) []part {
	if m := prefixReadme.FindStringSubmatch(prefix); m != nil {
		return []part{{"timestamp", m[1]}, {"pid", m[4]}, {"user", known(m[2])}, {"dbname", known(m[3])}}
	}
	names := len(prefix)
	if at := prefixName.FindStringIndex(prefix); at != nil {
		names = at[0]
	}
	parts, understood := unnamedParts(prefix[:names])
	switch {
	case understood:
		return namedParts(prefix[names:], parts)
	case len(parts) > 0 && parts[0].key == "timestamp":
		return parts[:1]
	}
	return nil
}

// unnamedParts returns the parts of a prefix, and says whether there is nothing else in it. Else they are those before that.
func unnamedParts(prefix string) (parts []part, understood bool) {
	done := 0
	for _, m := range prefixPart.FindAllStringSubmatchIndex(prefix, -1) {
		if !prefixFill.MatchString(prefix[done:m[0]]) {
			return parts, false
		}
		done = m[1]
		for i, key := range prefixNames {
			if i == 0 || m[2*i] < 0 {
				continue
			}
			value := prefix[m[2*i]:m[2*i+1]]
			switch key {
			case "syslog", "number":
				continue
			case "user":
				if m[0] > 0 && prefix[m[0]-1] == '-' {
					return parts, false // other parts may hang on it
				}
				value = known(value)
			case "dbname":
				value = known(value)
			case "remote_host", "address":
				key, value = "remote_host", remoteHost(value)
			}
			if slices.ContainsFunc(parts, func(p part) bool { return p.key == key }) {
				if key == "timestamp" {
					continue // of the session's start
				}
				return parts, false
			}
			parts = append(parts, part{key, value})
		}
	}
	return parts, prefixFill.MatchString(prefix[done:])
}

// namedParts adds what a prefix says as name=value to its other parts. A client chooses the application's name, and may put
// more of the like into it: no user and no database is taken from there, and of a name that stands there twice, neither value.
func namedParts(prefix string, parts []part) []part {
	at := prefixName.FindAllStringSubmatchIndex(prefix, -1)
	chosen := false
	for i, m := range at {
		end := len(prefix)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		value, _, _ := strings.Cut(prefix[m[1]:end], ",")
		value = known(strings.TrimSpace(value))
		if !strings.HasPrefix(value, "[") { // [local]
			value, _, _ = strings.Cut(value, "]")
		}
		key := prefixKeys[prefix[m[2]:m[3]]]
		if j := slices.IndexFunc(parts, func(p part) bool { return p.key == key }); j >= 0 {
			parts[j].value, value = "", ""
		}
		if chosen && (key == "user" || key == "dbname") {
			value = ""
		}
		chosen = chosen || key == "application_name"
		parts = append(parts, part{key, value})
	}
	return parts
}

// remoteHost returns the address, or else the name, at the end of a text whose parts colons separate: UTC:2001:db8::1.
func remoteHost(text string) string {
	for rest, more := text, true; more; _, rest, more = strings.Cut(rest, ":") {
		if _, err := netip.ParseAddr(rest); err == nil {
			return rest
		}
	}
	return text[strings.LastIndexByte(text, ':')+1:]
}

// known gives nothing for what PostgreSQL writes where it knows no value.
func known(value string) string {
	if value == "[unknown]" {
		return ""
	}
	return value
}
