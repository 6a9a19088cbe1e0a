// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

// class is a class of failure, and how the service plays it.
type class struct {
	name   string
	faults emulator.Faults
	// planted says that the events named refused are refused for good: exactly those are to be rejected.
	planted bool
	// mend says when all faults are to end, by what the service has counted; nil = they end by themselves, or stay.
	mend func(emulator.Counts) bool
	// timeout of a request, where the default is too long to be waited for.
	timeout time.Duration
}

// refused is the name of the planted events.
const refused = "refused"

var planted = emulator.Match{EventName: refused}

// classes are the failures that the service's reference names, then those of what lies between, then all at once.
func classes() []class {
	var all []class
	for _, code := range []string{
		"FieldTooLong", "FieldNotFound", "InvalidChecksum", "InvalidData", "InvalidRecipient", "InvalidEventSource",
	} {
		all = append(all, class{name: "event: " + code, planted: true, faults: emulator.Faults{
			Events: []emulator.EventFault{{Match: planted, Code: code}},
		}})
	}
	for _, code := range []string{"Throttling", "InternalFailure", emulator.CodeNotListed} {
		all = append(all, class{name: "event: " + code, faults: emulator.Faults{
			Events: []emulator.EventFault{{Code: code, Rate: 0.1}},
		}})
	}
	all = append(all, class{
		name:   "event: AccountNotSubscribed, then mended",
		faults: emulator.Faults{Events: []emulator.EventFault{{Code: "AccountNotSubscribed", Rate: 1}}},
		mend:   func(c emulator.Counts) bool { return c.Refused["AccountNotSubscribed"] >= 200 },
	})
	for _, code := range []string{
		"ValidationException", "SerializationException", "DuplicatedAuditEventId", "RequestEntityTooLargeException",
	} {
		all = append(all, class{name: "request: " + code, planted: true, faults: emulator.Faults{
			Requests: []emulator.RequestFault{{Match: planted, Code: code}},
		}})
	}
	for _, code := range []string{"ThrottlingException", "RequestTimeoutException", "InternalFailure", "ServiceUnavailable"} {
		all = append(all, class{name: "request: " + code, faults: emulator.Faults{
			Requests: []emulator.RequestFault{{Code: code, Rate: 0.3}},
		}})
	}
	for _, code := range []string{
		"AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException",
		"ChannelInsufficientPermission", "ChannelNotFound", "ChannelUnsupportedSchema", "InvalidChannelARN",
		"UnsupportedOperationException",
	} {
		all = append(all, class{name: "request: " + code + ", then mended", faults: emulator.Faults{
			Requests: []emulator.RequestFault{{Code: code, First: 10}},
		}})
	}
	return append(all,
		class{name: "connection cut before the request is read", faults: emulator.Faults{
			Requests: []emulator.RequestFault{{Cut: emulator.CutBefore, Rate: 0.3}},
		}},
		class{name: "connection cut after the events are stored", faults: emulator.Faults{
			Requests: []emulator.RequestFault{{Cut: emulator.CutAfter, Rate: 0.3}},
		}},
		class{
			name: "no answer within the time-out, then mended", timeout: time.Second,
			faults: emulator.Faults{Latency: emulator.Duration(time.Minute)},
			mend:   func(c emulator.Counts) bool { return c.Requests[emulator.CodeCut] >= 2 },
		},
		class{
			name: "outage", faults: emulator.Faults{Outage: true},
			mend: func(c emulator.Counts) bool { return c.Requests[emulator.CodeCut] >= 10 },
		},
		class{name: "mixed: all that passes, and planted events", planted: true, faults: emulator.Faults{
			Latency: emulator.Duration(5 * time.Millisecond),
			Events: []emulator.EventFault{
				{Match: planted, Code: "InvalidData"},
				{Code: "Throttling", Rate: 0.05},
				{Code: "InternalFailure", Rate: 0.05},
				{Code: emulator.CodeNotListed, Rate: 0.05},
			},
			Requests: mixedRequests,
		}},
		class{name: "mixed: all that passes, and planted events that spoil requests", planted: true, faults: emulator.Faults{
			Latency:  emulator.Duration(5 * time.Millisecond),
			Events:   []emulator.EventFault{{Code: "Throttling", Rate: 0.05}, {Code: emulator.CodeNotListed, Rate: 0.05}},
			Requests: append([]emulator.RequestFault{{Match: planted, Code: "ValidationException"}}, mixedRequests...),
		}},
	)
}

var mixedRequests = []emulator.RequestFault{
	{Code: "AccessDeniedException", First: 5},
	{Cut: emulator.CutBefore, Rate: 0.05},
	{Cut: emulator.CutAfter, Rate: 0.05},
	{Code: "ThrottlingException", Rate: 0.05},
	{Code: "InternalFailure", Rate: 0.05},
	{Code: "ServiceUnavailable", Rate: 0.05},
	{Code: "RequestTimeoutException", Rate: 0.05},
}
