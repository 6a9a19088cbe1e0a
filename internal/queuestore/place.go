// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package queuestore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// place names what a queue has in its storage, as an operator finds it.
func place(storageID component.ID, kind component.Kind, id component.ID, name string) string {
	if storageID.Type().String() == "file_storage" {
		return fmt.Sprintf("the file %s in the directory of %s", fileName(kind, id, name), storageID)
	}
	return fmt.Sprintf("the data of the %s %s in %s", strings.ToLower(kind.String()), id, storageID)
}

// maxFileName is how long a file's name can be on most systems, in bytes.
const maxFileName = 255

// fileName is the name that file_storage v0.161.0 gives to a component's file.
func fileName(kind component.Kind, id component.ID, name string) string {
	var s strings.Builder
	for _, r := range fmt.Sprintf("%s_%s_%s_%s", strings.ToLower(kind.String()), id.Type(), id.Name(), name) {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			s.WriteRune(r)
		default:
			fmt.Fprintf(&s, "~%04X", r)
		}
	}
	if s.Len() <= maxFileName {
		return s.String()
	}
	sum := sha256.Sum256([]byte(s.String()))
	return hex.EncodeToString(sum[:])
}

// keepIt is the advice for data that is damaged. Nothing in it loses what the queue holds.
const keepIt = "Nothing is lost yet. Restore it from a copy. Without a copy, move it to another place and keep it there: " +
	"the collector then starts with an empty queue, and the payloads that you moved are not sent"

// openError says why a storage cannot be opened, and what to do.
func openError(place string, err error) error {
	return fmt.Errorf("sending_queue.storage: cannot open %s: %w. %s", place, err, openAdvice(err))
}

func openAdvice(err error) string {
	is := func(targets ...error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
	// bbolt and file_storage have no values for these.
	says := func(text string) bool { return strings.Contains(err.Error(), text) }
	switch {
	case is(berrors.ErrTimeout):
		return "Another process has it open, perhaps a collector that is still shutting down: wait for that process or stop it. " +
			"Do not move or delete the file: it is not damaged"
	case is(berrors.ErrInvalid, berrors.ErrChecksum, berrors.ErrVersionMismatch), says("file size too small"), says("database may be corrupted"):
		return "It is damaged. " + keepIt
	case is(syscall.ENOSPC, syscall.EDQUOT):
		return "Make room on its disk and start again: nothing is lost"
	case is(berrors.ErrMaxSizeReached, storage.ErrStorageFull):
		return "Raise max_size of the storage extension and start again: nothing is lost"
	case is(syscall.EROFS):
		return "Its file system is read-only: make it writable and start again, nothing is lost"
	case is(os.ErrPermission):
		return "Let the user of the collector read and write the file and its directory, and start again: nothing is lost"
	case is(os.ErrNotExist):
		return "Its directory is not there. If the queue has run before, its disk may not be mounted: mount it. Else create the directory"
	}
	return "Remove the cause and start again. Do not move or delete what the queue has there"
}

// indexError says why a queue cannot start with what is in its storage, and what to do.
func indexError(place string, err error) error {
	if _, ok := errors.AsType[damage](err); !ok {
		return fmt.Errorf("sending_queue.storage: cannot read %s: %w. Remove the cause and start again: nothing is lost", place, err)
	}
	return fmt.Errorf("sending_queue.storage: the index of the queue (key %s) in %s is damaged: %w. %s. "+
		"If an older version of the exporter wrote it last, start that version until the queue is empty, and then move it",
		indexKey, place, err, keepIt)
}
