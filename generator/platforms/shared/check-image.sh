#!/bin/sh
# Says which of the programs in /etc/triskel/programs the machine image does not have: nothing is fetched here.
missing=
while read -r program; do
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    missing="$missing $program"
  fi
done <"${1:-/etc/triskel/programs}"
[ -z "$missing" ] || {
  "${TRISKEL_REPORT:-/opt/triskel/report}" download failed "the machine image does not have these programs:$missing"
  exit 1
}
