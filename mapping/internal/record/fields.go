// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package record

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"

// Field is a key that a source's record may have at its top. A table asks for the same few again and again: a Doc finds all
// of them in one pass.
type Field uint16

// Field returns the vocabulary's number for a key, which it adds where it is new.
func (v *Vocabulary) Field(key string) Field {
	f, known := v.fields[key]
	if !known {
		if v.fields == nil {
			v.fields = map[string]Field{}
		}
		f = Field(len(v.fields) + 1)
		v.fields[key] = f
	}
	return f
}

// fields is where the source's record has its fields.
type fields struct {
	made bool // for this record
	refs []tree.Ref
}

// Field returns what the source's record has under a key, or none.
func (d *Doc) Field(f Field) tree.Ref {
	if !d.fields.made {
		d.findFields()
	}
	return d.fields.refs[f]
}

func (d *Doc) findFields() {
	x := &d.fields
	x.made = true
	if known := len(d.names.of.fields); len(x.refs) <= known {
		x.refs = make([]tree.Ref, known+1)
	}
	clear(x.refs)
	n := d.At(d.Source)
	for c, end := n.First, n.First+tree.Ref(n.Len); c < end; c++ {
		if f := d.At(c).Key.Word.Field; f != 0 && x.refs[f] == 0 {
			x.refs[f] = c
		}
	}
}
