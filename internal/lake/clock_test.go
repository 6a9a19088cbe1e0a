// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestClockOff has a service whose clock is ten minutes from ours and that holds to SigV4's five.
func TestClockOff(t *testing.T) {
	for name, offset := range map[string]time.Duration{"behind": 10 * time.Minute, "ahead of": -10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			service := newService(t, func(r *received) reply {
				now := time.Now().Add(offset)
				date := map[string]string{"Date": now.UTC().Format(http.TimeFormat)}
				signed, err := time.Parse("20060102T150405Z", r.header.Get("X-Amz-Date"))
				if err != nil || now.Sub(signed).Abs() > 5*time.Minute {
					return reply{status: 403, header: date, text: `{"__type":"InvalidSignatureException","message":"Signature expired"}`}
				}
				answer := accepts(r)
				answer.header = date
				return answer
			})
			cfg := service.config(t)
			client := newClient(t, cfg)
			_, err := put(t, client)
			require.Equal(t, "InvalidSignatureException", err.Code)
			require.Equal(t, Operator, err.Class)
			require.Regexp(t, `by the Date of the answer, the clock of this host is (10m0|10m1|9m59)s `+name+` that of the service`, err.Error())
			require.Contains(t, err.Error(), "look for a proxy that writes a wrong Date")

			// The SDK takes the difference over from the answer, so that the next attempt passes although nobody set the clock.
			results, err := put(t, client)
			require.Nil(t, err)
			require.Equal(t, accepted, results)

			// An operator may forbid that. Then every attempt says so.
			t.Setenv("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true")
			client = newClient(t, cfg)
			for range 2 {
				_, err = put(t, client)
				require.NotNil(t, err)
				require.Contains(t, err.Error(), name+" that of the service")
			}
		})
	}
}

func TestClockIsNotBlamedForLess(t *testing.T) {
	for name, header := range map[string]map[string]string{
		"three minutes":  {"Date": time.Now().Add(3 * time.Minute).UTC().Format(http.TimeFormat)},
		"out of a cache": {"Date": time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), "Age": "3600"},
		"no date":        {"Date": "yesterday"},
	} {
		t.Run(name, func(t *testing.T) {
			service := newService(t, func(*received) reply {
				return reply{status: 403, header: header, text: `{"__type":"AccessDeniedException"}`}
			})
			_, err := put(t, newClient(t, service.config(t)))
			require.NotContains(t, err.Error(), "the clock of this host is")
		})
	}
}
