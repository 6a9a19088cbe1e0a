// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
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
	// entrySeverity is one that stands where an entry should. Words in statements have small letters more often.
	entrySeverity = regexp.MustCompile(`[\p{Lu}\p{Lo}]{2,}[1-5]?:  `)
	// plainStart is how other lines of stderr and syslog begin, up to their message: it is strict, since they have nothing else
	// that is PostgreSQL's alone.
	plainStart = regexp.MustCompile(`^(?:[<\[]?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z]{2,5}|[+-]\d\d)|[^\n]{0,100}? postgres\[\d+\]: )[^\n]*?` +
		`\b(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|LOCATION|STATEMENT):  `)
	auditStart = regexp.MustCompile(`AUDIT: (SESSION|OBJECT),\d+,\d+,[A-Z]+,`)
	entryStart = regexp.MustCompile(`^` + auditStart.String())
	stateCode  = regexp.MustCompile(`^[0-9A-Z]{5}$`)
)

// parsePostgreSQL reads PostgreSQL's log: a line of csvlog, a line of stderr or syslog, or the message alone that is an entry
// of pgAudit, as it stands in either of those and in jsonlog.
func parsePostgreSQL(text string) []part {
	if startsEntry(text) {
		return csvFields(text[len(pgauditMark):], pgauditColumns[:])
	}
	if csvlogStart.MatchString(text) {
		if parts := csvlogLine(text); len(parts) > 0 {
			return parts
		}
	}
	if strings.Contains(text, pgauditMark) {
		if found := auditStart.FindStringIndex(text); found != nil {
			if parts := auditedLine(text, found[0]); len(parts) > 0 {
				return parts
			}
		}
	}
	return plainLine(text)
}

func startsEntry(text string) bool { return entryStart.MatchString(text) }

func csvlogLine(text string) []part {
	parts := csvFields(text, csvlogColumns[:])
	if len(parts) <= csvlogMessage || !stateCode.MatchString(parts[csvlogMessage-1].value) {
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

// csvFields reads as many fields of a CSV text as there are columns, or as it has.
func csvFields(text string, columns []string) []part {
	parts := make([]part, 0, len(columns))
	for i, column := range columns {
		field, rest, more := csvField(text, i == len(columns)-1)
		parts = append(parts, part{column, field})
		if !more {
			break
		}
		text = rest
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

// auditedLine reads a line of stderr, or of syslog, in which an entry begins. A name in the prefix, which a client chooses before
// it has logged in, may look like an entry, so what follows must be one.
func auditedLine(text string, entry int) []part {
	// A statement that PostgreSQL logs otherwise may quote an entry. It stands behind a severity, or a word like it, too.
	severity := lineSeverity.FindAllStringSubmatchIndex(text[:min(entry, maxPrefix)], 2)
	if len(severity) != 1 || severity[0][1] != entry || !isEntry(text[entry+len(pgauditMark):]) {
		return nil
	}
	return lineParts(text, severity[0])
}

// plainLine reads any other line of stderr, or of syslog. Where it has another severity, or what is no entry but looks like one,
// a name in the prefix may have put it there: the line then says when it was, and nothing more that can be told for sure.
func plainLine(text string) []part {
	start := text[:min(len(text), maxPrefix)]
	if !strings.Contains(start, ":  ") {
		return nil
	}
	severity := plainStart.FindStringSubmatchIndex(start)
	if severity == nil {
		return nil
	}
	if rest := start[severity[1]:]; !startsEntry(rest) && !lineSeverity.MatchString(rest) {
		return lineParts(text, severity)
	}
	parts := []part{{"message", withoutTabs(text)}, {"error_severity", text[severity[2]:severity[3]]}, {"prefix", text[:severity[2]]}}
	for _, p := range prefixParts(text[:severity[2]]) {
		if p.key == "timestamp" || p.key == "pid" || p.key == "session_id" {
			parts = append(parts, p)
		}
	}
	return parts
}

// lineParts takes a line apart behind its severity: where that, with what follows it, and its word begin and end.
func lineParts(text string, severity []int) []part {
	message, word := severity[1], text[severity[2]:severity[3]]
	parts := []part{{"message", withoutTabs(text[message:])}, {"prefix", text[:message]}, {"error_severity", word}}
	return append(parts, prefixParts(text[:severity[2]])...)
}

// isEntry says whether a text is CSV as pgAudit writes it, perhaps cut off: what it does not put in quotes has none, and no
// line ends there; what it does, ends at the second. A severity there is of the line, and the text before it of its prefix,
// but for one in a statement.
func isEntry(text string) bool {
	for range pgauditColumns {
		end := closingQuote(text) + 1
		if end > 0 && (end == 1 || text[end-1] != '"') {
			return !hasSeverity(text) // cut off
		}
		field, rest, more := strings.Cut(text[end:], ",")
		switch {
		case end > 0 && field != "", strings.ContainsAny(field, "\"\r\n"):
			return false
		case hasSeverity(field) && !startsWithNote(rest):
			return false
		case !more:
			return true
		}
		text = rest
	}
	return false
}

func hasSeverity(text string) bool {
	return strings.Contains(text, ":  ") && entrySeverity.MatchString(text)
}

// startsWithNote says whether a text begins with what pgAudit writes instead of parameters.
func startsWithNote(text string) bool {
	field, _, _ := strings.Cut(text, ",")
	return slices.Contains([]string{"<none>", "<not logged>", "<previously logged>"}, field)
}

// withoutTabs takes off the tabs with which PostgreSQL begins all lines but the first, so that a statement is the same as
// in its other logs. Where one is missing, some receiver has changed them already.
func withoutTabs(message string) string {
	if strings.Count(message, "\n") != strings.Count(message, "\n\t") {
		return message
	}
	return strings.ReplaceAll(message, "\n\t", "\n")
}
