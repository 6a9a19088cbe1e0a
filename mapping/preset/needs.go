// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset // import "github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/preset"

// needs returns the bits of names of which one at least must have a value, or else an expression or a part gives nothing; 0 =
// it may give something without. A record has little of what a table asks for: by these bits the rest is passed over.
func needs(what any) uint64 {
	switch x := what.(type) {
	case named:
		return x.bits
	case group:
		return x.prefix.Bit()
	case one:
		return needs(x.value)
	case spread:
		return needs(x.of)
	case grpcCode:
		return needs(x.of)
	case conditional:
		return needs(x.then)
	case joined:
		return needs(x.of[0])
	case firstOf:
		return needsOneOf(x.bits)
	}
	return 0
}

func needsOneOf(each []uint64) (all uint64) {
	for _, bits := range each {
		if bits == 0 {
			return 0
		}
		all |= bits
	}
	return all
}
