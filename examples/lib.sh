# shellcheck shell=sh
# What the examples share: how they find a gateway, the samples that they start, and an end to all
# of it. Sourced by an example's run.sh, from the example's own folder.
#
# Each example works in a tenant of its own. So it meets no server, policy or key of anybody else,
# and nobody else meets what it makes.

example=$(basename "$(pwd -P)")
repository=$(CDPATH='' cd -- ../.. && pwd -P)
sallyport=$repository/sallyport
tenant=example-$example
seconds_to_build=900
data=
work=
started=
is_ours=no

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'examples/%s: %s\n' "$example" "$*" >&2
    exit 1
}

# --- the command line

usage() {
    cat <<END
Usage: examples/$example/run.sh [-h] [--data=DIR]
$1
Needs a gateway on this machine, in another terminal: ./sallyport serve --dev
      --data=DIR   the gateway's data folder, default: data in this clone
  -h, --help       prints this

Environment: SALLYPORT_URL and SALLYPORT_ADMIN_KEY, both, in place of the data folder's.
END
}

misused() {
    printf 'examples/%s: %s; see examples/%s/run.sh --help\n' "$example" "$1" "$example" >&2
    exit 2
}

# read_options SENTENCE [ARGUMENTS...]
read_options() {
    sentence=$1
    shift
    while [ $# -gt 0 ]; do
        case $1 in
            --help | -h)
                usage "$sentence"
                exit 0
                ;;
            --data=?*) data=${1#--data=} ;;
            --data)
                [ -n "${2:-}" ] || misused '--data needs a folder'
                data=$2
                shift
                ;;
            *) misused 'this is no option of it' ;;
        esac
        shift
    done
    case $data in
        '' | /*) ;;
        *) data=$called_from/$data ;;
    esac
}

# --- what the machine has

need_programs() {
    for program in curl node npm; do
        command -v "$program" >/dev/null || fail "needs $program on the PATH"
    done
    [ "$(major_of node)" -ge 20 ] || fail "needs Node 20 or newer, here is $(node --version)"
}

major_of() {
    "$1" -p 'process.versions.node.split(".")[0]'
}

# Installs what the lock file names, unless that is what is there already. The marker comes last,
# so an install that was cut off is done again.
install_packages() {
    marker=node_modules/.installed
    cmp -s package-lock.json "$marker" && return
    say "Installing the npm packages of examples/$example ..."
    set --
    [ "$(major_of node)" -lt 22 ] || set -- --omit=optional # the optional one is Node 22
    npm ci "$@" --ignore-scripts --no-audit --no-fund --loglevel=error ||
        fail 'npm could not install what package-lock.json names, see above'
    cp package-lock.json "$marker"
}

# --- the gateway

find_gateway() {
    if [ -z "$data" ] && [ -n "${SALLYPORT_URL:-}${SALLYPORT_ADMIN_KEY:-}" ]; then
        [ -n "${SALLYPORT_URL:-}" ] && [ -n "${SALLYPORT_ADMIN_KEY:-}" ] ||
            fail 'set both SALLYPORT_URL and SALLYPORT_ADMIN_KEY, or neither'
        source_of_keys='the environment'
        admin_key=$SALLYPORT_ADMIN_KEY
    else
        read_credentials "${data:-$repository/data}/credentials"
    fi
    unset SALLYPORT_ADMIN_KEY # the programs of an example have keys of their own
    SALLYPORT_URL=${SALLYPORT_URL%/}
    export SALLYPORT_URL
    headers platform "$admin_key"
    check_gateway
}

read_credentials() {
    source_of_keys=$1
    [ -e "$1" ] || fail "there is no $1: start ./sallyport serve --dev, or name its folder with --data"
    [ -r "$1" ] || fail "$1 is not yours to read: it belongs to whoever started the gateway"
    SALLYPORT_URL=$(exported_in "$1" SALLYPORT_URL)
    admin_key=$(exported_in "$1" SALLYPORT_ADMIN_KEY)
    [ -n "$SALLYPORT_URL" ] && [ -n "$admin_key" ] ||
        fail "$1 is not what a gateway in dev mode writes"
}

exported_in() {
    sed -n "s/^export $2=//p" "$1" | head -n 1
}

# headers WHO KEY [HEADERS...]: in a file, since a command line is there for all to read.
headers() {
    file=$work/$1.headers
    key=$2
    shift 2
    printf '%s\n' "Authorization: Bearer $key" "$@" >"$file"
}

check_gateway() {
    welcome=$(curl -s --noproxy '*' --max-time 10 "$SALLYPORT_URL/") ||
        fail "no gateway answers at $SALLYPORT_URL (from $source_of_keys): start ./sallyport serve --dev"
    case $welcome in
        *'"name":"Sallyport"'*) ;;
        *) fail "what answers at $SALLYPORT_URL is no Sallyport: has another program taken its port?" ;;
    esac
    status=$(status_of platform GET /posture)
    case $status in
        200) ;;
        401) fail "the gateway at $SALLYPORT_URL does not know the key from $source_of_keys:" \
            'it is one with another data folder' ;;
        403) fail "the key from $source_of_keys is no admin's" ;;
        *) fail "the gateway at $SALLYPORT_URL answers with status $status: $(cat "$work/answer")" ;;
    esac
    for relaxation in approver_keys loopback_http; do
        grep -q "\"$relaxation\"" "$work/answer" ||
            fail "the gateway at $SALLYPORT_URL runs without --dev, which permits what an example needs"
    done
}

# status_of WHO METHOD PATH [CURL ARGUMENTS...]: the answer is in $work/answer.
status_of() {
    who=$1
    method=$2
    path=$3
    shift 3
    curl -sS --noproxy '*' --max-time 60 -o "$work/answer" -w '%{http_code}' -X "$method" \
        -H "@$work/$who.headers" "$@" "$SALLYPORT_URL/admin/v1$path"
}

# admin METHOD PATH [CURL ARGUMENTS...]: in the tenant; prints the answer, or fails with it.
admin() {
    status=$(status_of admin "$@")
    case $status in
        2??) cat "$work/answer" ;;
        *) fail "$1 $2 answers with status $status: $(cat "$work/answer")" ;;
    esac
}

# admin_json METHOD PATH BODY [CURL ARGUMENTS...]
admin_json() {
    method=$1
    path=$2
    body=$3
    shift 3
    admin "$method" "$path" -H 'Content-Type: application/json' --data-binary "$body" "$@"
}

# platform METHOD PATH BODY: the same outside of the tenant.
platform() {
    status=$(status_of platform "$1" "$2" -H 'Content-Type: application/json' --data-binary "$3")
    case $status in
        2??) ;;
        *) fail "$1 $2 answers with status $status: $(cat "$work/answer")" ;;
    esac
}

# --- the tenant

enter_tenant() {
    in_tenant enter || fail "$(cat "$work/trouble")"
    headers admin "$admin_key" "X-Sallyport-Tenant: $tenant"
}

in_tenant() {
    ADMIN_KEY=$admin_key node ../tenant.mjs "$1" "$tenant" 2>"$work/trouble"
}

# new_key OWNER KIND: prints a key.
new_key() {
    admin_json POST /keys "{\"owner\":\"$1\",\"kind\":\"$2\"}" >"$work/key"
    sed -n 's/.*"key":"\([^"]*\)".*/\1/p' "$work/key"
}

# publish_policy FILE
publish_policy() {
    admin PUT /policies/current -H 'Content-Type: application/yaml' --data-binary "@$1" >"$work/policy"
}

# --- the samples

# start_sample NAME [OPTIONS...]: on any free port, with what makes a short life cheap.
start_sample() {
    name=$1
    shift
    SALLYPORT_JAVA_OPTS="${SALLYPORT_JAVA_OPTS:-} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC" \
        "$sallyport" sample "$name" --port 0 "$@" >"$work/$name.log" 2>"$work/$name.errors" </dev/null &
    started="$started $!"
    eval "pid_of_$name=$!"
}

# address_of NAME: once the sample listens. It may have to be built first.
address_of() {
    left=$((seconds_to_build * 5))
    until address=$(sed -n 's/^listening on //p' "$work/$1.log") && [ -n "$address" ]; do
        if [ "$left" -eq 0 ] || ! eval "kill -0 \"\$pid_of_$1\"" 2>/dev/null; then
            fail "the sample $1 did not start: $(cat "$work/$1.errors")"
        fi
        left=$((left - 1))
        sleep 0.2
    done
    say "$address"
}

# What lets the gateway reach an address of this machine.
egress_to() {
    port=${1#http://127.0.0.1:}
    printf '{"allow":["127.0.0.1/32:%s"]}' "${port%%/*}"
}

# register NAME: a sample becomes a server, and all its tools are approved as they are now. An admin
# looks at them first; of their own samples the examples know what they do.
register() {
    url=$(address_of "$1")
    admin_json POST /servers "{\"slug\":\"$1\",\"url\":\"$url\",\"egress\":$(egress_to "$url")}" \
        -D "$work/registered" >"$work/server"
    is_ours=yes
    etag=$(tr -d '\r' <"$work/registered" | sed -n 's/^[Ee][Tt][Aa][Gg]: *//p')
    admin_json POST "/servers/$1/approve" \
        '{"all":true,"risk":{"from":"annotations","at_least":"read"}}' \
        -H "If-Match: $etag" >"$work/server"
}

# put_model ALIAS MODEL TOOLS: a model of the sample, and the tools that it may use, a JSON array.
put_model() {
    url=$(address_of model)
    admin_json PUT "/toolsets/$1" "{\"tools\":$3}" >"$work/toolset"
    admin_json PUT "/models/$1" "{\"targets\":[{\"provider\":\"openai\",\"base_url\":\"$url\",
        \"model\":\"$2\",\"egress\":$(egress_to "$url")}],\"toolset\":\"$1\"}" >"$work/model"
}

# --- the end

end_all() {
    status=$?
    trap - EXIT
    trap '' HUP INT TERM PIPE
    if [ "$is_ours" = yes ]; then
        leave_tenant || : # nobody may be left to read what it says
    fi
    for pid in $started; do
        kill "$pid" 2>/dev/null || :
    done
    for pid in $started; do
        wait "$pid" 2>/dev/null || :
    done
    rm -rf "$work"
    exit "$status"
}

leave_tenant() {
    say ''
    if in_tenant leave; then
        say "Left in the gateway: the tenant $tenant and its records; no server, no key."
    else
        say "The tenant $tenant could not be cleared, the next run will: $(cat "$work/trouble")"
    fi
}

# begin SENTENCE [ARGUMENTS...]: after it there is a gateway, and a tenant in it.
begin() {
    read_options "$@"
    need_programs
    work=$(mktemp -d)
    trap end_all EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 141' PIPE # whoever reads has left: | head
    find_gateway
    install_packages
    enter_tenant
}
