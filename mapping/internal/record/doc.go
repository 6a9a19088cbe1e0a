// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package record finds the source's record within an OpenTelemetry log record, and names its parts for the mapping.
package record

import (
	"crypto/sha256"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// Doc is one log record, located. It is made once and opened for record after record; it is not safe for concurrent
// use.
type Doc struct {
	*tree.Tree

	// Source is the source's own record: the body where that is a map, or text that is a JSON object or of a known
	// format; else the attributes; in either case without the envelopes that it came in.
	Source tree.Ref
	// Envelopes are what the source's record came in, the outermost first.
	Envelopes []tree.Ref
	// Attributes are the log record's attributes: Source itself, where there is no other.
	Attributes tree.Ref
	// Body is the log record's body where it is not the source record, else none.
	Body tree.Ref
	// Resource and Scope are the attributes of either.
	Resource, Scope tree.Ref
	// ScopeName and ScopeVersion are those of the instrumentation scope, EventName is the log record's; none where
	// they are empty.
	ScopeName, ScopeVersion, EventName tree.Ref

	// Log is the log record itself, for its times, its severity and its ids.
	Log plog.LogRecord

	recognise func(*Doc) bool

	located tree.Ref // the record with its envelopes
	items   []item
	found   []tree.Ref // records of lists that are being opened
	list    tree.Ref   // the outermost list of records that was opened; 0 = none
	// listSize is how many bytes of JSON that list is; 0 = not measured yet.
	listSize int
	current  int
	// What stands around a list goes with each of its items, as long as it does not become too much; see mayCopy. All are bytes,
	// about; less than 0 = not known yet.
	copyable     int // may still go with items
	weightAround int // goes of resource and scope
	weightBeside int // goes of these, of the body, and of the attributes where the list is not in them

	rawBody   tree.Ref          // the body as it came, for the digest
	wasBytes  bool              // it is text that came as bytes
	within    [sha256.Size]byte // the digest of resource and scope
	came      []byte            // attributes and body, encoded for the digest before secrets were hidden; else empty
	canonical []byte
	digest    [sha256.Size]byte // of the log record
	digested  bool              // the digest is there
	start     tree.Mark         // after resource and scope
	opened    tree.Mark         // after the record was located
	names     index
	fields    fields

	redactor *redact.Redactor // nil = secrets stay
	secrets  secrets
}

// New returns a Doc with nothing in it, in which the names of a vocabulary can be found.
func New(v *Vocabulary) *Doc {
	d := &Doc{Tree: tree.New(), names: index{of: v}}
	d.Classify(func(key string) (facts tree.Facts, word tree.Word) {
		if attr.IsPrivate(key) {
			facts |= tree.Private
		}
		if wraps(key) {
			facts |= tree.Wraps
		}
		word = v.word([]byte(key), 0, 0)
		word.Field = uint16(v.fields[key])
		return facts, word
	})
	return d
}

// Recognise sets what says whether the Source is known to be a record, and no envelope. It may ask for nothing but the Source and
// what is around it.
func (d *Doc) Recognise(is func(*Doc) bool) { d.recognise = is }

// Within opens a resource and a scope, whose records Open then takes.
func (d *Doc) Within(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	d.Reset()
	d.items, d.found, d.came, d.canonical = tree.Kept(d.items), tree.Kept(d.found), tree.Kept(d.came), tree.Kept(d.canonical)
	d.names.path = tree.Kept(d.names.path)
	for i := range d.names.groups {
		d.names.groups[i] = tree.Kept(d.names.groups[i])
	}
	if d.redactor != nil {
		d.redactor.Forget()
	}
	d.Resource = d.AddMap(resource.Attributes(), 0)
	d.Scope = d.AddMap(scope.Attributes(), 0)
	d.ScopeName = d.addText(scope.Name())
	d.ScopeVersion = d.addText(scope.Version())

	d.canonical = d.AppendCanonical(append(d.canonical[:0], digestVersion), d.Resource)
	d.canonical = tree.AppendCanonicalText(d.canonical, scope.Name())
	d.canonical = tree.AppendCanonicalText(d.canonical, scope.Version())
	d.canonical = d.AppendCanonical(d.canonical, d.Scope)
	d.within = sha256.Sum256(d.canonical)
	d.hideAround()
	d.start = d.Mark()
	d.weightAround = -1
}

// Open locates the source's record in lr, which must not change as long as the Doc is used. It returns how many records
// there are: one, or as many as the list holds that they came in. Fanned tells the two apart.
func (d *Doc) Open(lr plog.LogRecord) int {
	d.Undo()
	d.Truncate(d.start)
	d.Log = lr
	d.EventName = d.addText(lr.EventName())
	d.Attributes = d.AddMap(lr.Attributes(), tree.Private)
	d.addBody(lr.Body())
	d.items, d.digested, d.copyable = d.items[:0], false, -1
	d.list, d.listSize = 0, 0
	d.locate()
	d.hide()
	d.Keep()
	d.opened = d.Mark()
	return len(d.items)
}

// Fanned says whether the records came in a list.
func (d *Doc) Fanned() bool { return d.list != 0 }

// Outer returns what stands at a path in the source's record, or else in the nearest of its envelopes.
func (d *Doc) Outer(path ...*tree.Key) tree.Ref {
	if r := d.Path(d.Source, path...); r != 0 {
		return r
	}
	for _, envelope := range slices.Backward(d.Envelopes) {
		if r := d.Path(envelope, path...); r != 0 {
			return r
		}
	}
	return 0
}

// own returns the envelopes that hold this record alone: what a page says of itself is not said of each record of its list.
func (d *Doc) own() []tree.Ref { return d.Envelopes[d.items[d.current].shared:] }

// Around returns what stands under a key in the nearest envelope that holds this record alone.
func (d *Doc) Around(key *tree.Key) tree.Ref {
	for _, envelope := range slices.Backward(d.own()) {
		if r := d.Child(envelope, key); r != 0 {
			return r
		}
	}
	return 0
}

// Item makes one of the records the Source.
func (d *Doc) Item(i int) {
	d.Undo()
	d.Truncate(d.opened)
	d.choose(i)
}

func (d *Doc) choose(i int) {
	d.names.made, d.fields.made = false, false
	d.current = i
	d.Source = d.items[i].source
	d.Envelopes = d.items[i].outer[:d.items[i].depth]
}

// byteOrderMark stands before the first line of many a file that was written on Windows. It is no part of the text.
const byteOrderMark = "\ufeff"

// addBody adds the log record's body. Receivers that do not look into what they take, such as Kafka's with its encoding raw,
// hand on bytes: those that are UTF-8 are text.
func (d *Doc) addBody(body pcommon.Value) {
	d.rawBody = d.AddValue(body)
	n := d.At(d.rawBody)
	if d.wasBytes = n.Kind == tree.Bytes && utf8.ValidString(n.Str); d.wasBytes {
		n.Kind = tree.String
	}
}

// locate finds the source's records, and what of the body is beside them.
func (d *Doc) locate() {
	d.Body = 0
	d.located = d.Attributes
	switch raw := d.At(d.rawBody); raw.Kind {
	case tree.Object:
		if raw.Len > 0 {
			d.located = d.rawBody
		}
	case tree.String:
		if parsed := d.asRecord(strings.TrimPrefix(raw.Str, byteOrderMark)); d.At(parsed).Len > 0 {
			d.located = parsed
		} else {
			d.Body = d.rawBody
		}
	case tree.Null:
	default:
		d.Body = d.rawBody
	}
	if d.located != d.Attributes {
		d.useRepeated()
	}
	d.unwrap(item{source: d.located})
}

// useRepeated marks the attributes that say again what the record says, as a receiver leaves them that parsed the body
// into attributes and kept its text.
func (d *Doc) useRepeated() {
	attributes := *d.At(d.Attributes)
	for a := attributes.First; a < attributes.First+tree.Ref(attributes.Len); a++ {
		if s := d.Child(d.located, d.At(a).Key); s != 0 && d.Equal(a, s) {
			d.Use(a)
		}
	}
}

func (d *Doc) addText(s string) tree.Ref {
	if s == "" {
		return 0
	}
	return d.AddString(s)
}
