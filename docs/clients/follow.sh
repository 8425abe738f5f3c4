#!/bin/sh
# Keeps a copy of every verdict right, with curl and jq. Run it as often as you like: sh follow.sh COPIES
set -eu
SITE='https://facts.example'
cd "$1"
# --retry waits as long as Retry-After says while the site is busy (429) or its database away (503).
get() { curl --silent --show-error --fail-with-body --compressed --retry 5 --max-time 300 "$1"; }

after=$(cat place 2>/dev/null || echo 0)
url="$SITE/api/v1/events/?after=$after&page_size=200"
while [ "$url" != null ]; do
    page=$(get "$url")
    for id in $(printf %s "$page" | jq -r '.results[].verdict.id' | sort -u); do
        get "$SITE/api/v1/verdicts/$id/" >"$id.json.new"
        mv "$id.json.new" "$id.json"
        jq -r '.status + " " + .url' "$id.json"
    done
    # Only now: whoever is stopped half-way meets this page again and loses nothing.
    printf %s "$page" | jq -r '.results[-1].sequence // empty' >place.new
    [ -s place.new ] && mv place.new place || rm place.new
    url=$(printf %s "$page" | jq -r .next)
done
