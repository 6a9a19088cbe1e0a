// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/bench/internal/records"
)

// Marks stand in the encoded request where each record's times and its id are to be written.
const (
	markTime = 0x6d61_726b_7469_6d65
	markUID  = "mark-of-an-id-16"
)

// message is an OTLP request that is encoded once, so that the sender takes as little as it can of the machine that it shares
// with what is measured. Each copy of it gets times and ids of its own.
type message struct {
	records  int
	template []byte
	times    []int // where each record's Timestamp and ObservedTimestamp stand, in turn
	uids     []int // where its log.record.uid stands
}

// newMessage makes one of n records of about a size, in bytes.
func newMessage(n, size int) (*message, error) {
	logs := records.Shape{Kind: records.Semconv, Size: size}.Request(0, n)
	for _, lr := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		lr.SetTimestamp(pcommon.Timestamp(markTime))
		lr.SetObservedTimestamp(pcommon.Timestamp(markTime))
		lr.Attributes().PutStr("log.record.uid", markUID)
	}
	m := &message{records: n}
	var err error
	if m.template, err = plogotlp.NewExportRequestFromLogs(logs).MarshalProto(); err != nil {
		return nil, err
	}
	m.times = find(m.template, binary.LittleEndian.AppendUint64(nil, markTime))
	m.uids = find(m.template, []byte(markUID))
	if len(m.times) != 2*n || len(m.uids) != n {
		return nil, fmt.Errorf("%d times and %d ids in an encoded request of %d records", len(m.times), len(m.uids), n)
	}
	return m, nil
}

func find(text, mark []byte) (at []int) {
	for from := 0; ; {
		i := bytes.Index(text[from:], mark)
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(mark)
	}
}

// at returns a copy of the message whose records happened now. No two records ever made have the same id.
func (m *message) at(now time.Time, last *atomic.Uint64) []byte {
	text := bytes.Clone(m.template)
	for _, i := range m.times {
		binary.LittleEndian.PutUint64(text[i:], uint64(now.UnixNano()))
	}
	const digits = "0123456789abcdef"
	n := last.Add(uint64(m.records))
	for _, i := range m.uids {
		n--
		for d := range len(markUID) {
			text[i+d] = digits[n>>(60-4*d)&0xf]
		}
	}
	return text
}
