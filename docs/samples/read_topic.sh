#!/bin/sh
# Reads the feed with kcat 1.7.1: KAFKA=127.0.0.1:9092 sh read_topic.sh NAMESPACE all|since|ticket|labels|snapshots [WHAT]
#
# all: every event a line, and ends. since: from an instant on (2026-12-01T08:00:00Z). ticket: of one ticket, in order.
# labels: no event, but what each is about. snapshots: where every ticket stands, its last line holds; NULL: erased.
set -eu
topic=$1.ticket-feed how=$2 what=${3:-}

read_to_the_end() {
  kcat -b "$KAFKA" -C -q -e -u "$@" ${SETTINGS:+-F "$SETTINGS"}
}

partition_of() { # CRC-32 of the key, by the number of partitions: gzip ends with it
  crc=$(printf %s "$1" | gzip -c | tail -c 8 | head -c 4 | od -An -tu4)
  echo $((crc % 64))
}

case $how in
  all) read_to_the_end -t "$topic" -o beginning -f '%s\n' ;;
  since) read_to_the_end -t "$topic" -o "s@$(date -u -d "$what" +%s000)" -f '%s\n' ;;
  ticket)
    read_to_the_end -t "$topic" -p "$(partition_of "$what")" -o beginning -f '%k\t%s\n' |
      awk -F '\t' -v ticket="$what" '$1 == ticket { print $2 }'
    ;;
  labels) read_to_the_end -t "$topic" -o beginning -f '%k\t%h\n' ;;
  snapshots) read_to_the_end -t "$1.ticket-snapshots" -o beginning -Z -f '%k\t%s\n' ;;
  *) echo "all, since, ticket, labels or snapshots, not $how" >&2 && exit 2 ;;
esac
