// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"encoding/hex"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"
)

// maxID is the longest AuditEvent.id, in characters of [-_A-Za-z0-9] (CloudTrail Data API Reference, AuditEvent).
const maxID = 128

// identify fills UID and id: those of the source, else the record's digest, which is the same on every machine and at
// every attempt.
func (f *filler) identify(p *preset.Preset, ordinal int) {
	id := ""
	if p.ID != nil {
		if v := p.ID.Eval(f.doc); !f.doc.Empty(v) && f.doc.Scalar(v) && validID(f.doc.String(v)) {
			id = f.doc.String(v)
			f.doc.Use(v) // exporter.id repeats it
		}
	}
	f.take(UID, p.UID)
	if id == "" || f.out.text[UID] == "" {
		digest := f.doc.Digest()
		f.small = hex.AppendEncode(f.small[:0], digest[:])
		text := f.doc.Text(f.small)
		if id == "" {
			id = text
		}
		if f.out.text[UID] == "" {
			f.out.text[UID] = text
		}
	}
	f.out.id, f.out.ordinal = f.ids.take(f.out.id, id, max(1, ordinal))
	if f.out.ordinal > 1 {
		id = f.doc.Text(f.out.id)
	}
	f.out.own(idKey, f.doc.AddString(id))
}

// validID says whether s fits AuditEvent.id, with room for a number behind it.
func validID(s string) bool {
	if s == "" || len(s) > maxID-len("-1000000") {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// ids keeps the ids of one request apart: CloudTrail refuses a request in which two events share one
// (DuplicatedAuditEventId). Records that are alike to the last byte, and so share a digest, are told apart by a number.
type ids struct {
	// last is, by the hash of an id, the last number that was given to it. That two ids share a hash costs one of them
	// a number that it did not need.
	last map[uint64]int
}

func (s *ids) forget() {
	const most = 1 << 13 // more come of lists only
	if len(s.last) > most {
		s.last = map[uint64]int{}
	}
	clear(s.last)
}

// take appends id to dst, with its number where that is more than 1. wanted is the number to give if it is free.
func (s *ids) take(dst []byte, id string, wanted int) ([]byte, int) {
	key := xxhash.Sum64String(id)
	n := max(wanted, s.last[key]+1)
	for {
		dst = append(dst[:0], id...)
		if n > 1 {
			dst = append(dst, '-')
			dst = strconv.AppendInt(dst, int64(n), 10)
			if _, taken := s.last[xxhash.Sum64(dst)]; taken {
				n++
				continue
			}
			s.last[xxhash.Sum64(dst)] = 1
		}
		s.last[key] = n
		return dst, n
	}
}
