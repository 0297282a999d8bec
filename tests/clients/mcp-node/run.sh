#!/bin/sh
# The npm client of the Model Context Protocol: lists, calls and refusals on /mcp and on one server.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

install_packages

launch_gateway
launch_sample notes
launch_sample weather
wait_for notes is_listening notes
wait_for weather is_listening weather
wait_for_gateway

register notes
register weather
publish_policy policy.yaml
OTHER_AGENT_KEY=$(new_agent_key user:mallory)
export OTHER_AGENT_KEY

node --test-reporter=../counts.mjs client.test.mjs
