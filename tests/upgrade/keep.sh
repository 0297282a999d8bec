#!/bin/sh
# Reduces a folder that make.sh made to what the upgrade test keeps: see README.md.
# Usage: tests/upgrade/keep.sh CHECKOUT FOLDER RESOURCES
set -eu
[ $# = 3 ] || { echo "usage: $0 CHECKOUT FOLDER RESOURCES" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "$2" && pwd)/data
mkdir -p "$3"
driver=$(ls "$1"/gateway-app/target/app/lib/postgresql-*.jar)
# The older gateway runs meanwhile, for PostgreSQL's own commands refuse to be run by root.
(cd "$1" && exec ./sallyport serve --dev --port 27114 --data "$data") >>"$2/keep.log" 2>&1 &
gateway=$!
trap 'kill "$gateway" 2>/dev/null || true' EXIT
tries=0
until curl -sf -o /dev/null http://127.0.0.1:27114/readyz; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "the gateway does not come up; see $2/keep.log" >&2; exit 1; }
    sleep 1
done
"${JAVA_HOME:?JAVA_HOME must name a JDK 25}/bin/java" -cp "$driver" "$here/Dump.java" \
    "jdbc:postgresql://127.0.0.1:$(sed -n 4p "$data/database/postmaster.pid" | tr -d ' ')/postgres" \
    sallyport "$(cat "$data/database.password")" "$3/database.copy.gz"
cp "$data/audit.key" "$data/seal.key" "$data/credentials" "$data/other-key.json" "$data/node" "$3"
cp "$data"/signed-*.checkpoint "$2"/outside-*.checkpoint "$3"
