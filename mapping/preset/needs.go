// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"

// needs returns the bits of names of which one at least must have a value, or else an expression or a part gives nothing; 0 =
// it may give something without. A record has little of what a table asks for: by these bits the rest is passed over.
func needs(what any) uint64 {
	switch x := what.(type) {
	case *named:
		return x.bits
	case group:
		return x.prefix.Bit()
	case one:
		return needs(x.value)
	case spread:
		return needs(x.of)
	case grpcCode:
		return needs(x.of)
	case *conditional:
		return needs(x.then)
	case joined:
		return needs(x.of[0])
	case *firstOf:
		return x.needs.oneOf()
	}
	return 0
}

// sieve knows what each of some expressions or parts needs.
type sieve struct {
	bits []uint64
	idle bool // none needs a name
}

func sieveFor[T any](each []T) sieve {
	s := sieve{idle: true}
	for _, one := range each {
		bits := needs(one)
		s.bits, s.idle = append(s.bits, bits), s.idle && bits == 0
	}
	return s
}

// has returns the bits of what the record has, where that is asked for: it takes a pass over the record.
func (s *sieve) has(d *record.Doc) uint64 {
	if s.idle {
		return 0
	}
	return d.Has()
}

// oneOf returns the bits of which one must be there.
func (s *sieve) oneOf() (all uint64) {
	for _, bits := range s.bits {
		if bits == 0 {
			return 0
		}
		all |= bits
	}
	return all
}
