#!/bin/sh
# Reads the feed with curl: TOKEN=… sh read_events.sh http://127.0.0.1:8104 pages|stream FILE
#
# pages: all that there is, a page a line, and ends; stream: each event a line, as it comes. FILE keeps the place.
set -eu
site=$1 how=$2 place=$3 signed="Authorization: Bearer $TOKEN"

keep() { # whole or not at all
  echo "$1" >"$place.new" && mv "$place.new" "$place"
}

pages() {
  next=$(cat "$place" 2>/dev/null || echo "/v1/events?limit=1000")
  while :; do
    curl -fsS -H "$signed" -D "$place.head" -o "$place.page" "$site$next"
    following=$(sed -n 's/^[Ll]ink: <\(.*\)>.*/\1/p' "$place.head")
    cat "$place.page" && echo
    keep "$following"
    [ "$following" != "$next" ] || break
    next=$following
  done
}

stream() {
  last=$(cat "$place" 2>/dev/null || true)
  curl -fsSN -H "$signed" ${last:+-H "Last-Event-ID: $last"} "$site/v1/events/stream" |
    while IFS= read -r line; do
      case $line in
        id:*) last=${line#id: } ;;
        data:*) echo "${line#data: }" ;;
        "") keep "$last" ;;
      esac
    done
}

"$how"
