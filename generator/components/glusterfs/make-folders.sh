#!/bin/sh
# make-folders MOUNT NAME...: folders in a volume, once it is mounted; never beneath the place where it will be.
# systemd does not end it with the unit's own program, $MAINPID, which gives up where the volume is not there yet. One that read what
# the volume is before its servers knew all of it (that it speaks TLS) never connects: after a while it is started again, and reads anew.
set -eu
mount=$1
shift
patience=${TRISKEL_PATIENCE-30}
until timeout 10 mountpoint --quiet "$mount"; do
  kill -0 "$MAINPID" && [ "$patience" -gt 0 ] || exit 1
  patience=$((patience - 1))
  sleep 1
done
for name in "$@"; do
  mkdir -p "$mount/$name"
done
