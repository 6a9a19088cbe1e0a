// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Every preset can be shown to people: a new kind of expression needs words in describe.go, a new preset its link.
func TestDescribeKnowsEveryPreset(t *testing.T) {
	for _, p := range All() {
		lines := p.Recognises()
		for _, row := range p.Describe() {
			require.NotEmpty(t, row.From, "%s: %s", p.Name, row.Field)
			lines = append(lines, row.Field)
			lines = append(lines, row.From...)
		}
		assert.NotContains(t, strings.Join(lines, "\n"), unknownMark, "%s: an expression has no words in describe.go", p.Name)
		assert.NotContains(t, lines, "", p.Name)
		assert.Regexp(t, `^https://[^ ]+$`, p.Link, "%s: Link is the address of the source's own reference", p.Name)
		if p != &Semconv {
			assert.NotEmpty(t, p.Recognises(), p.Name)
		}
	}
}

func TestDescribe(t *testing.T) {
	p := Preset{
		Name: "example", Mark: "kind", Encoding: "example.audit",
		Fits: allOf{
			isString(path("kind")),
			isObject(path("user")),
			isList(path("items")),
			anyOf{hasPrefix(path("kind"), "a"), hasSuffix(path("kind"), "z"), matches(path("kind"), `^x+$`)},
		},
		Version:      constant("2.0"),
		Type:         words{of: path("kind"), as: map[string]string{"b": "Bot", "a": "Admin"}},
		PrincipalID:  first(path("user", "name"), when(is(path("kind"), "x", "y"), path("user", "id"))),
		Details:      parts(member("id", path("user", "id")), under("geo"), spread{path("user", "claims")}, pairs{in: path("user", "tags"), key: "k", value: "v"}),
		UserAgent:    attribute("user_agent.original"),
		EventSource:  lower(before(".", outer("source"))),
		EventName:    join(".", path("objects", "0", "type"), lower(name("event.action"))),
		EventTime:    []Expr{below{of: path("meta"), path: tree.NewPath("at", "$date")}, path("time")},
		UID:          listed{in: path("fields"), key: "name", equal: "requestId", member: "value"},
		ID:           logEventName,
		Request:      parts(member("q", first(path("a.b", "c")))),
		Response:     parts(member("status", grpcCode{path("status")})),
		ErrorCode:    when(allOf{atLeast{path("code"), 400}, not{is(path("kind"), "ok")}}, first(path("a"), path("b"))),
		ErrorMessage: when(not{present{path("ok")}}, changed{of: path("message"), says: "trimmed", by: strings.TrimSpace}),
		SourceIP:     []Expr{path("ip"), name("client.address")},
		Secrets:      []Expr{path("password")},
		Omitted:      []Omission{{What: path("raw"), Reason: "it repeats the record"}},

		TimestampFirst: true,
		RestInRequest:  true,
	}
	require.Equal(t, []string{
		`the scope attribute encoding.format is "example.audit"`,
		"the record or an envelope of it has a key kind",
		"kind is text",
		"user is an object",
		"items is a list",
		`(kind begins with "a" or kind ends in "z" or kind matches "^x+$")`,
	}, p.Recognises())
	require.Equal(t, []Row{
		{"version", []string{`"2.0"`}},
		{"userIdentity.type", []string{`kind: "a" gives "Admin", "b" gives "Bot"`}},
		{"userIdentity.principalId", []string{"user.name", `user.id, where kind is "x" or "y"`}},
		{"userIdentity.details.id", []string{"user.id"}},
		{"userIdentity.details.geo.*", []string{"geo.*"}},
		{"userIdentity.details.*", []string{"the members of user.claims"}},
		{"userIdentity.details.*", []string{"each of user.tags: its v under its k"}},
		{"userAgent", []string{"attribute user_agent.original"}},
		{"eventSource", []string{`source (of the record or its envelope), up to ".", in lower case`}},
		{"eventName", []string{`objects[0].type + "." + (event.action, in lower case)`}},
		{"eventTime", []string{"the log record's Timestamp", "meta.at.$date", "time"}},
		{"UID", []string{`fields[name is "requestId"].value`}},
		{"id", []string{"the log record's event name"}},
		{"requestParameters.q", []string{`["a.b"].c`}},
		{"responseElements.status", []string{"status, a gRPC status by its name"}},
		{"errorCode", []string{`(a | b), where code is 400 or more and kind is not "ok"`}},
		{"errorMessage", []string{"message, trimmed, where not (ok has a value)"}},
		{"sourceIPAddress", []string{"ip", "client.address"}},
		{"redacted", []string{"password"}},
		{"left out", []string{"raw: it repeats the record"}},
		{"requestParameters", []string{"what is left of the record"}},
	}, p.Describe())
}

// What describe.go has no words for is shown by its type, and does not panic.
func TestDescribeUnknown(t *testing.T) {
	p := Preset{Fits: newCond{}, EventName: newExpr{}, Request: parts(newPart{})}
	require.Equal(t, []string{"[not described: preset.newCond]"}, p.Recognises())
	require.Equal(t, []Row{
		{"eventName", []string{"[not described: preset.newExpr]"}},
		{"requestParameters.*", []string{"[not described: preset.newPart]"}},
		{"additionalEventData", []string{"what is left of the record"}},
	}, p.Describe())
}

type (
	newExpr struct{}
	newCond struct{}
	newPart struct{}
)

func (newExpr) Eval(*record.Doc) tree.Ref { return 0 }
func (newCond) Holds(*record.Doc) bool    { return false }

func (newPart) Append(_ *record.Doc, to []record.Member) []record.Member { return to }
