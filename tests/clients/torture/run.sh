#!/bin/sh
# slow
# alone
# Every torture in its short version: ./sallyport torture --help says what they do.
set -eu
cd "$(dirname "$0")"

exec ../../../sallyport torture --short
