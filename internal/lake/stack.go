// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package lake

import "runtime"

// stackRoom is what the SDK's middleware, some hundred calls deep, takes of a stack, in bytes.
const stackRoom = 24 << 10

// growStack makes room on the goroutine's stack, once and while there is little on it. exporterhelper begins a goroutine for
// each request: its stack would grow several times on the way through the middleware, and all that is on it moves each time.
//
//go:noinline
func growStack() {
	var room [stackRoom]byte
	runtime.KeepAlive(&room)
}
