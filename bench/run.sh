#!/usr/bin/env bash
# Measures what the gateway costs beside nginx in the same place. See --help.
# Everything listens on 127.0.0.1, runs from a temporary folder and is stopped at the end.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

duration=10
warmup=10
connections=16
upstream_port=18090
only=""
scenario=""
before="" # a checkout, --pair
after=""
pairs=7
build="" # of a pair: the one that is being measured

usage() {
    cat <<'EOF'
usage: bench/run.sh [--only upstream|nginx|gateway] [--scenario NAME] [--duration S] [--warmup S]
                    [--connections N] [--port N] [--pair BEFORE AFTER] [--pairs N]

Drives a scripted upstream directly, through nginx and through the gateway with wrk (one thread)
and prints one line per scenario and target:
  req/s, p50, p99     as wrk saw them
  cpu us              CPU time of the serving process per request, user and system
  pg us               the same for the gateway's PostgreSQL, all its processes
  rss MB              resident memory of the serving process after the scenario
  errors              answers that were not 2xx, and broken connections

Scenarios: chat (pass-through), stream (20 chunks), tool-round (one governed tool call between two
model calls; gateway only), mcp (tools/call).

  --only TARGET      measures just this target
  --scenario NAME    measures just this scenario
  --duration S       seconds per measurement, default 10
  --warmup S         seconds before each measurement, default 10
  --connections N    default 16
  --port N           first of three ports in a row, default 18090
  --pair BEFORE AFTER
                     compares two checkouts whose programs are built (./sallyport serve in each): starts
                     one after the other in turns, measures nginx beside them, and prints for each
                     scenario the gateway's CPU per request after/before of each pair, its geometric mean
                     with a 95 % bootstrap interval, and both against nginx. Exit code 1 if the lower
                     bound is above 1.03 (mcp: 1.05): then the second build is slower.
  --pairs N          default 7

Needs wrk, nginx, curl and a JDK 25. Exit codes: 0 measured, 1 could not measure, 2 usage.
EOF
}

fail() {
    echo "bench: $1" >&2
    exit 1
}

mistake() {
    echo "bench: $1 (--help lists the options)" >&2
    exit 2
}

number() { # OPTION VALUE MAX
    [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] && ((10#$2 <= $3)) || mistake "$1 needs a number from 1 to $3"
}

while (($# > 0)); do
    [[ $1 == --help ]] && usage && exit 0
    case $1 in
        --pair)
            (($# > 2)) || mistake "--pair needs two checkouts"
            before=$2 after=$3
            shift
            ;;
        --only | --scenario | --duration | --warmup | --connections | --port | --pairs) ;;
        *) mistake "unknown option $1" ;;
    esac
    (($# > 1)) || mistake "$1 needs a value"
    case $1 in
        --only) [[ $2 =~ ^(upstream|nginx|gateway)$ ]] || mistake "--only needs upstream, nginx or gateway"; only=$2 ;;
        --scenario) [[ $2 =~ ^(chat|stream|tool-round|mcp)$ ]] || mistake "--scenario needs chat, stream, tool-round or mcp"; scenario=$2 ;;
        --duration) number "$1" "$2" 3600; duration=$2 ;;
        --warmup) number "$1" "$2" 3600; warmup=$2 ;;
        --connections) number "$1" "$2" 1000; connections=$2 ;;
        --port) number "$1" "$2" 59997; upstream_port=$2 ;;
        --pairs) number "$1" "$2" 100; pairs=$2 ;;
    esac
    shift 2
done

if [[ -n $before ]]; then
    [[ -z $only ]] || mistake "--pair measures the gateway and nginx, and takes no --only"
    for build in "$before" "$after"; do
        [[ -x $build/sallyport ]] || fail "there is no ./sallyport in $build"
    done
    before=$(cd "$before" && pwd) after=$(cd "$after" && pwd) build=""
fi

nginx_port=$((upstream_port + 1))
gateway_port=$((upstream_port + 2))
upstream=http://127.0.0.1:$upstream_port
nginx=http://127.0.0.1:$nginx_port
gateway=http://127.0.0.1:$gateway_port

wanted() { [[ -z $only || $only == "$1" ]]; }

command -v curl >/dev/null || fail "curl is not installed (apt package: curl)"
command -v wrk >/dev/null || fail "wrk is not installed (apt package: wrk)"
if wanted nginx; then
    PATH=$PATH:/usr/sbin command -v nginx >/dev/null || fail "nginx is not installed (apt package: nginx-light)"
fi

java_25() { # prints the first JDK 25 or newer among the usual places
    local candidate version
    for candidate in "${SALLYPORT_JAVA:-}" "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" \
        /usr/lib/jvm/*/bin/java; do
        [[ -x $candidate ]] || continue
        version=$("$candidate" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
        ((${version:-0} >= 25)) && echo "$candidate" && return
    done
    fail "no JDK 25 or newer (set JAVA_HOME)"
}

java=$(java_25)
dir=$(mktemp -d "${TMPDIR:-/tmp}/sallyport-bench.XXXXXX")
started=()

# --- processes -----------------------------------------------------------------------------------

alive() { [[ -r /proc/$1/stat ]] && [[ $(sed "s/.*) //" "/proc/$1/stat" 2>/dev/null | cut -c1) =~ ^[^ZX]$ ]]; }

stop() { # SIGNAL PID: asks once, waits 30 s, then insists
    kill "-$1" "$2" 2>/dev/null || return 0
    for _ in {1..300}; do
        alive "$2" || return 0
        sleep 0.1
    done
    kill -KILL "$2" 2>/dev/null || true
}

postmaster() { # the gateway's own PostgreSQL, known by the folder that it runs in
    local file
    file=$(find "$dir/gateway" -name postmaster.pid -print -quit 2>/dev/null) || true
    [[ -n $file ]] && head -1 "$file" || true
}

clean() {
    local code=$? database i pid family
    trap - EXIT INT TERM
    database=$(postmaster)
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        family=$(descendants "${started[i]}")
        for pid in $family; do # the one that we started first: it may stop the others in order
            stop TERM "$pid"
        done
    done
    [[ -n $database ]] && stop INT "$database"
    rm -rf "$dir"
    exit "$code"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free() { # PORT: a stranger behind it would be measured in our server's place
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        fail "port $1 of 127.0.0.1 is taken (--port)"
    fi
}

await() { # NAME PID URL SECONDS
    local i
    for ((i = 0; i < $4 * 10; i++)); do
        curl -s -o /dev/null --max-time 2 "$3" && return 0
        if ! alive "$2"; then
            tail -5 "$dir/$1.log" >&2
            fail "$1 did not start"
        fi
        sleep 0.1
    done
    fail "$1 was not ready within $4 s"
}

descendants() { # PID: itself and all below it
    local child
    echo "$1"
    for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
        descendants "$child"
    done
}

java_below() { # PID: the first JVM at or below it
    local pid
    for pid in $(descendants "$1"); do
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) == java ]] && echo "$pid" && return
    done
    fail "the gateway's JVM was not found"
}

ticks() { # PIDS…: user and system time, that of ended children included
    local pid sum=0 fields
    for pid in "$@"; do
        fields=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) || continue
        # shellcheck disable=SC2086
        set -- $fields
        sum=$((sum + ${12} + ${13} + ${14} + ${15}))
    done
    echo "$sum"
}

rss_mb() { # PIDS…
    local pid kb sum=0
    for pid in "$@"; do
        kb=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) || kb=0
        sum=$((sum + ${kb:-0}))
    done
    echo $((sum / 1024))
}

# --- targets -------------------------------------------------------------------------------------

start_upstream() {
    free "$upstream_port"
    "$java" -XX:+UseSerialGC -Xmx128m "$here/ScriptedUpstream.java" "$upstream_port" >"$dir/upstream.log" 2>&1 &
    upstream_pid=$!
    started+=("$upstream_pid")
    await upstream "$upstream_pid" "$upstream/" 30
}

start_nginx() {
    free "$nginx_port"
    sed "s|@DIR@|$dir|g;s|@PORT@|$nginx_port|;s|@UPSTREAM@|$upstream_port|" "$here/nginx.conf" >"$dir/nginx.conf"
    PATH=$PATH:/usr/sbin nginx -e "$dir/nginx.log" -c "$dir/nginx.conf" >"$dir/nginx.log" 2>&1 &
    nginx_pid=$!
    started+=("$nginx_pid")
    await nginx "$nginx_pid" "$nginx/" 10
}

start_gateway() {
    [[ -x $root/sallyport ]] || fail "there is no ./sallyport to serve with"
    free "$gateway_port"
    "$root/sallyport" serve --dev --port "$gateway_port" --data "$dir/gateway" >"$dir/gateway.log" 2>&1 &
    local script=$!
    started+=("$script")
    await gateway "$script" "$gateway/readyz" 300
    await_ready
    gateway_pid=$(java_below "$script")
    configure_gateway
}

await_ready() {
    for _ in {1..600}; do
        curl -sf -o /dev/null --max-time 2 "$gateway/readyz" && return 0
        sleep 0.1
    done
    fail "the gateway did not get ready"
}

admin() { # METHOD PATH CONTENT-TYPE BODY [CURL OPTIONS…]: prints the answer, ends the run on an error
    local method=$1 path=$2 type=$3 body=$4 answer
    shift 4
    answer=$(printf '%s' "$body" | curl -sS --fail-with-body --max-time 60 -X "$method" "$gateway/admin/v1$path" \
        -H "@$dir/admin.header" -H "Content-Type: $type" --data-binary @- "$@") ||
        fail "$method /admin/v1$path was refused: $answer"
    printf '%s' "$answer"
}

admin_json() { # METHOD PATH BODY [CURL OPTIONS…]
    local method=$1 path=$2 body=$3
    shift 3
    admin "$method" "$path" application/json "$body" "$@"
}

secret_header() { # FILE TOKEN: kept in a file, because arguments show in `ps`
    (umask 077 && printf 'Authorization: Bearer %s\n' "$2" >"$1")
}

model() { # MEMBERS: a model over the scripted provider
    printf '{"targets":[{"provider":"openai","base_url":"%s/v1","model":"bench","egress":{"allow":["%s"]}}]%s}' \
        "$upstream" "127.0.0.1/32:$upstream_port" "$1"
}

configure_gateway() {
    # shellcheck disable=SC1091
    secret_header "$dir/admin.header" "$(. "$dir/gateway/credentials" && printf '%s' "$SALLYPORT_ADMIN_KEY")"
    register_server
    admin_json PUT /toolsets/bench '{"tools":["bench/*"]}' >/dev/null
    admin PUT /policies/current application/yaml "$(policy)" >/dev/null
    admin_json PUT /models/bench-plain "$(model '')" >/dev/null
    admin_json PUT /models/bench-tools "$(model ',"toolset":"bench"')" >/dev/null
    agent_key=$(admin_json POST /keys '{"owner":"user:bench","kind":"agent","models":["bench-plain","bench-tools"]}' |
        sed -n 's/.*"key" *: *"\([^"]*\)".*/\1/p')
    [[ -n $agent_key ]] || fail "the gateway gave no key"
    secret_header "$dir/agent.header" "$agent_key"
}

register_server() {
    local etag
    admin_json POST /servers "$(printf '{"slug":"bench","url":"%s/mcp","era":"legacy","egress":{"allow":["%s"]}}' \
        "$upstream" "127.0.0.1/32:$upstream_port")" >/dev/null
    etag=$(curl -sS --fail --max-time 10 -o /dev/null -D - -H "@$dir/admin.header" "$gateway/admin/v1/servers/bench" |
        tr -d '\r' | sed -n 's/^[Ee][Tt][Aa][Gg]: *//p')
    [[ -n $etag ]] || fail "the gateway gave no ETag for the server"
    admin_json POST /servers/bench/approve '{"all":true,"risk":"read"}' -H "If-Match: $etag" >/dev/null
}

policy() {
    cat <<'EOF'
rules:
  - id: bench
    effect: allow
    tools: ["bench/*"]
EOF
}

# --- scenarios -----------------------------------------------------------------------------------

messages='"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Say hello."}]'

export BENCH_BODY="" BENCH_SESSION="" BENCH_PROTOCOL="" BENCH_AUTHORIZATION=""

post() { # URL: sends BENCH_BODY once and prints the answer
    local headers=(-H "Content-Type: application/json" -H "Accept: application/json, text/event-stream")
    [[ $1 == "$gateway"/* ]] && headers+=(-H "@$dir/agent.header")
    [[ -n $BENCH_SESSION ]] && headers+=(-H "Mcp-Session-Id: $BENCH_SESSION" -H "MCP-Protocol-Version: $BENCH_PROTOCOL")
    printf '%s' "$BENCH_BODY" | curl -sS --max-time 30 "${headers[@]}" --data-binary @- "$1" "${@:2}"
}

forget_session() {
    BENCH_SESSION=""
    BENCH_PROTOCOL=""
}

open_session() { # URL
    forget_session
    BENCH_BODY='{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}'
    local head
    head=$(post "$1" -o /dev/null -D -)
    BENCH_SESSION=$(tr -d '\r' <<<"$head" | sed -n 's/^[Mm][Cc][Pp]-[Ss]ession-[Ii][Dd]: *//p')
    BENCH_PROTOCOL=2025-11-25
    [[ -n $BENCH_SESSION ]] || fail "no MCP session at $1"
    BENCH_BODY='{"jsonrpc":"2.0","method":"notifications/initialized"}'
    post "$1" >/dev/null
}

probe() { # SCENARIO URL PATTERN: fast wrong answers do not count, so one is looked at
    post "$2" | tr -d '\n' | grep -q "$3" || fail "$1: a wrong answer from $2"
}

drive() { # URL SECONDS: prints wrk's RESULT fields
    wrk -t1 -c"$connections" -d"$2"s --timeout 10s -s "$here/post.lua" "$1" | sed -n 's/^RESULT //p'
}

measure() { # SCENARIO TARGET URL PATTERN
    local pids=() ticks_before pg_before result cpu pg=0
    [[ -z $scenario || $scenario == "$1" ]] || return 0
    mapfile -t pids < <(serving "$2")
    probe "$1" "$3" "$4"
    drive "$3" "$warmup" >/dev/null
    ticks_before=$(ticks "${pids[@]}")
    pg_before=$(database_ticks "$2")
    result=$(drive "$3" "$duration")
    cpu=$(($(ticks "${pids[@]}") - ticks_before))
    pg=$(($(database_ticks "$2") - pg_before))
    [[ -n $result ]] || fail "$1: wrk gave no result for $2"
    [[ -z $before ]] || note "$1" "${build:-$2}" "$cpu" "$result"
    probe "$1" "$3" "$4"
    row "$1" "${build:-$2}" "$cpu" "$pg" "$(rss_mb "${pids[@]}")" "$result"
}

serving() { # TARGET: the processes whose time counts
    case $1 in
        upstream) echo "$upstream_pid" ;;
        nginx) descendants "$nginx_pid" ;;
        gateway) echo "$gateway_pid" ;;
    esac
}

database_ticks() { # TARGET
    local database=""
    [[ $1 == gateway ]] && database=$(postmaster)
    [[ -n $database ]] || { echo 0; return; }
    # shellcheck disable=SC2046
    ticks $(descendants "$database")
}

header_row() {
    printf '%-11s %-9s %9s %9s %9s %8s %8s %7s %7s\n' \
        scenario target req/s "p50 ms" "p99 ms" "cpu us" "pg us" "rss MB" errors
}

row() { # SCENARIO TARGET CPU-TICKS PG-TICKS RSS RESULT
    awk -v scenario="$1" -v target="$2" -v cpu="$3" -v pg="$4" -v rss="$5" -v hz="$(getconf CLK_TCK)" '
        {
            requests = $1 > 0 ? $1 : 1
            printf "%-11s %-9s %9.0f %9.2f %9.2f %8.1f %8.1f %7d %7d\n", scenario, target,
                $1 / ($2 / 1e6), $3 / 1000, $4 / 1000,
                cpu / hz * 1e6 / requests, pg / hz * 1e6 / requests, rss, $5 + $6
        }' <<<"$6"
}

chat_scenarios() { # TARGET BASE-URL
    local model=bench
    [[ $1 == gateway ]] && model=bench-plain
    forget_session
    BENCH_BODY="{\"model\":\"$model\",$messages}"
    measure chat "$1" "$2/v1/chat/completions" governance
    BENCH_BODY="{\"model\":\"$model\",\"stream\":true,$messages}"
    measure stream "$1" "$2/v1/chat/completions" 'governance.*\[DONE\]'
}

tool_round() {
    forget_session
    BENCH_BODY="{\"model\":\"bench-tools\",$messages}"
    measure tool-round gateway "$gateway/v1/chat/completions" '"x_sallyport".*"echo"'
}

mcp_scenario() { # TARGET BASE-URL
    local tool=echo
    [[ $1 == gateway ]] && tool=bench__echo
    open_session "$2/mcp"
    BENCH_BODY="{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"$tool\",\"arguments\":{\"text\":\"hello\"}}}"
    measure mcp "$1" "$2/mcp" '"text":"hello"'
}

# --- pairs of builds ---------------------------------------------------------------------------------

note() { # SCENARIO TARGET CPU-TICKS RESULT: keeps the CPU per request of the pair
    awk -v pair="$pair" -v scenario="$1" -v target="$2" -v cpu="$3" -v hz="$(getconf CLK_TCK)" \
        '{ print pair, scenario, target, cpu / hz * 1e6 / ($1 > 0 ? $1 : 1) }' <<<"$4" >>"$dir/pairs"
}

stop_gateway() {
    local database script=${started[-1]}
    database=$(postmaster)
    stop TERM "$script"
    [[ -z $database ]] || stop INT "$database"
    unset 'started[-1]'
    rm -rf "$dir/gateway" "$dir"/*.header
}

measure_gateway() {
    BENCH_AUTHORIZATION="Bearer $agent_key"
    chat_scenarios gateway "$gateway"
    tool_round
    mcp_scenario gateway "$gateway"
    BENCH_AUTHORIZATION=""
}

measure_build() { # before|after
    build=$1
    root=${!1}
    start_gateway
    measure_gateway
    stop_gateway
    build=""
}

measure_pair() {
    echo "pair $pair of $pairs"
    chat_scenarios nginx "$nginx"
    mcp_scenario nginx "$nginx"
    if ((pair % 2)); then
        measure_build before
        measure_build after
    else
        measure_build after
        measure_build before
    fi
}

# The interval: 10 000 times as many pairs as there are, drawn from them with replacement.
compare() {
    awk '
        { cpu[$1, $2, $3] = $4; if (!($2 in seen)) { seen[$2]; names[++count] = $2 } if ($1 > pairs) pairs = $1 }
        function mean(target, scenario,    i, sum) {
            for (i = 1; i <= pairs; i++) sum += cpu[i, scenario, target]
            return sum / pairs
        }
        function sort(a, n,    i, j, x) {
            for (i = int(n / 2); i >= 1; i--) sift(a, i, n)
            for (i = n; i > 1; i--) { x = a[1]; a[1] = a[i]; a[i] = x; sift(a, 1, i - 1) }
        }
        function sift(a, i, n,    child, x) {
            x = a[i]
            while ((child = 2 * i) <= n) {
                if (child < n && a[child + 1] > a[child]) child++
                if (a[child] <= x) break
                a[i] = a[child]; i = child
            }
            a[i] = x
        }
        function against_nginx(target, scenario) {
            return (1, scenario, "nginx") in cpu ? sprintf("%.2f", mean(target, scenario) / mean("nginx", scenario)) : "-"
        }
        END {
            srand(20261129)
            printf "%-11s %10s %10s %7s %15s %13s %13s  %s\n", "scenario", "before us", "after us", "ratio", "95 % interval",
                "before/nginx", "after/nginx", "each pair"
            for (k = 1; k <= count; k++) {
                s = names[k]; total = 0; each = ""
                for (i = 1; i <= pairs; i++) {
                    ratio[i] = log(cpu[i, s, "after"] / cpu[i, s, "before"])
                    total += ratio[i]; each = each sprintf(" %.3f", exp(ratio[i]))
                }
                for (d = 1; d <= 10000; d++) {
                    sum = 0
                    for (i = 1; i <= pairs; i++) sum += ratio[1 + int(rand() * pairs)]
                    drawn[d] = sum / pairs
                }
                sort(drawn, 10000)
                low = exp(drawn[250]); high = exp(drawn[9750])
                slower = low > (s == "mcp" ? 1.05 : 1.03)
                if (slower) bad = 1
                printf "%-11s %10.1f %10.1f %7.3f   %.3f – %.3f %13s %13s %s%s\n", s, mean("before", s), mean("after", s),
                    exp(total / pairs), low, high, against_nginx("before", s), against_nginx("after", s), each,
                    slower ? "  SLOWER" : ""
            }
            exit bad
        }' "$dir/pairs"
}

start_upstream
if wanted nginx; then start_nginx; fi
if [[ -n $before ]]; then
    echo "$(nproc) processors, $connections connections, $duration s each after $warmup s warm-up"
    header_row
    for ((pair = 1; pair <= pairs; pair++)); do
        measure_pair
    done
    compare
    exit
fi
if wanted gateway; then start_gateway; fi

echo "$(nproc) processors, $connections connections, $duration s each after $warmup s warm-up"
header_row
if wanted upstream; then
    chat_scenarios upstream "$upstream"
    mcp_scenario upstream "$upstream"
fi
if wanted nginx; then
    chat_scenarios nginx "$nginx"
    mcp_scenario nginx "$nginx"
fi
if wanted gateway; then
    measure_gateway
fi
