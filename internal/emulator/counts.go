// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

// Counts is what arrived since the start or the last reset. Unlike the lists of events it forgets nothing.
type Counts struct {
	Requests   map[string]int   `json:"requests"`   // by code, "OK" for HTTP 200
	Violations int              `json:"violations"` // requests that broke the model of the operation
	Ingested   int              `json:"ingested"`
	Refused    map[string]int   `json:"refused"` // events by error code; one that is sent again counts again
	Sources    map[string]Tally `json:"sources"` // by eventSource; names beyond the first 500 count under OtherNames
	Names      map[string]Tally `json:"names"`   // by eventName, likewise
	Kept       int              `json:"kept"`    // events in memory
	Forgotten  int              `json:"forgotten"`
}

// Tally counts events by what became of them.
type Tally struct {
	Ingested int `json:"ingested"`
	Refused  int `json:"refused"`
}

// OtherNames stands in Counts for names beyond those that are counted one by one: senders choose them, and memory is
// bounded.
const OtherNames = "(others)"

const maxNames = 500

func newCounts() Counts {
	return Counts{Requests: map[string]int{}, Refused: map[string]int{}, Sources: map[string]Tally{}, Names: map[string]Tally{}}
}

func (c *Counts) event(r *record) {
	var t Tally
	if r.code == "" {
		c.Ingested++
		t.Ingested = 1
	} else {
		c.Refused[r.code]++
		t.Refused = 1
	}
	tally(c.Sources, r.Source, t)
	tally(c.Names, r.Name, t)
}

func tally(by map[string]Tally, name string, t Tally) {
	have, ok := by[name]
	if !ok && len(by) >= maxNames {
		name = OtherNames
		have = by[name]
	}
	by[name] = Tally{have.Ingested + t.Ingested, have.Refused + t.Refused}
}
