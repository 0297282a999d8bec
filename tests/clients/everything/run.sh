#!/bin/sh
# A published MCP server as an upstream, beside a sample: its tools inside completions.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

server=node_modules/@modelcontextprotocol/server-everything/dist/index.js
install_packages

# One of its tools shows its environment, so it gets next to none.
launch everything env -i PATH="$PATH" PORT=0 node --require ./loopback.cjs "$server" streamableHttp
launch_gateway
launch_sample notes
launch_model script.json
wait_for everything is_listening everything
wait_for notes is_listening notes
wait_for model is_listening model
wait_for_gateway

register notes
publish_policy policy.yaml
put_toolset all '["*"]'
for model in adds looks peeks; do
    put_model "$model" "$model" all
done

UPSTREAM_URL=$(address_of everything)
UPSTREAM_EGRESS=$(egress_to "$UPSTREAM_URL")
UPSTREAM_PID=$pid_of_everything
export UPSTREAM_URL UPSTREAM_EGRESS UPSTREAM_PID

node --test-reporter=../counts.mjs upstream.test.mjs
