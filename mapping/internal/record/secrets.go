// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/redact"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// secrets says where secrets were found.
type secrets struct {
	around bool // in the resource or the scope
	inside bool // in the log record
	placed bool // for this item alone: by what its preset knows, or under a key that a rule gives
}

// HideSecrets makes the Doc hide secrets, as soon as a record is opened. The digest is still that of the record as it came.
func (d *Doc) HideSecrets(names *redact.Names) {
	d.redactor = redact.New(names, d.Tree)
}

// hideAround hides the secrets of resource and scope.
func (d *Doc) hideAround() {
	d.secrets = secrets{}
	if d.redactor == nil {
		return
	}
	d.redactor.Begin()
	for _, r := range [...]tree.Ref{d.Resource, d.Scope, d.ScopeName, d.ScopeVersion} {
		d.redactor.Look(r, false)
	}
	d.secrets.around = d.redactor.Found()
	d.redactor.Apply()
}

// hide hides the secrets of the log record.
func (d *Doc) hide() {
	d.came, d.secrets.inside, d.secrets.placed = d.came[:0], false, false
	if d.redactor == nil {
		return
	}
	// Text that was opened as JSON is clean where what came out of it is.
	if d.look(true); !d.redactor.Found() {
		return
	}
	d.look(false)
	d.came = d.appendRecord(d.came)
	d.secrets.inside = true
	d.redactor.Apply()
}

func (d *Doc) look(passOpened bool) {
	d.redactor.Begin()
	d.redactor.Look(d.Attributes, passOpened)
	if d.Body != 0 || d.At(d.rawBody).Kind != tree.String || !passOpened {
		d.redactor.Look(d.rawBody, passOpened)
	}
	d.redactor.Look(d.EventName, passOpened)
	for i := range d.items {
		for _, envelope := range d.items[i].outer[:d.items[i].depth] {
			d.redactor.Look(envelope, passOpened)
		}
		d.redactor.Look(d.items[i].source, passOpened)
	}
}

// Hide hides values of the item, and all below them, whatever their keys are. Texts around it that say them again are hidden
// whole: what was opened as JSON, the line that it came in. ruled says that there are rules, which may read what is not in the
// event otherwise. It says whether there was anything to hide.
func (d *Doc) Hide(values []tree.Ref, ruled bool) bool {
	if d.redactor == nil || len(values) == 0 {
		return false
	}
	d.redactor.Begin()
	for _, r := range values {
		d.redactor.Hide(r)
	}
	if !d.redactor.Found() {
		return false
	}
	copies := d.redactor.Copies()
	// What of an envelope is used, as a list is whose items are records, is not in the event, but rules may read it. To look for
	// copies in a list once for each of its items would cost too much: rules see nothing of it instead.
	for _, envelope := range d.Envelopes {
		copies.Hide(envelope, ruled && !d.Fanned())
	}
	if ruled && d.Fanned() {
		if d.listSize == 0 {
			d.listSize = d.redactor.Measure(d.list)
		}
		d.redactor.HideSized(d.list, d.listSize)
	}
	copies.Hide(d.Attributes, ruled)
	copies.Hide(d.Body, true)
	if d.Body == 0 && d.At(d.rawBody).Kind == tree.String {
		d.redactor.Hide(d.rawBody)
	}
	d.overwrite()
	return true
}

// HideUnder hides the secrets in a value under the key that it is to have. inRecord says that it stands in the record, in which
// they are hidden already but for that key.
func (d *Doc) HideUnder(key *tree.Key, r tree.Ref, inRecord bool) {
	if d.redactor == nil {
		return
	}
	d.redactor.Begin()
	d.redactor.LookUnder(key, r, inRecord)
	d.overwrite()
}

// overwrite puts markers in the place of what was found, for this item.
func (d *Doc) overwrite() {
	if !d.redactor.Found() {
		return
	}
	if len(d.came) == 0 {
		d.came = d.appendRecord(d.came)
	}
	d.secrets.placed = true
	d.redactor.Overwrite()
}

// HasHidden says whether there were secrets in the record, or around it.
func (d *Doc) HasHidden() bool { return d.secrets != secrets{} }

// IsChanged says whether secrets were hidden in the log record, whose attributes and body may not be as they came.
func (d *Doc) IsChanged() bool { return d.secrets.inside || d.secrets.placed }

// IsPlaced says whether some were hidden for this item alone, and stand as they were when the next is made.
func (d *Doc) IsPlaced() bool { return d.secrets.placed }

// LogBody returns the log record's body as it is, whether it is the source's record or not.
func (d *Doc) LogBody() tree.Ref { return d.rawBody }
