// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package outcome is the life of an event as one table: from where an event stands, and what happens to it, follows where it
// stands then.
package outcome

// State is where an event stands.
type State uint8

// The states of an event. Ingested and Rejected are final: no cause leads out of them.
const (
	// Pending: the event was not sent yet, or its request failed as a whole. Its record goes back to the queue.
	Pending State = iota
	// Retryable: CloudTrail refused the event for a reason that passes, or that someone has to fix. It is sent again.
	Retryable
	// Damaged: the event arrived with a wrong checksum. It is sent once more at once.
	Damaged
	// Suspected: CloudTrail refused the event for a reason that is its own fault or the configuration's. It is sent again until
	// it is known which.
	Suspected
	// Ingested: CloudTrail has stored the event.
	Ingested
	// Rejected: nobody sends the event again. It is counted and named.
	Rejected

	numStates
)

// String returns the state's name, as in DESIGN.md.
func (s State) String() string {
	return [numStates]string{"pending", "retryable", "damaged", "suspected", "ingested", "rejected"}[s]
}

// Final reports whether the event is delivered or rejected.
func (s State) Final() bool { return s == Ingested || s == Rejected }

// Cause is something that happens to an event.
type Cause uint8

// The causes. The first six are answers of CloudTrail.
const (
	// Accepted: CloudTrail lists the event as successful.
	Accepted Cause = iota
	// RefusedForNow: the code of the refusal passes, or someone has to fix its cause.
	RefusedForNow
	// ChecksumWrong: the event's bytes and its checksum did not match when they arrived.
	ChecksumWrong
	// Blamed: the refusal may be the event's fault or the configuration's, and CloudTrail is not known to accept other events at
	// this time.
	Blamed
	// BlamedWitnessed: the same, but CloudTrail accepted another event between two refusals of this one, or in the same answer.
	BlamedWitnessed
	// RefusedForGood: no repetition helps.
	RefusedForGood
	// RequestFailed: the request failed as a whole, or nothing is sent anymore.
	RequestFailed
	// Exhausted: the event was refused for too many times while CloudTrail accepted others.
	Exhausted
	// GivenUp: the configuration, or the end of the process, allows no other attempt.
	GivenUp

	numCauses
)

// String returns the cause's name, as in DESIGN.md.
func (c Cause) String() string {
	return [numCauses]string{
		"accepted", "refused for now", "checksum wrong", "blamed", "blamed with witness", "refused for good",
		"request failed", "exhausted", "given up",
	}[c]
}

// transitions is the table of DESIGN.md; a test holds them equal. A row has one state for each cause, in the causes' order.
var transitions = [numStates][numCauses]State{
	//          accepted  for now    checksum  blamed     witnessed for good  failed     exhausted  given up
	Pending:   {Ingested, Retryable, Damaged, Suspected, Rejected, Rejected, Pending, Pending, Rejected},
	Retryable: {Ingested, Retryable, Damaged, Suspected, Rejected, Rejected, Pending, Rejected, Rejected},
	Damaged:   {Ingested, Retryable, Rejected, Suspected, Rejected, Rejected, Pending, Rejected, Rejected},
	Suspected: {Ingested, Retryable, Damaged, Suspected, Rejected, Rejected, Suspected, Suspected, Rejected},
	Ingested:  {Ingested, Ingested, Ingested, Ingested, Ingested, Ingested, Ingested, Ingested, Ingested},
	Rejected:  {Rejected, Rejected, Rejected, Rejected, Rejected, Rejected, Rejected, Rejected, Rejected},
}

// Next returns where an event stands after a cause.
func (s State) Next(c Cause) State { return transitions[s][c] }
