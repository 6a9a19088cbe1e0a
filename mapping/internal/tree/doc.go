// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

// Package tree holds one log record as a tree of nodes, whatever it came as: pdata values or JSON text. The mapping
// reads, marks and rewrites the tree, and encodes parts of it as JSON.
//
// A tree is made for reuse: nodes and text live in buffers that Truncate keeps, so that mapping a record allocates
// nothing once the buffers have grown.
package tree
