# shellcheck shell=sh
# What every suite of clients needs: a gateway in dev mode, upstreams, npm packages, and an end to
# all of it. Sourced by a suite's run.sh, from the suite's own folder.

: "${JAVA_HOME:?names the JDK that built the gateway; ./sallyport test sets it}"
suite=$(pwd -P)
repository=$(CDPATH='' cd -- ../../.. && pwd -P)
work=$(mktemp -d)
started=
seconds_to_start=60

# --- the end

end_all() {
    status=$?
    trap - EXIT
    # The list of process ids is meant to be split.
    # shellcheck disable=SC2086
    for pid in $started; do
        kill "$pid" 2>/dev/null || :
    done
    for pid in $started; do
        end_one "$pid"
    done
    rm -rf "$work"
    exit "$status"
}

end_one() {
    left=200
    while kill -0 "$1" 2>/dev/null; do
        if [ "$left" -eq 0 ]; then
            printf 'process %s did not stop within 20 s\n' "$1" >&2
            kill -9 "$1" 2>/dev/null || :
            status=1
            break
        fi
        left=$((left - 1))
        sleep 0.1
    done
    wait "$1" 2>/dev/null || :
}

trap end_all EXIT
trap 'exit 1' HUP INT TERM

# --- packages

# Installs what the lock file names, unless that is what is there already. The marker comes last,
# so an install that was cut off is done again.
install_packages() {
    marker=node_modules/.installed
    if ! cmp -s package-lock.json "$marker"; then
        npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
        cp package-lock.json "$marker"
    fi
}

# --- processes

# launch NAME COMMAND...: in the background, with its output in $work/NAME.log.
launch() {
    name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 </dev/null &
    started="$! $started"
    eval "pid_of_$name=$!"
}

# True while the process of that name runs.
runs() {
    eval "kill -0 \"\$pid_of_$1\"" 2>/dev/null
}

# wait_for NAME COMMAND...: until the command succeeds, as long as the process runs.
wait_for() {
    name=$1
    shift
    left=$((seconds_to_start * 10))
    until "$@"; do
        if [ "$left" -eq 0 ] || ! runs "$name"; then
            printf '%s did not start:\n' "$name" >&2
            tail -n 30 "$work/$name.log" >&2
            exit 1
        fi
        left=$((left - 1))
        sleep 0.1
    done
}

# The address that a sample told when it was ready.
address_of() {
    sed -n 's/^listening on //p' "$work/$1.log"
}

is_listening() {
    [ -n "$(address_of "$1")" ]
}

# launch_gateway [ARGUMENTS...]
launch_gateway() {
    launch gateway "$repository/sallyport" serve --dev --port 0 --data "$work/data" "$@"
}

launch_sample() {
    launch "$1" "$repository/sallyport" sample "$1" --port 0
}

# launch_model [SCRIPT]
launch_model() {
    for jar in "$repository"/samples/scripted-model/target/*-exec.jar; do
        launch model "$JAVA_HOME/bin/java" -jar "$jar" --port 0 ${1:+--script "$1"}
    done
}

is_ready() {
    [ -r "$work/data/credentials" ] || return 1
    . "$work/data/credentials"
    curl -fs -o "$work/readyz" "$SALLYPORT_URL/readyz"
}

wait_for_gateway() {
    wait_for gateway is_ready
}

# --- the admin API

# admin METHOD PATH [CURL ARGUMENTS...]: prints the answer; fails, and shows it, on an error status.
admin() {
    method=$1
    path=$2
    shift 2
    if ! curl -sS --fail-with-body -o "$work/answer" -X "$method" \
        -H "Authorization: Bearer $SALLYPORT_ADMIN_KEY" "$@" "$SALLYPORT_URL/admin/v1$path"; then
        printf '%s %s: %s\n' "$method" "$path" "$(cat "$work/answer" 2>/dev/null)" >&2
        return 1
    fi
    cat "$work/answer"
}

# admin_json METHOD PATH BODY [CURL ARGUMENTS...]
admin_json() {
    method=$1
    path=$2
    body=$3
    shift 3
    admin "$method" "$path" -H 'Content-Type: application/json' --data-binary "$body" "$@"
}

# What lets the gateway reach an address of this machine.
egress_to() {
    port=${1#http://127.0.0.1:}
    printf '{"allow":["127.0.0.1/32:%s"]}' "${port%%/*}"
}

# register NAME: a launched sample becomes an upstream, and all its tools are approved. Their own
# annotations raise the risk of those that write.
register() {
    url=$(address_of "$1")
    admin_json POST /servers \
        "{\"slug\":\"$1\",\"url\":\"$url\",\"egress\":$(egress_to "$url")}" >"$work/registered"
    admin GET "/servers/$1" -D "$work/headers" >"$work/reviewed"
    etag=$(tr -d '\r' <"$work/headers" | sed -n 's/^[Ee][Tt][Aa][Gg]: *//p')
    admin_json POST "/servers/$1/approve" '{"all":true,"risk":"read"}' \
        -H "If-Match: $etag" >"$work/approved"
}

# publish_policy FILE
publish_policy() {
    admin PUT /policies/current -H 'Content-Type: application/yaml' --data-binary "@$1" \
        >"$work/policy"
}

# put_toolset NAME TOOLS: the tools are a JSON array.
put_toolset() {
    admin_json PUT "/toolsets/$1" "{\"tools\":$2}" >"$work/toolset"
}

# put_model ALIAS MODEL [TOOLSET]: an alias for a model of the scripted model.
put_model() {
    url=$(address_of model)
    toolset=${3:+,\"toolset\":\"$3\"}
    admin_json PUT "/models/$1" "{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"$url\",
        \"model\":\"$2\",\"egress\":$(egress_to "$url")}]$toolset}" >"$work/model"
}

# new_agent_key OWNER: prints the key of another agent.
new_agent_key() {
    admin_json POST /keys "{\"owner\":\"$1\"}" | sed -n 's/.*"key":"\([^"]*\)".*/\1/p'
}
