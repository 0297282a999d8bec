#!/bin/sh
# long
# The examples, run as their README says, on a gateway that somebody uses: what each prints, what it
# says of mistakes, and what it leaves.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

launch_gateway
launch_sample notes
wait_for notes is_listening notes
wait_for_gateway

# What somebody has already, under names that the examples use too.
register notes
publish_policy policy.yaml

DATA=$work/data
NOTES_URL=$(address_of notes)
WORK=$work
export DATA NOTES_URL WORK
node --test-reporter=../counts.mjs examples.test.mjs
