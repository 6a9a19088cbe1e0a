// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// comparison is what one expectation says of one field of an event, and what the event has.
type comparison struct {
	record *corpusRecord
	who    string   // whose expectation it is
	field  string   // of comparedFields
	want   []string // any of them is right
	got    string
	event  *decoded
	named  bool // agreed by another name of the actor
}

// comparedFields are the fields that expectations speak of, with the share of its comparisons in which each has to agree
// for a source that has a preset, in per cent. 0 = reported only.
var comparedFields = []struct {
	name  string
	least float64
	got   func(d *decoded) string
	agree func(c *comparison) bool
}{
	{"UID", 100, func(d *decoded) string { return d.UID }, sameID},
	{"userAgent", 100, func(d *decoded) string { return d.UserAgent }, equal},
	{"eventTime", 99, func(d *decoded) string { return d.EventTime }, sameSecond},
	{"sourceIPAddress", 99, func(d *decoded) string { return d.SourceIPAddress }, sameAddress},
	{"principalId", 99, func(d *decoded) string { return d.UserIdentity.PrincipalID }, samePrincipal},
	{"error", 98, func(d *decoded) string { return yesNo(d.ErrorCode != "") }, equal},
	{"eventName", 97, func(d *decoded) string { return d.EventName }, sameName},
	{"target", 0, func(*decoded) string { return "" }, sameTarget},
}

func yesNo(b bool) string {
	if b {
		return "failed"
	}
	return "done"
}

// sameID: the id is the same, or where the expectation has a part of it only, that part.
func sameID(c *comparison) bool {
	if rule, ok := partialIDs[c.record.source]; ok {
		return slices.Contains(c.want, rule.part(c.got))
	}
	return equal(c)
}

// partialIDs are the sources of which the expectation has a part of the id only.
var partialIDs = map[string]struct {
	reason, link string
	part         func(uid string) string
}{
	"google_workspace": {
		"uniqueQualifier tells apart activities of one time, and is no id without customer, application and time",
		"https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list#Activity",
		func(uid string) string { return uid[strings.LastIndex(uid, "/")+1:] },
	},
}

// equal: the text is the same.
func equal(c *comparison) bool { return slices.Contains(c.want, c.got) }

// sameSecond: an event's time has no fractions.
func sameSecond(c *comparison) bool {
	for _, want := range c.want {
		if at, ok := parseTime(want); ok && at.Format("2006-01-02T15:04:05Z") == c.got {
			return true
		}
	}
	return false
}

// sameAddress: the address is the same, however it is written.
func sameAddress(c *comparison) bool {
	got, err := netip.ParseAddr(c.got)
	for _, want := range c.want {
		if addr, ok := readAddress(want); ok && err == nil && addr.Unmap() == got.Unmap() {
			return true
		}
	}
	return false
}

// samePrincipal: the actor is the same, by one of the names that the expectation has for it.
func samePrincipal(c *comparison) bool {
	if equal(c) {
		return true
	}
	if _, stable := stableIDs[c.record.source]; !stable {
		return false
	}
	for _, l := range leavesOf(map[string]any{"id": c.got, "details": c.event.UserIdentity.Details}, "", false, nil) {
		s, _ := l.string()
		for _, want := range c.want {
			// The end of an ARN, or of the id of a role that somebody has assumed, is a name too.
			if s == want || strings.HasSuffix(s, ":"+want) || strings.HasSuffix(s, "/"+want) {
				c.named = true
				return true
			}
		}
	}
	return false
}

// stableIDs are the sources whose expectations call the actor by a name that may change or be given to another: the event
// has its id, and the name in userIdentity.details.
var stableIDs = map[string]struct{ reason, link string }{
	"aws_cloudtrail": {
		"principalId is unique, the name of a user or role is not",
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
	},
	"entra_signin": {
		"the object's id stays when the user principal name changes",
		"https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference",
	},
	"okta": {
		"the actor's id stays when the login (alternateId) changes",
		"https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/",
	},
	"slack": {
		"the member's id stays when the name changes",
		"https://docs.slack.dev/reference/objects/user-object",
	},
	"onepassword": {
		"the user's uuid stays when the address changes",
		"https://developer.1password.com/docs/events-api/reference",
	},
	"vault": {
		"an entity is one and the same over all the ways to sign in, whose metadata the expectation has",
		"https://developer.hashicorp.com/vault/docs/concepts/identity",
	},
	"salesforce": {
		"USER_ID has 15 characters and is in each event log file; the expectation takes the 18 of USER_ID_DERIVED for some, which stand in details.id",
		"https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_login.htm",
	},
}

// nameRules are the sources whose eventName says more than the expectation, with what the expectation says of it.
var nameRules = map[string]struct {
	reason string
	part   func(name string) []string
}{
	"kubernetes_audit": {"the expectation has the verb alone, the event resource and verb", verb},
	"aks_kube_audit":   {"the same", verb},
	"vault":            {"the expectation has the operation alone, the event operation and type of mount", func(name string) []string { return strings.Fields(name)[:1] }},
}

// verb returns where the verb may be in the name of a Kubernetes event: "pods.create", or "get /version".
func verb(name string) []string {
	return []string{name[strings.LastIndex(name, ".")+1:], strings.Fields(name)[0]}
}

var notInWords = regexp.MustCompile(`[^a-z0-9]+`)

// fold leaves letters, in one case, and digits: expectations lower them, and part words in their own way.
func fold(s string) string { return notInWords.ReplaceAllString(strings.ToLower(s), "") }

// sameName: the words are the same.
func sameName(c *comparison) bool {
	got := []string{c.got}
	if rule, ok := nameRules[c.record.source]; ok && c.got != "" {
		got = append(got, rule.part(c.got)...)
	}
	for _, want := range c.want {
		if slices.ContainsFunc(got, func(g string) bool { return fold(g) == fold(want) }) {
			return true
		}
	}
	return false
}

// sameTarget: each "member=value" of the expectation is a member of requestParameters.
func sameTarget(c *comparison) bool {
	c.got = ""
	for _, want := range c.want {
		key, value, _ := strings.Cut(want, "=")
		if c.event.RequestParameters[key] != value {
			c.got += fmt.Sprintf(" %s=%v", key, c.event.RequestParameters[key])
			return false
		}
	}
	return true
}

// different is a deliberate difference from the expectations.
type different struct {
	source, field string
	is            func(c *comparison) bool
	reason, link  string
}

// member returns what stands at a path in the source's record, as text.
func (c *comparison) member(path string) string {
	return strings.Join(textsAt(c.record.parsed, path), ",")
}

// deliberate are the differences that are meant, at most 2 % of the comparisons of a source and field.
var deliberate = []different{
	{
		"m365", "eventName", func(c *comparison) bool { return c.got == c.member("Operation") },
		"the event has the source's own name of the operation, the expectation for a few another",
		"https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema",
	},
}

// noEvidence are expectations that say nothing of the record, and are not compared.
var noEvidence = []different{
	{
		"google_workspace", "error", func(c *comparison) bool { return strings.Contains(c.record.text, `"Challenge Passed."`) },
		"the expectation takes the first challenge for a failure whatever its status says",
		"https://developers.google.com/workspace/admin/reports/v1/appendix/activity/login#login_challenge",
	},
	{
		"keycloak", "eventTime", nil, "the text says no zone: the expectation puts in the one of the machine that made it",
		"https://www.keycloak.org/server/logging",
	},
	{
		"kubernetes_audit", "error", func(c *comparison) bool { return c.who == "ecs" && c.member("responseStatus.code") >= "400" },
		"the expectation looks at the authorizer's decision, and not at the answer, which may refuse all the same",
		"https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Event",
	},
	{
		"vault", "error", func(c *comparison) bool { return c.member("error") == "" },
		"the expectation takes an error that is empty for one",
		"https://developer.hashicorp.com/vault/docs/audit",
	},
	{
		"salesforce", "eventName", nil, "the expectation has a name of its own for each type of event",
		"https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_supportedeventtypes.htm",
	},
}

func (d *different) covers(c *comparison) bool {
	return d.source == c.record.source && d.field == c.field && (d.is == nil || d.is(c))
}

func anyCovers(list []different, c *comparison) bool {
	return slices.ContainsFunc(list, func(d different) bool { return d.covers(c) })
}
