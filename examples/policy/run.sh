#!/bin/sh
# A policy and its case file, played against the gateway: each case is a call that is really made.
set -eu
called_from=$(pwd)
cd -- "$(dirname -- "$(readlink -f -- "$0")")"
. ../lib.sh

begin 'A policy and its case file: each case is a call that is really made, and decided as it says.' "$@"

say 'Starting the samples notes and weather ...'
start_sample notes
start_sample weather
register notes
register weather
publish_policy policy.yaml

ADMIN_KEY=$(new_key user:example-admin admin)
export ADMIN_KEY
node play.mjs cases.yaml
