// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package mapping turns log records into audit events of AWS CloudTrail Lake. It knows pdata and the service's event
// schema; it knows no AWS client and no network.
//
// A record goes one way: it is located (internal/record), a preset fills the fields of an event from it (preset), what
// nothing used is gathered into additionalEventData, fields that break a limit are repaired or the event refused, and
// the event is encoded.
package mapping
