// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

const (
	kills     = 20  // how often the collector is killed in a test
	consumers = 4   // how many requests are under way at a time
	perBatch  = 100 // how many events a request holds, and how many lines at most file_log hands over at a time
)

const fewConsumers = "sending_queue: {num_consumers: 4, batch: {flush_timeout: 200ms}}"

// unsettled is how many events the service can have at one moment of which the queue does not know it. The queue keeps a
// payload until all of it is settled. Each request under way, and the next, which is being filled, can hold the end of one
// payload whose beginning, and the beginning of one whose end, is stored.
const unsettled = (consumers + 1) * (perBatch + 2*(perBatch-1))

// trouble is a service that is slow and fails in every way that passes, and refuses the planted events for good.
func trouble(seed uint64) emulator.Faults {
	return emulator.Faults{
		Seed:    seed,
		Latency: emulator.Duration(100 * time.Millisecond),
		Events: []emulator.EventFault{
			refusePlanted,
			{Code: "Throttling", Rate: 0.02},
			{Code: "InternalFailure", Rate: 0.01},
			{Code: emulator.CodeNotListed, Rate: 0.01},
		},
		Requests: []emulator.RequestFault{
			{Cut: emulator.CutBefore, Rate: 0.03},
			{Cut: emulator.CutAfter, Rate: 0.03},
			{Code: "ServiceUnavailable", Rate: 0.03},
			{Code: "InternalFailure", Rate: 0.03},
			{Code: "ThrottlingException", Rate: 0.005},
		},
	}
}

// The collector is killed again and again, while it starts as well as later, while lines are written, requests are under way
// and the service fails. In the end every line is ingested, or rejected where it was planted to be. What is stored twice has
// one id, and is no more than the kills explain: what the queue did not know to be settled, and the lines behind the position
// that file_log had noted.
func TestKilled(t *testing.T) {
	both(t, func(t *testing.T, connector bool) {
		seed := seedOf(t)
		random := rand.New(rand.NewPCG(seed, 2))
		d := newDurable(t, durableSetup{faults: trouble(seed), component: fewConsumers, connector: connector})
		stop := d.src.load(t, 1500)
		d.launch(t)
		explained := 0
		for range kills {
			time.Sleep(time.Duration(random.Int64N(int64(1500 * time.Millisecond))))
			d.kill()
			explained += unsettled + d.src.after(savedPosition(t, d.state))
			if random.IntN(2) == 0 { // once more, while it starts
				d.spawn(t)
				time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
				d.kill()
				explained += unsettled + d.src.after(savedPosition(t, d.state))
			}
			d.launch(t)
		}
		stop()
		d.finish(t, d.src.input, explained)
	})
}

// The same where the collector is asked to end; SIGTERM and SIGINT are one to it. file_log has noted all that it has read.
func TestStopped(t *testing.T) {
	both(t, func(t *testing.T, connector bool) {
		seed := seedOf(t)
		random := rand.New(rand.NewPCG(seed, 2))
		d := newDurable(t, durableSetup{faults: trouble(seed), component: fewConsumers, connector: connector})
		stop := d.src.load(t, 1500)
		d.launch(t)
		const stops = 4
		for range stops {
			time.Sleep(time.Duration(random.Int64N(int64(1500 * time.Millisecond))))
			d.stop(t)
			d.launch(t)
		}
		stop()
		d.finish(t, d.src.input, stops*unsettled)
	})
}

// Records that come over OTLP, from a client that sends each payload until it is acknowledged. The client's copies are twins
// as well.
func TestKilledOTLP(t *testing.T) {
	both(t, func(t *testing.T, connector bool) {
		seed := seedOf(t)
		random := rand.New(rand.NewPCG(seed, 2))
		d := newDurable(t, durableSetup{faults: trouble(seed), component: fewConsumers, connector: connector, receivers: "otlp"})
		in := newInput(seed)
		d.launch(t)
		stop := sendForEver(t, d.http, in)
		const otlpKills = 6
		for range otlpKills {
			time.Sleep(time.Duration(random.Int64N(int64(1500 * time.Millisecond))))
			d.kill()
			d.launch(t)
		}
		stop()
		d.finish(t, in, otlpKills*(unsettled+perPayload))
	})
}
