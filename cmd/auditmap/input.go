// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// badInput is a part of an input that could not be read. What follows it is read all the same, unless fatal.
type badInput struct {
	at    string
	what  string
	fatal bool
}

// Error implements error.
func (e *badInput) Error() string { return e.at + ": " + e.what }

// piece is one part of an input: a line, or a JSON value. It is valid until the next is read.
type piece struct {
	line   int // where it begins, from 1
	isLine bool
	text   []byte // not empty
}

// splitter takes an input apart in constant memory. It ends with io.EOF.
type splitter interface {
	next() (piece, error)
}

// input is one file, or standard input.
type input struct {
	splitter
	name string
}

// open prepares an input for reading, whatever it holds. No part of it may be longer than longest, in bytes.
func open(name string, r io.Reader, f format, longest int) (*input, error) {
	b, err := unzip(name, bufio.NewReaderSize(r, headSize))
	if err != nil {
		return nil, err
	}
	head, err := b.Peek(headSize)
	whole := errors.Is(err, io.EOF)
	if err != nil && len(head) == 0 && !whole {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return nil, &badInput{at: name, what: "this is UTF-16: convert it to UTF-8, as with iconv -f UTF-16 -t UTF-8", fatal: true}
	}
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, bom) {
		head = head[len(bom):]
		_, _ = b.Discard(len(bom)) // it is in the buffer
	}
	in := &input{name: name}
	by := splitLines
	switch f {
	case formatJSON:
		by = splitValues
	case formatAuto, formatOTLP:
		by = detect(head, whole)
	}
	if by == splitValues {
		in.splitter = &values{r: b, name: name, longest: longest, line: 1}
	} else {
		in.splitter = &lines{r: b, name: name, longest: longest}
	}
	return in, nil
}

// unzip returns a reader of what gzip has compressed, recognised by its first bytes, and of all else as it is.
func unzip(name string, r *bufio.Reader) (*bufio.Reader, error) {
	if magic, _ := r.Peek(3); string(magic) != "\x1f\x8b\x08" { // an error comes back at the next read
		return r, nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, zipped{name: name}.damaged(err)
	}
	return bufio.NewReaderSize(zipped{z, name}, headSize), nil
}

// zipped is a compressed input. Its errors say so.
type zipped struct {
	io.Reader
	name string
}

func (z zipped) Read(to []byte) (int, error) {
	n, err := z.Reader.Read(to)
	if err != nil && !errors.Is(err, io.EOF) {
		err = z.damaged(err)
	}
	return n, err
}

func (z zipped) damaged(err error) error {
	return &badInput{at: z.name, what: "the gzip data is damaged or cut off: " + err.Error() + "; what follows was not read", fatal: true}
}

// lines takes an input apart by lines. Blank ones are no records.
type lines struct {
	r       *bufio.Reader
	name    string
	longest int
	line    int
	buf     []byte
	done    error
}

func (l *lines) next() (piece, error) {
	for l.done == nil {
		l.line++
		tooLong := l.read()
		if l.done != nil && !errors.Is(l.done, io.EOF) {
			break // what there is of the line is not the line
		}
		if tooLong {
			return piece{}, &badInput{at: fmt.Sprintf("%s:%d", l.name, l.line), what: longer("the line", l.longest)}
		}
		// The file_log receiver, too, takes white space off both ends of a line.
		if text := bytes.TrimSpace(l.buf); len(text) > 0 {
			return piece{line: l.line, isLine: true, text: text}, nil
		}
	}
	return piece{}, l.done
}

// read reads a line into buf, and says whether it is too long. Then all of it is read, and only the first part kept.
func (l *lines) read() (tooLong bool) {
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.buf)+len(part) > l.longest+len("\r\n") {
			tooLong = true
		} else {
			l.buf = append(l.buf, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		l.done = err
		return tooLong
	}
}

func longer(what string, than int) string {
	return fmt.Sprintf("%s is longer than %d bytes, and was not read: raise -max-record", what, than)
}
