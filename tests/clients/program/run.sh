#!/bin/sh
# long
# The program itself: what its help says is there, a link to it is it, and whatever a start has
# begun is ended, whenever it is interrupted.
set -eu
cd "$(dirname "$0")"
. ../lib.sh

passed=0
failed=0
rounds=20

report() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$2"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$2"
    fi
}

program=$repository/sallyport

every_command_has_help() {
    for command in demo serve sample audit keys test torture; do
        "$program" --help | grep -q "^  $command" || return 1
        "$program" "$command" --help | grep -q '^Usage: ' || return 1
    done
}

a_link_is_the_program() {
    ln -s "$program" "$work/link"
    [ "$("$work/link" --version)" = "$("$program" --version)" ] && [ ! -e "$work/target" ]
}

# interrupted MILLISECONDS: begins a gateway and interrupts it after so long; nothing may be left.
interrupted() {
    data=$work/data-$1
    "$program" serve --dev --port 0 --data "$data" >"$work/serve.log" 2>&1 </dev/null &
    pid=$!
    started="$pid $started"
    sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
    kill -TERM "$pid" 2>/dev/null || :
    wait "$pid" || : # for a start that has begun, on a machine that does much else
    is_gone "$data"
}

# What the shell had asked of others when it was ended ends by itself within a moment, and starts
# nothing; a gateway would stay.
is_gone() {
    for _ in $(seq 50); do
        pgrep -f "$1" >/dev/null || return 0
        sleep 0.1
    done
    return 1
}

is_ended_at_every_moment() {
    moment=$(($(date +%s) % 250))
    for _ in $(seq "$rounds"); do
        interrupted "$moment" || { printf 'left something after %d ms\n' "$moment"; return 1; }
        moment=$((moment + 250))
    done
}

status_of() {
    if "$@"; then
        report 0 "$*"
    else
        report 1 "$*"
    fi
}

status_of every_command_has_help
status_of a_link_is_the_program
status_of is_ended_at_every_moment
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
