// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refusedName is the name of those events that the service is told to refuse.
const refusedName = "refused"

// input is what goes in. A line is known by where in its file it begins.
type input struct {
	mu      sync.Mutex
	random  *rand.Rand
	lines   []int64        // where each begins
	refused map[int64]bool // those whose events the service refuses
}

func newInput(seed uint64) *input {
	return &input{random: rand.New(rand.NewPCG(seed, 1)), refused: map[int64]bool{}}
}

// add notes a line, and whether the service is to refuse its event.
func (in *input) add(at int64, refused bool) {
	in.lines = append(in.lines, at)
	if refused {
		in.refused[at] = true
	}
}

// name draws the name of an event: one in a hundred is to be refused.
func (in *input) name() string {
	if in.random.IntN(100) == 0 {
		return refusedName
	}
	return "invoice.approve"
}

// source is an application that writes a log file.
type source struct {
	*input
	path string
	size int64
	last []byte
}

func newSource(t *testing.T, path string, seed uint64) *source {
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	return &source{input: newInput(seed), path: path}
}

// write appends n lines at once. Some are equal to the line before.
func (s *source) write(t *testing.T, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var text bytes.Buffer
	for range n {
		if len(s.last) == 0 || s.random.IntN(40) > 0 {
			s.last = fmt.Appendf(s.last[:0], `{"@timestamp":%q,"service.name":"billing","event.name":%q,"user.id":"u-%d","app.note":%q}`+"\n",
				time.Now().UTC().Format(time.RFC3339Nano), s.name(), s.random.IntN(50), strings.Repeat("x", s.random.IntN(400)))
		}
		s.add(s.size+int64(text.Len()), bytes.Contains(s.last, []byte(refusedName)))
		text.Write(s.last)
	}
	file, err := os.OpenFile(s.path, os.O_APPEND|os.O_WRONLY, 0)
	if !assert.NoError(t, err) { // load calls this outside the test's goroutine
		return
	}
	_, err = file.Write(text.Bytes())
	assert.NoError(t, errors.Join(err, file.Close()))
	s.size += int64(text.Len())
}

// load appends lines until the function that it returns is called.
func (s *source) load(t *testing.T, perSecond int) (stop func()) {
	const every = 20 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.write(t, perSecond*int(every)/int(time.Second))
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-done }
}

// after counts the lines that begin at an offset or behind it.
func (s *source) after(offset int64) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n < len(s.lines) && s.lines[len(s.lines)-1-n] >= offset {
		n++
	}
	return n
}
