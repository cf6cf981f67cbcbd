#!/bin/sh
# wait-for-addresses ADDRESS...: until this machine has them all. corosync that starts before is alone, and stays so.
set -u
for address in "$@"; do
  said=
  # An IPv6 address that is tentative cannot be bound yet.
  until ip -oneline address show to "$address" 2>/dev/null | grep -v ' tentative' | grep -q .; do
    [ -n "$said" ] || /opt/triskel/report membership waiting "$address is not there yet, and corosync waits for it"
    said=yes
    sleep 1
  done
done
