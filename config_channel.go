// Copyright The awscloudtraillakeexporter Authors
// SPDX-License-Identifier: Apache-2.0

package awscloudtraillakeexporter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// channel is the CloudTrail Lake channel that a configuration names, with the parts of its ARN:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
type channel struct {
	ARN       string // the whole ARN, even if the configuration has a bare channel ID
	Partition string // aws, aws-cn, aws-us-gov, …
	Region    string
	Account   string // 12 digits; the recipientAccountId of each event
	ID        string
}

var (
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	regionID    = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)
	channelID   = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	partitionID = regexp.MustCompile(`^aws(-[a-z]+)*$`)
)

const (
	exampleARN     = "arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE"
	exampleAccount = `"111122223333", 12 digits in quotes`
	exampleRegion  = "a Region's code, as in us-east-1"
)

// channel returns the channel that the configuration names. It changes nothing in cfg.
func (cfg *Config) channel() (channel, error) {
	var errs []error
	if cfg.Region != "" && !regionID.MatchString(cfg.Region) {
		errs = append(errs, fmt.Errorf("region: %q is not a Region: write %s", cfg.Region, exampleRegion))
	}
	if cfg.RecipientAccountID != "" && !accountID.MatchString(cfg.RecipientAccountID) {
		errs = append(errs, fmt.Errorf("recipient_account_id: %q is not an account: write %s", cfg.RecipientAccountID, exampleAccount))
	}

	var ch channel
	var err error
	switch {
	case cfg.ChannelARN == "":
		err = fmt.Errorf("channel_arn: required: write the channel's ARN, as in %s; "+
			"`aws cloudtrail list-channels` shows it", exampleARN)
	case strings.HasPrefix(cfg.ChannelARN, "arn:"):
		ch, err = cfg.channelFromARN()
	default:
		ch, err = cfg.channelFromID()
	}
	return ch, errors.Join(append(errs, err)...)
}

// channelFromARN reads a channel's ARN. The configuration may repeat its Region and account, but must not contradict them.
func (cfg *Config) channelFromARN() (channel, error) {
	part := strings.SplitN(cfg.ChannelARN, ":", 6)
	if len(part) != 6 || !partitionID.MatchString(part[1]) {
		return channel{}, fmt.Errorf("channel_arn: %q is not a whole ARN: write one of the form %s", cfg.ChannelARN, exampleARN)
	}
	ch := channel{ARN: cfg.ChannelARN, Partition: part[1], Region: part[3], Account: part[4]}
	if part[2] != "cloudtrail" {
		return channel{}, fmt.Errorf("channel_arn: %q is an ARN of %q, not of CloudTrail: write one of the form %s",
			cfg.ChannelARN, part[2], exampleARN)
	}
	id, isChannel := strings.CutPrefix(part[5], "channel/")
	if !isChannel || !channelID.MatchString(id) {
		return channel{}, fmt.Errorf("channel_arn: %q is not the ARN of a channel: write one of the form %s "+
			"(events are written to a channel, which hands them to its event data store)", cfg.ChannelARN, exampleARN)
	}
	ch.ID = id

	var errs []error
	if !regionID.MatchString(ch.Region) {
		errs = append(errs, fmt.Errorf("channel_arn: %q in it is not a Region: write %s", ch.Region, exampleRegion))
	}
	if !accountID.MatchString(ch.Account) {
		errs = append(errs, fmt.Errorf("channel_arn: %q in it is not an account: write 12 digits, as in 111122223333", ch.Account))
	}
	if regionID.MatchString(cfg.Region) && cfg.Region != ch.Region {
		errs = append(errs, fmt.Errorf("region: %s contradicts channel_arn, which says %s: remove region, or write the ARN of a channel in %[1]s",
			cfg.Region, ch.Region))
	}
	if accountID.MatchString(cfg.RecipientAccountID) && cfg.RecipientAccountID != ch.Account {
		errs = append(errs, fmt.Errorf("recipient_account_id: %s contradicts channel_arn, which says %s: remove recipient_account_id, "+
			"since CloudTrail wants the account that owns the channel", cfg.RecipientAccountID, ch.Account))
	}
	return ch, errors.Join(errs...)
}

// channelFromID builds the ARN of a bare channel ID.
func (cfg *Config) channelFromID() (channel, error) {
	if !channelID.MatchString(cfg.ChannelARN) {
		return channel{}, fmt.Errorf("channel_arn: %q is neither an ARN nor a channel ID: write the channel's ARN, as in %s",
			cfg.ChannelARN, exampleARN)
	}
	var errs []error
	if cfg.Region == "" {
		errs = append(errs, fmt.Errorf("region: required, since channel_arn %q is not an ARN: write %s, or the whole ARN as channel_arn",
			cfg.ChannelARN, exampleRegion))
	}
	if cfg.RecipientAccountID == "" {
		errs = append(errs, fmt.Errorf("recipient_account_id: required, since channel_arn %q is not an ARN: write %s, or the whole ARN as channel_arn",
			cfg.ChannelARN, exampleAccount))
	}
	ch := channel{Partition: partition(cfg.Region), Region: cfg.Region, Account: cfg.RecipientAccountID, ID: cfg.ChannelARN}
	ch.ARN = fmt.Sprintf("arn:%s:cloudtrail:%s:%s:channel/%s", ch.Partition, ch.Region, ch.Account, ch.ID)
	return ch, errors.Join(errs...)
}

// partitions are the ARN partitions by the prefixes of their Regions' codes, as in the AWS SDK
// (internal/endpoints/awsrulesfn/partitions.json). All other Regions are in the partition aws.
var partitions = []struct{ prefix, id string }{
	{"cn-", "aws-cn"},
	{"us-gov-", "aws-us-gov"},
	{"eusc-", "aws-eusc"},
	{"us-iso-", "aws-iso"},
	{"us-isob-", "aws-iso-b"},
	{"eu-isoe-", "aws-iso-e"},
	{"us-isof-", "aws-iso-f"},
}

// partition returns the ARN partition of a Region.
func partition(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.id
		}
	}
	return "aws"
}
