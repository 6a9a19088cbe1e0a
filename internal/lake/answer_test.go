// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/outcome"
)

// successes is an answer that lists every event as successful.
func successes(body *Body) []byte {
	text := []byte(`{"failed":[],"successful":[`)
	for i := range body.Len() {
		if i > 0 {
			text = append(text, ',')
		}
		text = fmt.Appendf(text, `{"eventID":"8b1f0a3e-0f2b-4a6c-9d1e-%012d","id":%q}`, i, body.ID(i))
	}
	return append(text, `]}`...)
}

func ok(eventID string) Result            { return Result{EventID: eventID} }
func refused(code, message string) Result { return Result{Code: code, Message: message} }

var notListed = Result{Code: CodeNotListed}

func TestAnswerDecode(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Result // of the events e-0, e-1 and e-2
	}{
		{
			"all successful, in order",
			`{"failed":[],"successful":[{"eventID":"A","id":"e-0"},{"eventID":"B","id":"e-1"},{"eventID":"C","id":"e-2"}]}`,
			[]Result{ok("A"), ok("B"), ok("C")},
		},
		{
			"any order",
			`{"successful":[{"id":"e-2","eventID":"C"},{"id":"e-0","eventID":"A"},{"id":"e-1","eventID":"B"}],"failed":[]}`,
			[]Result{ok("A"), ok("B"), ok("C")},
		},
		{
			"some failed",
			`{"failed":[{"errorCode":"FieldTooLong","errorMessage":"UID","id":"e-1"}],"successful":[{"eventID":"A","id":"e-0"},{"eventID":"C","id":"e-2"}]}`,
			[]Result{ok("A"), refused("FieldTooLong", "UID"), ok("C")},
		},
		{
			"one not listed", `{"failed":[],"successful":[{"eventID":"A","id":"e-0"},{"eventID":"C","id":"e-2"}]}`,
			[]Result{ok("A"), notListed, ok("C")},
		},
		{"empty lists", `{"failed":[],"successful":[]}`, []Result{notListed, notListed, notListed}},
		{"lists of null", `{"failed":null,"successful":null}`, []Result{notListed, notListed, notListed}},
		{"one list only", `{"successful":[{"id":"e-1","eventID":"B"}]}`, []Result{notListed, ok("B"), notListed}},
		{
			"ids of no event", `{"failed":[{"id":"x","errorCode":"InvalidData"},{"errorCode":"InvalidData"}],"successful":[{"id":"e-00"},{"id":""},{"id":"e-1"}]}`,
			[]Result{notListed, ok(""), notListed},
		},
		{
			"members unknown",
			`{"a":[{"b":[1.5e3,true,null]}],"failed":[{"id":"e-0","more":{"x":[]},"errorCode":"Throttling"}],"successful":[{"id":"e-1","eventID":"B","n":1}],"z":"\u0000"}`,
			[]Result{refused("Throttling", ""), ok("B"), notListed},
		},
		{
			"nulls inside", `{"failed":[null,{"id":"e-0","errorCode":"Throttling","errorMessage":null}],"successful":[null,{"id":"e-1","eventID":null},{"id":null}]}`,
			[]Result{refused("Throttling", ""), ok(""), notListed},
		},
		{
			"in both lists: it is stored", `{"failed":[{"id":"e-0","errorCode":"InternalFailure"}],"successful":[{"id":"e-0","eventID":"A"}]}`,
			[]Result{ok("A"), notListed, notListed},
		},
		{
			"in both lists, the other way round", `{"successful":[{"id":"e-0","eventID":"A"}],"failed":[{"id":"e-0","errorCode":"InternalFailure","errorMessage":"m"}]}`,
			[]Result{ok("A"), notListed, notListed},
		},
		{
			"failed without a code is not success", `{"failed":[{"id":"e-0"},{"id":"e-1","errorCode":""},{"id":"e-2","errorCode":null}],"successful":[]}`,
			[]Result{refused(CodeNone, ""), refused(CodeNone, ""), refused(CodeNone, "")},
		},
		{
			"escapes", `{"failed":[{"id":"\u0065-0","errorCode":"Invalid\u0044ata","errorMessage":"a\"b\\\n\u00e9"}],"successful":[{"\u0069d":"e-1","eventID":"\u0042"}]}`,
			[]Result{refused("InvalidData", "a\"b\\\né"), ok("B"), notListed},
		},
		{
			"a code that is none", `{"failed":[{"id":"e-0","errorCode":"a b\n{}é` + strings.Repeat("x", 500) + `"}]}`,
			[]Result{refused("a_b____"+strings.Repeat("x", 121), ""), notListed, notListed},
		},
		{
			"not UTF-8", "{\"failed\":[{\"id\":\"e-0\",\"errorCode\":\"X\",\"errorMessage\":\"a\xff\"}],\"successful\":[{\"id\":\"e-1\",\"eventID\":\"B\xff\"},{\"id\":\"e-2\",\"eventID\":\"C\"}]}",
			[]Result{refused("X", "a\ufffd"), ok("B\ufffd"), ok("C")},
		},
		{"space around, text behind", " \n{\"successful\": [ {\"id\" : \"e-0\"} ] } \n\n<!-- proxy -->", []Result{ok(""), notListed, notListed}},
		{
			"a list twice", `{"successful":[{"id":"e-0"}],"successful":[{"id":"e-1"}]}`,
			[]Result{ok(""), ok(""), notListed},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var answer Answer
			require.NoError(t, answer.decode([]byte(c.text), numbered(t, 3)))
			require.Equal(t, c.want, answer.Results)
		})
	}
}

func TestAnswerThatIsNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty":              ``,
		"null":               `null`,
		"list":               `[]`,
		"text":               `"ok"`,
		"html":               `<html><body>Welcome to the hotel's network</body></html>`,
		"no list":            `{"status":"ok"}`,
		"no member":          `{}`,
		"cut in a string":    `{"failed":[],"successful":[{"eventID":"A","id":"e-`,
		"cut after an entry": `{"failed":[],"successful":[{"eventID":"A","id":"e-0"}`,
		"cut after a list":   `{"successful":[{"eventID":"A","id":"e-0"}]`,
		"list is a number":   `{"successful":3}`,
		"entry is a string":  `{"successful":["e-0"]}`,
		"id is a number":     `{"successful":[{"id":0}]}`,
		"code is a number":   `{"failed":[{"id":"e-0","errorCode":7}]}`,
		"nested too deep":    `{"x":` + strings.Repeat("[", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			var answer Answer
			require.Error(t, answer.decode([]byte(text), numbered(t, 3)))
		})
	}
}

func TestAnswerIsReusable(t *testing.T) {
	var answer Answer
	body := numbered(t, MaxEvents)
	require.NoError(t, answer.read(strings.NewReader(string(successes(body))), body))
	require.Len(t, answer.Results, MaxEvents)
	require.NoError(t, answer.read(strings.NewReader(`{"failed":[]}`), numbered(t, 2)))
	require.Equal(t, []Result{notListed, notListed}, answer.Results)
}

func TestAnswerRead(t *testing.T) {
	body := numbered(t, 3)
	text := string(successes(body))
	cut := errors.New("cut")
	space := strings.Repeat(" ", maxAnswerSize-len(text))
	for _, c := range []struct {
		name string
		r    io.Reader
		want error
	}{
		{"byte by byte", iotest.OneByteReader(strings.NewReader(text)), nil},
		{"end together with data", iotest.DataErrReader(strings.NewReader(text)), nil},
		{"breaks", io.MultiReader(strings.NewReader(text[:40]), iotest.ErrReader(cut)), cut},
		{"breaks at the end", io.MultiReader(strings.NewReader(text), iotest.ErrReader(cut)), cut},
		{"1 MiB", strings.NewReader(space + text), nil},
		{"more", strings.NewReader(space + " " + text), errAnswerTooLong},
		{"endless", endless{}, errAnswerTooLong},
	} {
		t.Run(c.name, func(t *testing.T) {
			var answer Answer
			err := answer.read(c.r, body)
			require.ErrorIs(t, err, c.want)
			if c.want == nil {
				for _, r := range answer.Results {
					require.Empty(t, r.Code)
				}
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "          "), nil }

// FuzzAnswer holds that whatever an answer says, each event has one result, and none is a success that the text does
// not name.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"failed":[{"errorCode":"FieldTooLong","errorMessage":"UID","id":"e-1"}],"successful":[{"eventID":"A","id":"e-0"}]}`))
	f.Add([]byte(`{"successful":[{"id":"e-2"},{"id":"e-0"}],"failed":null,"x":{}}`))
	f.Add([]byte(`{"failed":[{"id":"\u0065-0"}]}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		body := numbered(t, 3)
		var answer Answer
		if answer.decode(text, body) != nil {
			return
		}
		require.Len(t, answer.Results, body.Len())
		for i, r := range answer.Results {
			plainly := strings.Contains(string(text), string(body.ID(i))) || strings.Contains(string(text), `\`)
			if r.Code == "" {
				require.True(t, plainly, "event %d", i)
				require.Empty(t, r.Message)
			} else {
				require.Empty(t, r.EventID)
				require.LessOrEqual(t, len(r.Code), maxCodeLength)
				require.NotEqual(t, outcome.Accepted, CauseOf(r.Code))
			}
		}
	})
}
