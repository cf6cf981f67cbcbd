#!/bin/sh
# Says which of the programs in /etc/triskel/programs the machine image does not have: nothing is fetched here.
missing=0
while read -r program; do
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    echo "triskel: the machine image has no program $program"
    missing=1
  fi
done <"${1:-/etc/triskel/programs}"
exit "$missing"
