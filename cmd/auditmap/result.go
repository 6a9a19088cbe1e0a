// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/attr"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/flow"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// result is what became of one event: a line of the output.
type result struct {
	At       string          `json:"at"`
	Event    json.RawMessage `json:"event"`
	ID       string          `json:"id"`
	UID      string          `json:"uid"`
	Preset   string          `json:"preset"`
	Rule     string          `json:"rule,omitempty"`
	Repaired []repair        `json:"repaired,omitempty"`
	Refused  *refusal        `json:"refused,omitempty"`
	Errors   []ruleError     `json:"errors,omitempty"`
}

// repair is something that is not as the source has it.
type repair struct {
	Field  string `json:"field"`
	Action string `json:"action"`
}

// refusal is why the event would not be stored.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ruleError is something of a rule that could not be applied.
type ruleError struct {
	Rule  string `json:"rule"`
	Field string `json:"field"`
	Cause string `json:"cause,omitempty"`
}

// String returns the error for people.
func (e ruleError) String() string {
	at := "rule " + e.Rule + ", "
	switch e.Field {
	case "condition":
		return at + "condition: it could not be evaluated, so the rule did not take the record: " + e.Cause
	case "preset":
		return at + "preset: the one that it names does not fit the record, which semconv mapped"
	}
	return at + e.Field + ": an expression gave no value: " + e.Cause
}

// mapped maps log records and shows each event to a function.
type mapped struct {
	now          func() time.Time
	acceptReplay bool
	batch        *mapping.Batch
	repairing    *mapping.Batch // what on_invalid: repair would make of it; nil where that is how it is mapped
	records      int
	result       result // reused
}

func newMapped(cfg *awscloudtraillakeexporter.Config, now func() time.Time) (*mapped, error) {
	mapper, repairing, err := mappers(cfg)
	if err != nil {
		return nil, err
	}
	m := &mapped{now: now, acceptReplay: cfg.AcceptReplay, batch: mapper.NewBatch()}
	if repairing != nil {
		m.repairing = repairing.NewBatch()
	}
	return m, nil
}

// each maps the log records and calls show with each event's result, which is valid until it returns. at is where the
// records were read.
func (m *mapped) each(at string, logs plog.Logs, show func(*result) error) error {
	flow.Admit(logs, m.now(), m.acceptReplay) // as the exporter does
	number := 0
	many := logs.LogRecordCount() != 1
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			m.within(rl, sl)
			for _, lr := range sl.LogRecords().All() {
				place := at
				if many {
					place = fmt.Sprintf("%s#%d", at, number)
				}
				number++
				if err := m.record(place, lr, show); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *mapped) within(rl plog.ResourceLogs, sl plog.ScopeLogs) {
	m.batch.Within(rl.Resource(), sl.Scope())
	if m.repairing != nil {
		m.repairing.Within(rl.Resource(), sl.Scope())
	}
}

func (m *mapped) record(at string, lr plog.LogRecord, show func(*result) error) error {
	if m.records%lake.MaxEvents == 0 { // ids are told apart within a request
		m.batch.Begin()
		if m.repairing != nil {
			m.repairing.Begin()
		}
	}
	m.records++
	_, meant := attr.ReadHistory(lr)
	repaired := func() (mapping.Item, *mapping.Event, bool) { return mapping.Item{}, nil, false }
	if m.repairing != nil {
		next, stop := iter.Pull2(m.repairing.Map(lr, 0, meant))
		defer stop()
		repaired = next
	}
	for item, event := range m.batch.Map(lr, 0, meant) {
		place := at
		if item.Index != mapping.NoItem {
			place = fmt.Sprintf("%s[%d]", at, item.Index)
		}
		_, mended, _ := repaired()
		m.fill(place, event, mended)
		if err := show(&m.result); err != nil {
			return err
		}
	}
	return nil
}

// fill makes the result of an event. mended is what on_invalid: repair would make of it, nil where that is how it was made.
func (m *mapped) fill(at string, e, mended *mapping.Event) {
	m.result = result{
		At: at, Event: e.Data, ID: string(e.ID), UID: string(e.UID), Preset: e.Preset, Rule: e.Rule,
		Repaired: m.result.Repaired[:0], Errors: m.result.Errors[:0],
	}
	for f, a := range e.Repaired.All() {
		m.result.Repaired = append(m.result.Repaired, repair{Field: f.String(), Action: a.String()})
	}
	for _, one := range e.Errors {
		failed := ruleError{Rule: one.Rule, Field: one.Field}
		if one.Cause != nil {
			failed.Cause = one.Cause.Error()
		}
		m.result.Errors = append(m.result.Errors, failed)
	}
	if e.Refused != "" {
		m.result.Refused = &refusal{Code: e.Refused, Message: reasons(e.Refused, mended)}
		return
	}
	if code, message := emulator.Check(e.Data, ""); code != "" {
		m.result.Refused = &refusal{Code: code, Message: message}
	}
}

// flaws are what the mapping refuses events for, by code: how to say it, and what on_invalid: repair does about it.
var flaws = map[string]struct {
	says  string
	mends mapping.Action
}{
	mapping.CodeFieldNotFound: {"required and missing", mapping.Filled},
	mapping.CodeFieldTooLong:  {"longer than CloudTrail allows", mapping.Trimmed},
	mapping.CodeInvalidData:   {"not UTF-8", mapping.Replaced},
}

// reasons says why the mapping refuses an event: what on_invalid: repair would have to mend.
func reasons(code string, mended *mapping.Event) string {
	flaw := flaws[code]
	var fields []string
	if mended != nil && mended.Refused == "" {
		for f, a := range mended.Repaired.All() {
			if a == flaw.mends && f != mapping.EventTime { // whose stand-in is never refused
				fields = append(fields, f.String())
			}
		}
	}
	if len(fields) == 0 {
		return "a field is " + flaw.says + ", and on_invalid: repair could not mend it either"
	}
	return strings.Join(fields, ", ") + ": " + flaw.says + "; on_invalid: repair would mend it"
}
