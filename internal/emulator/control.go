// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package emulator

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
)

// controlHandler routes all but PutAuditEvents. Browsers can be led to any address of the machine that they run on, so
// that each of these calls has to be asked for under the emulator's own name and, where a page asks, by its own page.
func (e *Emulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_control/faults", func(w http.ResponseWriter, _ *http.Request) {
		e.mu.Lock()
		faults := e.faults
		e.mu.Unlock()
		writeControl(w, faults)
	})
	mux.HandleFunc("PUT /_control/faults", e.putFaults)
	mux.HandleFunc("POST /_control/reset", func(w http.ResponseWriter, _ *http.Request) {
		e.Reset()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /_control/counts", func(w http.ResponseWriter, _ *http.Request) { writeControl(w, e.Counts()) })
	mux.HandleFunc("GET /{$}", e.page)
	mux.HandleFunc("GET /page.css", asset("text/css; charset=utf-8", pageCSS))
	mux.HandleFunc("GET /page.js", asset("text/javascript; charset=utf-8", pageJS))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !e.ownHost(r) {
			http.Error(w, "This host name is not the emulator's. Use the address that it prints at its start, "+
				"or name the host with -allow-host.", http.StatusForbidden)
			return
		}
		if !sameOrigin(r) {
			http.Error(w, "Another site's page asked for this.", http.StatusForbidden)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(w, r)
	})
}

func (e *Emulator) putFaults(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	faults, err := ParseFaults(body)
	if err == nil {
		err = e.SetFaults(faults)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	writeControl(w, faults)
}

func writeControl(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	writeJSON(w, http.StatusOK, value)
}

// ownHost defeats DNS rebinding, where a stranger's name is made to point here: the Host must be loopback, the address
// that was connected to, or a name given to New.
func (e *Emulator) ownHost(r *http.Request) bool {
	host := (&url.URL{Host: r.Host}).Hostname()
	if host == "localhost" || slices.Contains(e.hosts, host) {
		return true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return addr.IsLoopback()
	}
	own, err := netip.ParseAddrPort(local.String())
	return addr.IsLoopback() || err == nil && own.Addr().Unmap() == addr.Unmap()
}

// sameOrigin defeats cross-site requests: browsers send Origin with every one that can change something (Fetch
// Standard, "Origin header").
func sameOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return len(origins) == 0 || len(origins) == 1 && origins[0] == scheme+r.Host
}
