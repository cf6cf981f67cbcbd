#!/bin/sh
# make-folders MOUNT NAME...: folders in a volume, once it is mounted; never beneath the place where it will be.
set -eu
mount=$1
shift
until mountpoint --quiet "$mount"; do
  sleep 1
done
for name in "$@"; do
  mkdir -p "$mount/$name"
done
