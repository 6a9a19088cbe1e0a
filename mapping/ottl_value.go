// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping/internal/tree"
)

type valueExpression = *ottl.ValueExpression[logContext]

func evaluate(e valueExpression, in *ottlContext) (v any, err error) {
	defer recovered(&err)
	return e.Eval(context.Background(), in.open())
}

// addAny adds a value of one of the types that OTTL gives.
func addAny(t *tree.Tree, v any) (tree.Ref, error) {
	switch v := v.(type) {
	case nil:
		return 0, nil
	case string:
		return t.AddString(v), nil
	case bool:
		n := tree.Node{Kind: tree.Bool}
		if v {
			n.Num = 1
		}
		return t.Add(n), nil
	case int64:
		return t.Add(tree.Node{Kind: tree.Int, Num: uint64(v)}), nil
	case float64:
		return t.Add(tree.Node{Kind: tree.Double, Num: math.Float64bits(v)}), nil
	case []byte:
		return t.Add(tree.Node{Kind: tree.Bytes, Str: string(v)}), nil
	case time.Time:
		if v.IsZero() || v.UnixNano() == 0 { // OTTL's time of a record that has none
			return 0, nil
		}
		return t.AddString(v.UTC().Format(time.RFC3339Nano)), nil
	case time.Duration:
		return t.AddString(v.String()), nil
	case pcommon.TraceID:
		return addID(t, v.IsEmpty(), v[:])
	case pcommon.SpanID:
		return addID(t, v.IsEmpty(), v[:])
	case pcommon.Value:
		return t.AddValue(v), nil
	case pcommon.Map:
		return t.AddMap(v, 0), nil
	case pcommon.Slice:
		value := pcommon.NewValueSlice()
		v.CopyTo(value.Slice())
		return t.AddValue(value), nil
	case map[string]any:
		return addRaw(t, v)
	case []any:
		return addRaw(t, v)
	case []string:
		return addList(t, v)
	case []int64:
		return addList(t, v)
	case []float64:
		return addList(t, v)
	case []bool:
		return addList(t, v)
	default:
		return 0, fmt.Errorf("a value of type %T has no place in an event", v)
	}
}

func addID(t *tree.Tree, empty bool, id []byte) (tree.Ref, error) {
	if empty {
		return 0, nil
	}
	return t.AddString(hex.EncodeToString(id)), nil
}

func addList[T any](t *tree.Tree, list []T) (tree.Ref, error) {
	raw := make([]any, len(list))
	for i, v := range list {
		raw[i] = v
	}
	return addRaw(t, raw)
}

// addRaw adds an object or a list of Go values. In it may be pdata, which FromRaw does not know.
func addRaw(t *tree.Tree, raw any) (tree.Ref, error) {
	value := pcommon.NewValueEmpty()
	if err := value.FromRaw(plain(raw)); err != nil {
		return 0, err
	}
	return t.AddValue(value), nil
}

// plain returns v with Go values in place of pdata and of what JSON does not know.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, x := range v {
			m[key] = plain(x)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = plain(x)
		}
		return list
	case pcommon.Map:
		return v.AsRaw()
	case pcommon.Slice:
		return v.AsRaw()
	case pcommon.Value:
		return v.AsRaw()
	case pcommon.TraceID:
		return v.String()
	case pcommon.SpanID:
		return v.String()
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case time.Duration:
		return v.String()
	default:
		return v
	}
}
