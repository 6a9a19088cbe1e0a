// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/record"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

// grpcCodes are the names of gRPC's status codes: https://grpc.io/docs/guides/status-codes/
var grpcCodes = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
	"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

// grpcCode gives the name of a gRPC status code that stands there as a number, and any other value as it is.
type grpcCode struct{ of Expr }

// Eval implements Expr.
func (g grpcCode) Eval(d *record.Doc) tree.Ref {
	v := g.of.Eval(d)
	if v == 0 {
		return 0
	}
	if n, ok := d.Int64(v); ok && n >= 0 && n < int64(len(grpcCodes)) {
		return d.AddString(grpcCodes[n])
	}
	return v
}
