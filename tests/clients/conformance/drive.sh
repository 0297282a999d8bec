#!/bin/sh
exec "$NODE_22" "$(dirname "$0")/drive.mjs" "$@"
