// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// TestCorpusInflated blows every record up past the limits of additionalEventData, of the other objects and of the whole
// event, at one of its places, another one for each record and size: the service takes each event.
func TestCorpusInflated(t *testing.T) {
	records := loadCorpus(t)
	const workers = 2
	var wg sync.WaitGroup
	for w := range workers {
		b := newMapper(t, Repair).NewBatch()
		wg.Go(func() {
			for i := w * inflateEvery; i < len(records); i += workers * inflateEvery {
				for s, size := range []int{28_000, 100_000, 256_000} {
					lr := records[i].log()
					place := inflate(lr.Body(), size, i+s, i*7+s)
					mapCorpus(b, lr, func(_ int, e *Event) {
						if why := refusal(e); why != "" {
							t.Errorf("%s with %d bytes more in %s: %s", records[i], size, place, why)
						}
					})
				}
			}
		})
	}
	wg.Wait()
}

// inflate adds size bytes to a body: to one of its strings, as many members of one of its objects, or as many items of one
// of its lists, in one of these ways and at one of these places.
func inflate(body pcommon.Value, size, way, place int) string {
	var p places
	p.find(body, "body")
	word := strings.Repeat("inflated ", 4+place%80) // shorter than the mark of what is trimmed, or longer
	switch {
	case way%3 == 0 && len(p.lists) > 0:
		at := p.lists[place%len(p.lists)]
		for i := 0; i < size; i += len(word) {
			at.v.Slice().AppendEmpty().SetStr(word)
		}
		return at.path
	case way%3 == 1 && len(p.strings) > 0, len(p.maps) == 0:
		at := p.strings[place%len(p.strings)]
		at.v.SetStr(at.v.Str() + strings.Repeat(word, size/len(word)+1))
		return at.path
	default:
		at := p.maps[place%len(p.maps)]
		raw := at.v.Map().AsRaw() // one by one would look for each key among all others
		for i := 0; i < size; i += len(word) {
			raw["k"+strconv.Itoa(i)] = word
		}
		if err := at.v.Map().FromRaw(raw); err != nil {
			panic(err)
		}
		return at.path
	}
}

// places are the values of a body, by their kind.
type places struct{ strings, maps, lists []place }

type place struct {
	path string
	v    pcommon.Value
}

func (p *places) find(v pcommon.Value, path string) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		p.strings = append(p.strings, place{path, v})
	case pcommon.ValueTypeMap:
		p.maps = append(p.maps, place{path, v})
		for key, child := range v.Map().All() {
			p.find(child, path+"."+key)
		}
	case pcommon.ValueTypeSlice:
		p.lists = append(p.lists, place{path, v})
		for i, child := range v.Slice().All() {
			p.find(child, path+"."+strconv.Itoa(i))
		}
	}
}
