#!/bin/sh
# A published MCP server that the gateway starts itself and speaks to over its standard streams.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

server=$suite/node_modules/@modelcontextprotocol/server-everything/dist/index.js
install_packages

mkdir "$work/cwd"
cat >"$work/profiles.json" <<END
{"profiles": {
  "everything": {"argv": ["$(command -v node)", "$server", "stdio"], "cwd": "$work/cwd",
                 "env": {"TOKEN": "the-operators-own"}}}}
END
chmod 644 "$work/profiles.json"

launch_gateway --profiles "$work/profiles.json"
wait_for_gateway
publish_policy policy.yaml

GATEWAY_PID=$pid_of_gateway
BOB_KEY=$(new_agent_key user:bob)
export GATEWAY_PID BOB_KEY

node --test-reporter=../counts.mjs stdio.test.mjs
