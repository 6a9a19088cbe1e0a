// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// wrapper is an envelope that some transport puts around the records of a source. What it says beside the record is
// kept, and goes with each record that it holds.
type wrapper struct {
	// has are keys that the envelope has beside the record.
	has []*tree.Key
	// path is a path that leads to something in the envelope.
	path []*tree.Key
	// at is the path to what it holds: an object, text that is a JSON object, or a list of either.
	at []*tree.Key
	// text says that it holds text only: an object at that place is something else.
	text bool
	// list says that it holds a list only.
	list bool
	// only says that the envelope has no keys but that of the list, and those of a page of a list: the same word may
	// well be one among the values of a record.
	only bool
	// carrier says that a record may have such a member, too. What is known to be one is no envelope.
	carrier bool
	// is says what else must hold; nil = nothing.
	is func(d *Doc, envelope tree.Ref) bool
}

// pageKeys are what pages of lists say of themselves.
var pageKeys = []string{
	"apiVersion", "count", "cursor", "etag", "has_more", "kind", "metadata", "next", "nextPageToken", "next_page", "total",
	"requestId", "timestamp", // of Amazon Data Firehose: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
}

// wrappers are the envelopes that are known, the stricter first.
var wrappers = []wrapper{
	// Amazon EventBridge: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
	{has: tree.NewPath("detail-type", "source"), at: tree.NewPath("detail")},
	// CloudEvents: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
	{has: tree.NewPath("specversion", "source", "type"), at: tree.NewPath("data"), carrier: true, is: holdsObject},
	// Amazon CloudWatch Logs subscriptions: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
	{has: tree.NewPath("messageType", "logGroup"), at: tree.NewPath("logEvents"), list: true},
	{has: tree.NewPath("id", "timestamp"), at: tree.NewPath("message"), text: true, carrier: true},
	// AWS CloudTrail's files: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
	{at: tree.NewPath("Records"), list: true, only: true},
	// Azure's event hubs and storage: https://learn.microsoft.com/azure/azure-monitor/platform/stream-monitoring-data-event-hubs
	{at: tree.NewPath("records"), list: true, only: true},
	// Azure Kubernetes Service, the category kube-audit: https://learn.microsoft.com/azure/aks/monitor-aks-reference
	{has: tree.NewPath("category"), at: tree.NewPath("properties", "log"), text: true},
	// Azure Database for PostgreSQL: https://learn.microsoft.com/azure/postgresql/monitor/concepts-logging
	{has: tree.NewPath("category"), at: tree.NewPath("properties", "message"), text: true, is: isPostgreSQLLog},
	// CloudNativePG, and the entries of pgAudit in it: https://cloudnative-pg.io/documentation/current/logging/
	{path: tree.NewPath("record", "error_severity"), at: tree.NewPath("record")},
	{has: tree.NewPath("error_severity"), path: tree.NewPath("audit", "audit_type"), at: tree.NewPath("audit")},
	// Google Cloud Logging: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
	{at: tree.NewPath("protoPayload")},
	// Okta's event hooks: https://developer.okta.com/docs/concepts/event-hooks/
	{has: tree.NewPath("eventType", "eventTypeVersion"), at: tree.NewPath("data", "events"), list: true},
	// Auth0's log streams: https://auth0.com/docs/customize/log-streams/custom-log-streams
	{has: tree.NewPath("log_id"), at: tree.NewPath("data")},
	{path: tree.NewPath("data", "log_id"), at: tree.NewPath("data")},
	// Lists of the Kubernetes and Google APIs: https://kubernetes.io/docs/reference/using-api/api-concepts/#collections
	// and pages of 1Password's Events API: https://developer.1password.com/docs/events-api/reference
	{at: tree.NewPath("items"), list: true, only: true},
	// Pages of Atlassian's APIs: of Data Center, of Confluence, and of organizations:
	// https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-audit/
	{has: tree.NewPath("pagingInfo"), at: tree.NewPath("entities"), list: true},
	{has: tree.NewPath("start", "limit", "size"), at: tree.NewPath("results"), list: true},
	{has: tree.NewPath("links", "meta"), at: tree.NewPath("data"), list: true},
	// Pages of Cloudflare's API: https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/
	{has: tree.NewPath("errors", "messages", "success"), at: tree.NewPath("result"), list: true},
	// Watches of Kubernetes objects: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
	{has: tree.NewPath("type"), at: tree.NewPath("object"), carrier: true},
	// Splunk's HTTP event collector: https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
	{has: tree.NewPath("sourcetype"), at: tree.NewPath("event")},
	{at: tree.NewPath("event"), is: isHEC},
	// Google Workspace, whose activities hold one or more events:
	// https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list
	{path: tree.NewPath("id", "applicationName"), at: tree.NewPath("events")},
	// Pages of Slack's Audit Logs API: https://docs.slack.dev/admins/audit-logs-api
	{has: tree.NewPath("response_metadata"), at: tree.NewPath("entries"), list: true},
	// Microsoft 365's unified audit log, as it is searched and exported:
	// https://learn.microsoft.com/powershell/module/exchangepowershell/search-unifiedauditlog
	{has: tree.NewPath("RecordType"), at: tree.NewPath("AuditData")},
	// Lines of a container, as Docker and Fluent Bit hand them on: https://docs.fluentbit.io/manual/data-pipeline/filters/kubernetes
	{at: tree.NewPath("log"), text: true, carrier: true},
	// Lines of a file, as Filebeat, Logstash and Vector hand them on.
	{at: tree.NewPath("message"), text: true, carrier: true},
	// Entries of systemd's journal: https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
	{at: tree.NewPath("MESSAGE"), text: true, carrier: true},
}

// wraps says whether envelopes hold something under a key.
func wraps(key string) bool {
	return slices.ContainsFunc(wrappers, func(w wrapper) bool { return w.at[0].String() == key })
}

// maxWrappers is how many envelopes may lie in each other.
const maxWrappers = 4

// item is one record that was found, and what it was found in.
type item struct {
	source tree.Ref
	outer  [maxWrappers]tree.Ref // envelopes, the outermost first; 0 = none
	depth  uint8
	shared uint8 // so many of the outermost envelopes hold a list of which this is one
}

// unwrap finds the records that it holds, and notes them. An object that is no envelope is a record itself.
func (d *Doc) unwrap(it item) {
	if it.depth < maxWrappers && d.Any(it.source, tree.Wraps) {
		for i := range wrappers {
			if held := d.held(&wrappers[i], it.source); held != 0 && d.enter(&wrappers[i], it, held) {
				return
			}
		}
	}
	d.items = append(d.items, it)
}

// held returns what an object holds if it is this envelope, else none.
func (d *Doc) held(w *wrapper, r tree.Ref) tree.Ref {
	for _, key := range w.has {
		if d.Child(r, key) == 0 {
			return 0
		}
	}
	if len(w.path) > 0 && d.Path(r, w.path...) == 0 {
		return 0
	}
	if w.only && !d.isPage(r, w.at[0]) {
		return 0
	}
	if w.is != nil && !w.is(d, r) {
		return 0
	}
	for _, key := range w.at {
		if r = d.Child(r, key); r == 0 {
			return 0
		}
	}
	kind := d.At(r).Kind
	if w.text && kind != tree.String || w.list && kind != tree.Array || kind == tree.Object && d.At(r).Len == 0 {
		return 0
	}
	return r
}

// isPage says whether an object has no keys but one and those of a page.
func (d *Doc) isPage(r tree.Ref, but *tree.Key) bool {
	n := d.At(r)
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		if key := d.At(c).Key; !key.Is(but) && !slices.Contains(pageKeys, key.String()) {
			return false
		}
	}
	return true
}

// isHEC says whether an object has, beside "event", two at least of the keys of Splunk's envelope, each of its type, and no
// others. Fewer prove nothing: records of their own have a "source" and an "event", and the semantic conventions a "host".
func isHEC(d *Doc, r tree.Ref) bool {
	n := *d.At(r)
	if n.Len < 3 || n.Len > 6 {
		return false
	}
	for c := n.First; c < n.First+tree.Ref(n.Len); c++ {
		member := d.At(c)
		ok := false
		switch member.Key.String() {
		case "event":
			ok = true
		case "time":
			_, err := strconv.ParseFloat(d.String(c), 64)
			ok = err == nil
		case "host", "source", "index":
			ok = member.Kind == tree.String
		case "fields":
			ok = member.Kind == tree.Object
		}
		if !ok {
			return false
		}
	}
	return true
}

var dataKey = tree.NewKey("data")

// holdsObject says whether the data of an object is an object: a list or a text may be all that an event has to say.
func holdsObject(d *Doc, r tree.Ref) bool { return d.At(d.Child(r, dataKey)).Kind == tree.Object }

var categoryKey = tree.NewKey("category")

// isPostgreSQLLog says whether an object is one of Azure's records of the log of a PostgreSQL server: the messages of others
// are no records of their own.
func isPostgreSQLLog(d *Doc, r tree.Ref) bool {
	return d.At(d.Child(r, categoryKey)).Str == "PostgreSQLLogs"
}

var (
	severityKey = tree.NewKey("error_severity")
	contextKey  = tree.NewKey("context")
	loggerKey   = tree.NewKey("loggerName")
)

// mayCarry says whether an object that looks like an envelope is one. A record has members in which people write what they
// like: with a record in them they would choose who did something.
func (d *Doc) mayCarry(it item, held tree.Ref) bool {
	if d.Child(it.source, severityKey) != 0 {
		// The message of a line of PostgreSQL's log may be an entry of pgAudit. Everyone who may execute RAISE chooses messages, too;
		// the line then says in which function, which pgAudit hides of its entries (errhidecontext in pgaudit.c).
		return d.Child(it.source, contextKey) == 0 && startsEntry(d.At(held).Str)
	}
	if logger := d.Child(it.source, loggerKey); logger != 0 && keycloakStart.MatchString(d.At(held).Str) {
		return strings.HasPrefix(d.At(logger).Str, keycloakLogger) // others of Keycloak's loggers may quote what a client sent
	}
	return !d.isRecord(it)
}

// isRecord says whether an object is known to be a record.
func (d *Doc) isRecord(it item) bool {
	if d.recognise == nil {
		return false
	}
	i := len(d.items)
	d.items = append(d.items, it)
	d.choose(i)
	is := d.recognise(d)
	d.items = d.items[:i]
	return is
}

// enter takes the records out of an envelope; it says no where they are none after all.
func (d *Doc) enter(w *wrapper, it item, held tree.Ref) bool {
	envelope := it
	it.outer[it.depth] = it.source
	it.depth++
	if d.At(held).Kind != tree.Array {
		record := d.asObject(held)
		if record == 0 || w.carrier && !d.mayCarry(envelope, held) {
			return false
		}
		d.Use(held)
		it.source = record
		d.unwrap(it)
		return true
	}
	return d.enterList(it, held)
}

// enterList takes the records out of a list, all of which must be objects, or text that is one.
func (d *Doc) enterList(it item, list tree.Ref) bool {
	first, n := d.At(list).First, tree.Ref(d.At(list).Len)
	for c := first; c < first+n; c++ {
		switch k := d.At(c).Kind; {
		case k == tree.Object, k == tree.Null, k == tree.String && tree.LooksLikeObject(d.At(c).Str):
		default:
			return false
		}
	}
	mark := len(d.found)
	for c := first; c < first+n; c++ {
		if d.At(c).Kind == tree.Null {
			continue // it holds nothing
		}
		record := d.asObject(c)
		if record == 0 {
			d.found = d.found[:mark]
			return false
		}
		d.found = append(d.found, record)
	}
	if len(d.found) == mark {
		return false
	}
	if !d.mayCopy(&it, list, len(d.found)-mark) {
		d.found = d.found[:mark]
		return false
	}
	d.Use(list)
	if d.list == 0 {
		d.list = list
	}
	for i, end := mark, len(d.found); i < end; i++ {
		one := it
		one.source, one.shared = d.found[i], it.depth
		d.unwrap(one)
	}
	d.found = d.found[:mark]
	return true
}

// asObject returns an object, or the object that text is or is parsed to, else none.
func (d *Doc) asObject(r tree.Ref) tree.Ref {
	switch n := d.At(r); n.Kind {
	case tree.Object:
		return r
	case tree.String:
		return d.asRecord(n.Str)
	}
	return 0
}
