// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	smithyjson "github.com/aws/smithy-go/encoding/json"
	"github.com/stretchr/testify/require"
)

type testEvent struct{ id, data string }

func (e testEvent) appendTo(b *Body) bool {
	_, ok := b.Append([]byte(e.id), []byte(e.data))
	return ok
}

func bodyOf(t testing.TB, events ...testEvent) *Body {
	b := &Body{}
	for _, e := range events {
		require.True(t, e.appendTo(b))
	}
	return b
}

// numbered returns a body of n small events with the ids e-0, e-1, ….
func numbered(t testing.TB, n int) *Body {
	events := make([]testEvent, n)
	for i := range events {
		events[i] = testEvent{fmt.Sprintf("e-%d", i), fmt.Sprintf(`{"n":%d}`, i)}
	}
	return bodyOf(t, events...)
}

// bySDK writes the events with the encoder that the SDK's serialiser drives.
func bySDK(events ...testEvent) []byte {
	encoder := smithyjson.NewEncoder()
	document := encoder.Object()
	list := document.Key("auditEvents").Array()
	for _, e := range events {
		sum := sha256.Sum256([]byte(e.data))
		object := list.Value().Object()
		object.Key("eventData").String(e.data)
		object.Key("eventDataChecksum").String(base64.StdEncoding.EncodeToString(sum[:]))
		object.Key("id").String(e.id)
		object.Close()
	}
	list.Close()
	document.Close()
	return encoder.Bytes()
}

// decoded reads a body back with encoding/json.
func decoded(t testing.TB, wire []byte) []testEvent {
	var document struct {
		AuditEvents []struct{ EventData, EventDataChecksum, ID string }
	}
	require.NoError(t, json.Unmarshal(wire, &document))
	var events []testEvent
	for _, e := range document.AuditEvents {
		events = append(events, testEvent{e.ID, e.EventData})
	}
	return events
}

var awkward = []testEvent{
	{"plain", `{"version":"1.0","eventName":"Login","userIdentity":{"type":"User","principalId":"jane"}}`},
	{"empty", ""},
	{"control", "\x00\x01\b\f\n\r\t\x1f\x7f"},
	{"quotes", `"\"\\"\\\`},
	{"html", `<script>&amp;</script>`},
	{"unicode", "Grüße, 世界, 🎉, \u0085\u00a0\ufeff"},
	{"separators", "a\u2028b\u2029c\u2027\u202a"},
	{"not-utf-8", "a\xffb\xc3\x28\xe2\x80\xed\xa0\x80\xf4\x90\x80\x80"},
	{"replacement", "\ufffd"},
	{"long", strings.Repeat("0123456\"89abcd\\ef\x7f~ !#[]^", 9)},
	{"long unicode", strings.Repeat("Ä世界, 🎉 and so on\t\u2028", 9) + "\xff"},
	{"cut rune", "abc\xe4\xb8"},
	{"weird \"id\"\n", "{}"},
}

func TestBodyIsWhatTheSDKWouldWrite(t *testing.T) {
	for _, e := range awkward {
		t.Run(e.id, func(t *testing.T) {
			b := bodyOf(t, e)
			require.Equal(t, string(bySDK(e)), string(b.Bytes()))
			require.Equal(t, len(b.Bytes()), b.Size())
			require.Equal(t, e.id, string(b.ID(0)))
		})
	}
	t.Run("all", func(t *testing.T) {
		b := bodyOf(t, awkward...)
		require.Equal(t, string(bySDK(awkward...)), string(b.Bytes()))
		require.Equal(t, len(b.Bytes()), b.Size())
		require.Equal(t, len(awkward), b.Len())
	})
	t.Run("none", func(t *testing.T) {
		b := &Body{}
		require.Equal(t, string(bySDK()), string(b.Bytes()))
		require.Equal(t, len(b.Bytes()), b.Size())
	})
}

func TestBodyReset(t *testing.T) {
	b := bodyOf(t, awkward...)
	b.Reset()
	require.Zero(t, b.Len())
	require.Equal(t, `{"auditEvents":[]}`, string(b.Bytes()))
	require.True(t, awkward[0].appendTo(b))
	require.Equal(t, string(bySDK(awkward[0])), string(b.Bytes()))
}

func TestBodyBytesTwiceAndAppendAfter(t *testing.T) {
	b := bodyOf(t, awkward[0])
	first := string(b.Bytes())
	require.Equal(t, first, string(b.Bytes()))
	require.True(t, awkward[1].appendTo(b))
	require.Equal(t, string(bySDK(awkward[:2]...)), string(b.Bytes()))
}

func TestBodyTakesHundredEvents(t *testing.T) {
	b := numbered(t, MaxEvents)
	before := string(b.Bytes())
	require.False(t, testEvent{"one-more", "{}"}.appendTo(b))
	require.Equal(t, before, string(b.Bytes()))
	require.Equal(t, MaxEvents, b.Len())
}

func TestBodyStaysUnderItsSize(t *testing.T) {
	frame := len(bySDK(testEvent{"x", ""}))
	for _, c := range []struct {
		name string
		data string
		fits bool
	}{
		{"999,999 bytes", strings.Repeat("a", MaxBodySize-1-frame), true},
		{"1,000,000 bytes", strings.Repeat("a", MaxBodySize-frame), false},
		{"999,999 bytes escaped", strings.Repeat(`"`, (MaxBodySize-1-frame)/2), true},
		{"1,000,000 bytes escaped", strings.Repeat(`"`, (MaxBodySize-frame)/2+1), false},
		{"far over", strings.Repeat("\x01", 3*MaxBodySize), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &Body{}
			require.Equal(t, c.fits, testEvent{"x", c.data}.appendTo(b))
			require.Less(t, b.Size(), MaxBodySize)
			require.Equal(t, len(b.Bytes()), b.Size())
			if !c.fits {
				require.Zero(t, b.Len())
				require.Equal(t, `{"auditEvents":[]}`, string(b.Bytes()))
				require.True(t, testEvent{"x", "{}"}.appendTo(b), "the body still works")
			}
		})
	}
	t.Run("the comma counts", func(t *testing.T) {
		b := bodyOf(t, testEvent{"x", strings.Repeat("a", MaxBodySize/2)})
		left := MaxBodySize - 1 - b.Size() - len(",") - (frame - len(`{"auditEvents":[]}`))
		require.False(t, testEvent{"y", strings.Repeat("a", left+1)}.appendTo(b))
		require.Equal(t, 1, b.Len())
		require.True(t, testEvent{"y", strings.Repeat("a", left)}.appendTo(b))
		require.Equal(t, MaxBodySize-1, b.Size())
	})
}

func TestBodyPick(t *testing.T) {
	from := bodyOf(t, awkward...)
	b := bodyOf(t, testEvent{"of the request before", "{}"})
	for _, which := range [][]int{{}, {0}, {len(awkward) - 1}, {0, 1, 2}, {1, 5, 7, 12}, {3, 0}} {
		b.Pick(from, which)
		var want []testEvent
		for _, i := range which {
			want = append(want, awkward[i])
		}
		require.Equal(t, string(bySDK(want...)), string(b.Bytes()))
		require.Equal(t, len(b.Bytes()), b.Size())
		require.Equal(t, len(which), b.Len())
		for n, e := range want {
			require.Equal(t, e.id, string(b.ID(n)))
		}
	}
	require.True(t, testEvent{"last", "{}"}.appendTo(b))
	require.Equal(t, "last", string(b.ID(2)))
	require.Equal(t, string(bySDK(awkward...)), string(from.Bytes()))
}

func TestBodyAppendAllocatesNothing(t *testing.T) {
	b := &Body{}
	event := []byte(sampleEvent)
	fill := func() {
		b.Reset()
		for range MaxEvents {
			if _, ok := b.Append([]byte("0123456789abcdef"), event); !ok {
				panic("did not fit")
			}
		}
		if len(b.Bytes()) != b.Size() {
			panic("the size is wrong")
		}
	}
	fill()
	require.Zero(t, testing.AllocsPerRun(10, fill))
}

// FuzzAppendEscaped holds the escaping equal to the SDK's for any input.
func FuzzAppendEscaped(f *testing.F) {
	for _, e := range awkward {
		f.Add(e.id, e.data)
	}
	f.Fuzz(func(t *testing.T, id, data string) {
		e := testEvent{id, data}
		var b Body
		want := bySDK(e)
		if fits := len(want) < MaxBodySize; fits != e.appendTo(&b) {
			t.Fatalf("%d bytes on the wire: fits = %v", len(want), fits)
		} else if fits {
			require.Equal(t, string(want), string(b.Bytes()))
		}
	})
}

// FuzzBody packs events of fuzzed sizes and contents: never over a limit, no event lost or changed, and what does not
// fit leaves no trace. Half of the bodies start nearly full, so that small events meet the limit of size: what is decoded with
// encoding/json is small, and thousands of inputs are tried each second.
func FuzzBody(f *testing.F) {
	const room = 2000
	ballast := bodyOf(f, testEvent{"ballast", strings.Repeat("a", MaxBodySize-room)})
	ballastWire := bytes.TrimSuffix(ballast.Bytes(), []byte(bodyTail))
	f.Add([]byte{1, 2, 3, 255, 254, 0, 77, 9}, uint8(3), false)
	f.Add(bytes.Repeat([]byte{250}, 120), uint8(1), false)
	f.Add(bytes.Repeat([]byte{8, 255, 251, 7}, 30), uint8(200), true)
	empty := len(bySDK())
	var b, part, want Body
	f.Fuzz(func(t *testing.T, script []byte, scale uint8, nearlyFull bool) {
		b.Reset()
		start := 0
		if nearlyFull {
			start = 1
			b.Pick(ballast, []int{0})
		}
		refused := 0
		var kept []testEvent // after the ballast
		for i, step := range script[:min(len(script), MaxEvents+20)] {
			fill := []string{"a", `"`, "\x01", "é", "\u2028"}[int(step)%5]
			e := testEvent{fmt.Sprintf("id-%d", i), strings.Repeat(fill, int(step)*int(scale)/1024)}
			before := b.Size()
			if e.appendTo(&b) {
				kept = append(kept, e)
			} else if refused++; refused < 4 && b.Len() < MaxEvents { // to encode all of them takes time
				if size := before + len(",") + len(bySDK(e)) - empty; size < MaxBodySize || b.Size() != before {
					t.Fatalf("an event with which the body has %d bytes was refused, and left %d in place of %d", size, b.Size(), before)
				}
			}
			if b.Size() >= MaxBodySize || b.Len() > MaxEvents || b.Len() != start+len(kept) {
				t.Fatalf("event %d: %d bytes, %d events, of which %d were taken", i, b.Size(), b.Len(), len(kept))
			}
		}
		wire := b.Bytes()
		require.Equal(t, len(wire), b.Size())
		if nearlyFull {
			require.True(t, bytes.HasPrefix(wire, ballastWire), "the first event has changed")
			rest := bytes.TrimPrefix(wire[len(ballastWire):], []byte(","))
			wire = append([]byte(bodyHead), rest...)
		}
		require.Equal(t, kept, decoded(t, wire))
		for i, e := range kept {
			require.Equal(t, e.id, string(b.ID(start+i)))
		}
		for odd := range 2 {
			var which []int
			want.Reset()
			for i := odd; i < len(kept); i += 2 {
				which = append(which, start+i)
				require.True(t, kept[i].appendTo(&want))
			}
			part.Pick(&b, which)
			require.Equal(t, want.Bytes(), part.Bytes())
			require.Equal(t, len(which), part.Len())
		}
	})
}
