// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// format is what an input holds.
type format string

// The formats.
const (
	formatAuto   format = "auto"   // to be detected
	formatNDJSON format = "ndjson" // a JSON object a line
	formatJSON   format = "json"   // JSON objects over any number of lines, or lists of them
	formatOTLP   format = "otlp"   // logs as OTLP has them in JSON, a document a line or over many
	formatText   format = "text"   // lines of any text
)

// headSize is how much of an input is looked at to detect what it is.
const headSize = 64 << 10

// splits says how an input is taken apart into records.
type splits int

const (
	splitLines  splits = iota // each line is one
	splitValues               // each JSON value is one, or each item of a list
)

// detect says from the beginning of an input how to take it apart: by JSON values where those do not keep to lines, by lines
// else. whole says that head is all there is.
func detect(head []byte, whole bool) splits {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return splitLines
	}
	line, _, ended := bytes.Cut(head, []byte("\n"))
	if head[0] == '{' && (ended || whole) && json.Valid(line) {
		return splitLines
	}
	if head[0] == '{' && !ended && !whole {
		return splitLines // one very long line
	}
	// Of many lines, the last may be missing: that is a broken document, and no text.
	if cut := !whole || bytes.ContainsRune(bytes.TrimSpace(head), '\n'); !isJSON(head, cut) {
		return splitLines // text that looks like it, as in "[INFO] started"
	}
	return splitValues
}

// isJSON says whether text is JSON values, one after the other, the last of which may be cut off.
func isJSON(text []byte, cut bool) bool {
	values := json.NewDecoder(bytes.NewReader(text))
	for {
		var value json.RawMessage
		switch err := values.Decode(&value); {
		case errors.Is(err, io.EOF):
			return true
		case errors.Is(err, io.ErrUnexpectedEOF):
			return cut
		case err != nil:
			return false
		}
	}
}

// isOTLP says whether a JSON text is a document of OTLP logs:
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
func isOTLP(text []byte) bool {
	if !bytes.Contains(text, []byte(`"resourceLogs"`)) {
		return false
	}
	var document map[string]json.RawMessage
	if json.Unmarshal(text, &document) != nil {
		return false
	}
	logs := document["resourceLogs"]
	return len(logs) > 0 && logs[0] == '['
}
