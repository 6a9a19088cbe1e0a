// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/cloudtrail-lake/awscloudtraillakeexporter/internal/lake"
	"github.com/cloudtrail-lake/awscloudtraillakeexporter/mapping"
)

var (
	// https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html and
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html agree on external IDs.
	externalID  = regexp.MustCompile(`^[0-9A-Za-z_+=,.@:/-]{2,}$`)
	sessionName = regexp.MustCompile(`^[0-9A-Za-z_+=,.@-]{2,64}$`)
	roleARN     = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::[0-9]{12}:role/[\x21-\x7e]+$`)
)

const externalIDForm = "this is not an external ID: write 2 to 1224 letters, digits and _+=,.@:/-"

// isExternalID reports whether the services accept the text as an external ID. Go's regexp cannot count to 1,224.
func isExternalID(text configopaque.String) bool {
	return externalID.MatchString(string(text)) && len(text) <= 1224
}

// validateAccess checks the settings for credentials and permissions. The external IDs are secrets: no error shows one.
func (cfg *Config) validateAccess() error {
	var errs []error
	if cfg.ExternalID != "" && !isExternalID(cfg.ExternalID) {
		errs = append(errs, errors.New("external_id: "+externalIDForm+"; remove it if the channel's policy requires none"))
	}

	role := cfg.AssumeRole
	if role.ARN == "" {
		for _, set := range []struct{ key, value string }{
			{"external_id", string(role.ExternalID)}, {"session_name", role.SessionName}, {"sts_region", role.STSRegion},
		} {
			if set.value != "" {
				errs = append(errs, fmt.Errorf("assume_role.%s: has no effect without assume_role.arn: "+
					"write the role's ARN there, or remove %[1]s", set.key))
			}
		}
		return errors.Join(errs...)
	}

	if match := roleARN.FindStringSubmatch(role.ARN); match == nil {
		errs = append(errs, fmt.Errorf("assume_role.arn: %q is not the ARN of an IAM role: "+
			"write one of the form arn:aws:iam::111122223333:role/audit-writer", role.ARN))
	} else if ch, err := cfg.channel(); err == nil && match[1] != ch.Partition {
		errs = append(errs, fmt.Errorf("assume_role.arn: %q is in partition %s, the channel in %s: "+
			"write a role of the channel's partition", role.ARN, match[1], ch.Partition))
	}
	if role.ExternalID != "" && !isExternalID(role.ExternalID) {
		errs = append(errs, errors.New("assume_role.external_id: "+externalIDForm+"; remove it if the role's trust policy requires none"))
	}
	if role.SessionName != "" && !sessionName.MatchString(role.SessionName) {
		errs = append(errs, fmt.Errorf("assume_role.session_name: %q is not a session's name: "+
			"write 2 to 64 letters, digits and _+=,.@-", role.SessionName))
	}
	if role.STSRegion != "" && !regionID.MatchString(role.STSRegion) {
		errs = append(errs, fmt.Errorf("assume_role.sts_region: %q is not a Region: write %s", role.STSRegion, exampleRegion))
	}
	return errors.Join(errs...)
}

// validateEndpoint checks that events do not cross a network unencrypted by mistake. The exporter checks an endpoint from the
// environment or the shared AWS configuration when it starts. It has to know that endpoint here only to judge tls.insecure.
func (cfg *Config) validateEndpoint() error {
	if cfg.Endpoint == "" && !cfg.TLS.Insecure {
		return nil
	}
	return lake.CheckEndpoint(context.Background(), lake.Config{
		Region: cfg.Region, Endpoint: cfg.Endpoint, Profile: cfg.Profile, Insecure: cfg.TLS.Insecure,
	})
}

func (cfg *Config) validateProxy() error {
	if cfg.ProxyURL == "" {
		return nil
	}
	u, err := url.Parse(cfg.ProxyURL)
	if err == nil && u.Hostname() != "" {
		switch u.Scheme {
		case "http", "https", "socks5", "socks5h":
			return nil
		}
	}
	// The text is not shown: it may hold a password.
	return errors.New("proxy_url: this is not the URL of a proxy: write one of the form http://proxy.example.com:3128 " +
		"(http, https, socks5 or socks5h)")
}

// validateDelivery checks the settings that decide whether events arrive.
func (cfg *Config) validateDelivery() error {
	var errs []error
	if !(cfg.RequestsPerSecond >= 0) || math.IsInf(cfg.RequestsPerSecond, 1) { // NaN is not >= 0 either
		errs = append(errs, fmt.Errorf("requests_per_second: %v is not a rate: write a number above 0, or 0 for no limit", cfg.RequestsPerSecond))
	}
	if cfg.Timeout < time.Millisecond {
		errs = append(errs, fmt.Errorf("timeout: %s is too short for a request: write a duration with its unit, as in 30s", cfg.Timeout))
	}
	if cfg.OnInvalid != mapping.Repair && cfg.OnInvalid != mapping.Reject {
		errs = append(errs, fmt.Errorf("on_invalid: %q is not known: write %s or %s", cfg.OnInvalid, mapping.Repair, mapping.Reject))
	}

	queue := cfg.QueueConfig.Get()
	if queue == nil {
		return errors.Join(errs...)
	}
	if queue.Sizer == exporterhelper.RequestSizerTypeBytes && queue.QueueSize < minQueueBytes {
		errs = append(errs, fmt.Errorf("sending_queue.queue_size: %d bytes is less than one payload: this exporter counts bytes by default; "+
			"write %d, or set sizer: requests to count payloads", queue.QueueSize, defaultQueueSize))
	}
	if queue.Sizer != exporterhelper.RequestSizerTypeBytes && queue.QueueSize == defaultQueueSize {
		errs = append(errs, fmt.Errorf("sending_queue.queue_size: the default of %d is in bytes, and sending_queue.sizer is %s: "+
			"write how many %[2]s the queue may hold, or remove sizer", defaultQueueSize, queue.Sizer.String()))
	}
	if batch := queue.Batch.Get(); batch != nil && batch.Sizer != exporterhelper.RequestSizerTypeItems {
		errs = append(errs, fmt.Errorf("sending_queue.batch.sizer: %s would drop events silently, since a request is counted in events: "+
			"write sizer: items (a batch without a sizer of its own has sending_queue.sizer's)", batch.Sizer.String()))
	}
	if gaveUp := cfg.givesUp(); gaveUp != "" && queue.StorageID != nil {
		errs = append(errs, fmt.Errorf("%s, and sending_queue.storage would then delete that event: "+
			"remove it, or remove sending_queue.storage", gaveUp))
	}
	return errors.Join(errs...)
}

// givesUp returns the setting that makes the exporter give up an event that CloudTrail has not rejected; "" if there is none.
func (cfg *Config) givesUp() string {
	switch {
	case !cfg.RetryConfig.Enabled:
		return "retry_on_failure.enabled: false gives up an event at its first failure"
	case cfg.RetryConfig.MaxElapsedTime > 0:
		return fmt.Sprintf("retry_on_failure.max_elapsed_time: %s gives up an event after that time", cfg.RetryConfig.MaxElapsedTime)
	default:
		return ""
	}
}

// warning returns what the exporter logs once at start about a setting that loses events, but may be intended; "" if there is nothing.
func (cfg *Config) warning() string {
	gaveUp := cfg.givesUp()
	if gaveUp == "" {
		return ""
	}
	return gaveUp + ": the event is then lost, or returned to the receiver if sending_queue is off. " +
		"Remove the setting, and the exporter tries again until CloudTrail answers"
}
