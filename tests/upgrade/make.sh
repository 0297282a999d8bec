#!/bin/sh
# Makes a data folder with an older build, for the upgrade test: see README.md.
# Usage: tests/upgrade/make.sh CHECKOUT FOLDER CALLS
set -eu
[ $# = 3 ] || { echo "usage: $0 CHECKOUT FOLDER CALLS" >&2; exit 2; }
checkout=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
calls=$3
here=$(cd "$(dirname "$0")" && pwd)
port=27116 notes=27117 weather=27118

started=""
trap 'for pid in $started; do kill "$pid" 2>/dev/null || true; done' EXIT
start() {
    (cd "$checkout" && exec ./sallyport "$@") >>"$folder/make.log" 2>&1 &
    started="$! $started"
}
wait_for() {
    tries=0
    until curl -s -o "$folder/answer" "$1"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "$1 does not answer; see $folder/make.log" >&2; exit 1; }
        sleep 1
    done
}

start sample notes --port $notes
start sample weather --port $weather
start serve --dev --port $port --data "$folder/data"
gateway=${started%% *}
wait_for http://127.0.0.1:$notes/mcp
wait_for http://127.0.0.1:$weather/mcp
wait_for http://127.0.0.1:$port/readyz
while [ ! -f "$folder/data/credentials" ]; do sleep 1; done
. "$folder/data/credentials"

admin() {
    path=$1
    shift
    curl -sS --fail-with-body -H "Authorization: Bearer $SALLYPORT_ADMIN_KEY" "$SALLYPORT_URL/admin/v1/$path" "$@"
}
mcp() {
    curl -sS -D "$folder/headers" -H "Authorization: Bearer $SALLYPORT_AGENT_KEY" \
        -H "Mcp-Session-Id: $session" "$SALLYPORT_URL/mcp" --json "$1"
}
tool() {
    printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":%s}}' "$1" "$2"
}

for server in notes:$notes weather:$weather; do
    slug=${server%:*}
    admin servers --json "{\"slug\":\"$slug\",\"url\":\"http://127.0.0.1:${server#*:}/mcp\",
        \"egress\":{\"allow\":[\"127.0.0.1/32:${server#*:}\"]}}" >"$folder/answer"
    admin "servers/$slug" | jq '{tools: [.tools[] | {name, digest, risk: (
        if .name == "delete_note" then "destructive" elif .name == "create_note" then "write"
        else "read" end)}]}' >"$folder/review.json"
    admin "servers/$slug/approve" --json @"$folder/review.json" >"$folder/answer"
done
cat >"$folder/policy.yaml" <<'END'
rules:
  - {id: reading, effect: allow, tools: ["risk:read"]}
  - {id: writing, effect: require_approval, tools: ["notes/create_note"], reason: A person looks first.}
END
admin policies/current -X PUT -H 'Content-Type: application/yaml' --data-binary @"$folder/policy.yaml" >"$folder/answer"
admin toolsets/desk -X PUT --json '{"tools":["notes/*","weather/*"]}' >"$folder/answer"
admin models/assistant -X PUT --json '{"toolset":"desk","targets":[{"provider":"openai",
    "base_url":"http://127.0.0.1:27119/v1","model":"scripted","egress":{"allow":["127.0.0.1/32:27119"]}}]}' >"$folder/answer"
admin keys --json '{"owner":"service:ci","toolsets":["desk"]}' >"$folder/data/other-key.json"
admin keys --json '{"owner":"user:auditor","kind":"auditor"}' >"$folder/answer"
admin tenants --json '{"id":"globex"}' >"$folder/answer"

session=""
mcp '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"upgrade","version":"1"}}}' >"$folder/answer"
session=$(sed -n 's/^[Mm]cp-[Ss]ession-[Ii]d: //p' "$folder/headers" | tr -d '\r')

ask() { # TITLE: asks for an approval and prints its id
    mcp "$(tool notes__create_note "{\"title\":\"$1\",\"text\":\"Written by an agent.\"}")" >"$folder/answer"
    admin "approvals?state=pending" | jq -r --arg title "$1" \
        '[.items[] | select((.params // "") | contains("\"" + $title + "\""))][0].id'
}
decide() {
    admin "approvals/$1/decision" --json "{\"decision\":\"$2\",\"reason\":\"Upgrade.\"}" >"$folder/answer"
}
decide "$(ask Consumed)" approve
mcp "$(tool notes__create_note '{"title":"Consumed","text":"Written by an agent."}')" >"$folder/answer"
decide "$(ask Denied)" deny
decide "$(ask Approved)" approve
ask Pending >"$folder/answer"

# One curl for all calls: half of the records are their intents, half their outcomes.
awk -v calls="$calls" -v url="$SALLYPORT_URL/mcp" -v key="$SALLYPORT_AGENT_KEY" -v session="$session" 'BEGIN {
    for (i = 1; i <= calls; i++) {
        if (i > 1) print "next"
        printf "url = \"%s\"\nsilent\noutput = \"/dev/null\"\n", url
        printf "header = \"Authorization: Bearer %s\"\nheader = \"Mcp-Session-Id: %s\"\n", key, session
        printf "header = \"Content-Type: application/json\"\n"
        printf "header = \"Accept: application/json, text/event-stream\"\n"
        printf "data = \"{\\\"jsonrpc\\\":\\\"2.0\\\",\\\"id\\\":%d,\\\"method\\\":\\\"tools/call\\\",\\\"params\\\":{\\\"name\\\":\\\"notes__list_notes\\\",\\\"arguments\\\":{}}}\"\n", i + 10
    }
}' >"$folder/calls"
curl -K "$folder/calls"

admin audit/checkpoint >"$folder/outside-default.checkpoint"
admin audit/checkpoint -H 'X-Sallyport-Tenant: _system' >"$folder/outside-_system.checkpoint"

kill "$gateway" # a clean stop
while kill -0 "$gateway" 2>/dev/null; do sleep 1; done
rm -f "$folder/answer" "$folder/headers" "$folder/calls" "$folder/review.json" "$folder/policy.yaml"
echo "made $folder: data, outside-default.checkpoint, outside-_system.checkpoint"
