// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/emulator"
)

type options struct {
	listen            string
	allowRemote       bool
	hosts             []string
	channelARN        string
	externalID        string
	accessKeyID       string
	secretAccessKey   string
	requestsPerSecond int
	store             string
	faults            string
	keep              int
	tlsCert           string
	tlsKey            string
	tlsClientCA       string
}

func parseOptions(args []string, getenv func(string) string, stderr io.Writer) (*options, error) {
	var o options
	flags := flag.NewFlagSet("lake-emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is printed once, by main
	flags.StringVar(&o.listen, "listen", emulator.DefaultListen, "`address` to listen on, HOST:PORT; port 0 takes a free one")
	flags.BoolVar(&o.allowRemote, "allow-remote", false, "allow -listen on other than a loopback address")
	flags.Func("allow-host", "host `name` under which page and control calls may be asked for, besides loopback; may be given more than once",
		func(name string) error {
			o.hosts = append(o.hosts, name)
			return nil
		})
	flags.StringVar(&o.channelARN, "channel-arn", emulator.ExampleChannelARN, "`ARN` of the one channel that exists")
	flags.StringVar(&o.externalID, "external-id", "", "external `ID` that the channel's policy demands; none by default")
	flags.StringVar(&o.accessKeyID, "access-key-id", "",
		"access key `ID` that may sign (default: AWS_ACCESS_KEY_ID, else the example pair of AWS's documentation)")
	flags.StringVar(&o.secretAccessKey, "secret-access-key", "", "its secret `key` (default: AWS_SECRET_ACCESS_KEY, else the example pair)")
	flags.IntVar(&o.requestsPerSecond, "requests-per-second", 100, "quota of requests a second, 0 for none; AWS grants 100")
	flags.StringVar(&o.store, "store", "", "`file` to append each ingested event to, as a line of JSON; memory only by default")
	flags.StringVar(&o.faults, "faults", "", "JSON `file` that says what to do wrong from the start, in the form that PUT /_control/faults takes")
	flags.IntVar(&o.keep, "keep", emulator.DefaultKeep, "how many of the newest events to keep in memory")
	flags.StringVar(&o.tlsCert, "tls-cert", "", "PEM certificate `file` to serve HTTPS with")
	flags.StringVar(&o.tlsKey, "tls-key", "", "PEM key `file` of the certificate")
	flags.StringVar(&o.tlsClientCA, "tls-client-ca", "", "PEM `file` of the authorities one of which has to have signed the client's certificate")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(stderr, "lake-emulator is a local CloudTrail Data service: PutAuditEvents, and a page that shows what arrives.")
			flags.SetOutput(stderr)
			flags.PrintDefaults()
		}
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	if (o.accessKeyID == "") != (o.secretAccessKey == "") {
		return nil, errors.New("-access-key-id and -secret-access-key belong together: give both or neither")
	}
	if o.accessKeyID == "" && getenv("AWS_ACCESS_KEY_ID") != "" {
		o.accessKeyID, o.secretAccessKey = getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY")
		if o.secretAccessKey == "" {
			return nil, errors.New("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both or neither")
		}
	}
	o.accessKeyID = cmp.Or(o.accessKeyID, emulator.ExampleAccessKeyID)
	o.secretAccessKey = cmp.Or(o.secretAccessKey, emulator.ExampleSecretAccessKey)
	return &o, nil
}

// config makes the emulator's configuration, but for what has to be opened.
func (o *options) config() (emulator.Config, error) {
	cfg := emulator.Config{
		ChannelARN:        o.channelARN,
		ExternalID:        o.externalID,
		Keys:              map[string]string{o.accessKeyID: o.secretAccessKey},
		RequestsPerSecond: o.requestsPerSecond,
		Keep:              o.keep,
		Hosts:             o.hosts,
	}
	if o.faults == "" {
		return cfg, nil
	}
	text, err := os.ReadFile(o.faults)
	if err != nil {
		return cfg, fmt.Errorf("-faults: %w", err)
	}
	cfg.Faults, err = emulator.ParseFaults(text)
	if err != nil {
		return cfg, fmt.Errorf("-faults %s: %w", o.faults, err)
	}
	return cfg, nil
}

// tls returns nil where no certificate is given.
func (o *options) tls() (*tls.Config, error) {
	if o.tlsCert == "" && o.tlsKey == "" && o.tlsClientCA == "" {
		return nil, nil
	}
	if o.tlsCert == "" || o.tlsKey == "" {
		return nil, errors.New("HTTPS needs both -tls-cert and -tls-key")
	}
	certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
	if err != nil {
		return nil, fmt.Errorf("-tls-cert, -tls-key: %w", err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if o.tlsClientCA == "" {
		return config, nil
	}
	pem, err := os.ReadFile(o.tlsClientCA)
	if err != nil {
		return nil, fmt.Errorf("-tls-client-ca: %w", err)
	}
	config.ClientCAs = x509.NewCertPool()
	if !config.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("-tls-client-ca %s holds no PEM certificate", o.tlsClientCA)
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	return config, nil
}
