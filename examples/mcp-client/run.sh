#!/bin/sh
# An MCP client with two servers behind one URL: what it sees, calls, and is denied, and why.
set -eu
called_from=$(pwd)
cd -- "$(dirname -- "$(readlink -f -- "$0")")"
. ../lib.sh

begin 'An MCP client with two servers behind one URL: what it sees, calls, and is denied, and why.' "$@"

say 'Starting the samples notes and weather ...'
start_sample notes
start_sample weather
register notes
register weather
publish_policy policy.yaml
platform PATCH "/tenants/$tenant" '{"access_page":"https://wiki.example/ask-for-tools"}'

SALLYPORT_AGENT_KEY=$(new_key user:ada agent)
export SALLYPORT_AGENT_KEY
node client.mjs
