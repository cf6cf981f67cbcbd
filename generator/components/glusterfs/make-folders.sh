#!/bin/sh
# make-folders MOUNT NAME...: folders in a volume, once it is mounted; never beneath the place where it will be. systemd does not
# end it with the unit's own program, $MAINPID, which gives up where the volume is not there yet.
set -eu
mount=$1
shift
until mountpoint --quiet "$mount"; do
  kill -0 "$MAINPID" || exit 1
  sleep 1
done
for name in "$@"; do
  mkdir -p "$mount/$name"
done
