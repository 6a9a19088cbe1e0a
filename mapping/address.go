// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package mapping

import (
	"net/netip"
	"strings"
)

// readAddress reads an IPv4 or IPv6 address, with or without a port, brackets or a zone, none of which it keeps.
func readAddress(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr.WithZone(""), true
	}
	if port, err := netip.ParseAddrPort(s); err == nil {
		return port.Addr().WithZone(""), true
	}
	if inner, ok := strings.CutPrefix(s, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			if addr, err := netip.ParseAddr(inner); err == nil && addr.Is6() {
				return addr.WithZone(""), true
			}
		}
	}
	return netip.Addr{}, false
}
