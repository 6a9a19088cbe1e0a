// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package trial

import (
	"crypto/sha256"
	"errors"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

// packed is a request as this exporter would send it.
type packed struct {
	events [][]byte
	body   []byte
}

// floor is what no exporter to CloudTrail Lake can do without: a checksum of each event, a checksum of the request for its
// signature, and the copy of the events into the request. Events and requests are made beforehand.
func floor(spec Spec, pool []plog.Logs) (func() error, error) {
	requests, err := pack(pool)
	if err != nil {
		return nil, err
	}
	var sums byte // of the checksums, so that they are used
	var body []byte
	run := func() error {
		for i := range spec.Records / spec.PerRequest {
			request := &requests[i%len(requests)]
			for _, event := range request.events {
				sum := sha256.Sum256(event)
				sums ^= sum[0]
			}
			body = append(body[:0], request.body...)
			sum := sha256.Sum256(body)
			sums ^= sum[0]
		}
		return nil
	}
	return run, nil
}

func pack(pool []plog.Logs) ([]packed, error) {
	mapper, err := mapping.New(mapping.Config{
		RecipientAccountID: "111122223333", OnInvalid: mapping.Repair, Version: "0.0.0", Redact: mapping.Redact{Enabled: true},
	})
	if err != nil {
		return nil, err
	}
	batch := mapper.NewBatch()
	var requests []packed
	for _, logs := range pool {
		var p packed
		var body lake.Body
		batch.Begin()
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				batch.Within(rl.Resource(), sl.Scope())
				for _, lr := range sl.LogRecords().All() {
					for _, event := range batch.Map(lr, 0, nil) {
						p.events = append(p.events, append([]byte(nil), event.Data...))
						if _, ok := body.Append(event.ID, event.Data); !ok {
							return nil, errors.New("the floor is measured over records of which a hundred fit in one request")
						}
					}
				}
			}
		}
		p.body = body.Bytes()
		requests = append(requests, p)
	}
	return requests, nil
}
