#!/bin/sh
# make-filesystem DEVICE LABEL: makes an ext4 filesystem on a device that holds nothing yet, and never on another.
set -eu
device=$1
label=$2

fail() {
  "${TRISKEL_REPORT:-/opt/triskel/report}" disk failed "$device $*"
  exit 1
}

tries=60
while [ ! -b "$device" ]; do
  [ "$tries" -gt 0 ] || fail "is not there after 60 s"
  tries=$((tries - 1))
  sleep 1
done
# What cannot be read looks empty to blkid.
dd if="$device" of=/dev/null bs=4096 count=1 2>/dev/null || fail "cannot be read"
code=0
found=$(blkid --probe --output export "$device") || code=$?
case $code in
  0)
    if echo "$found" | grep -qxF "TYPE=ext4" && echo "$found" | grep -qxF "LABEL=$label"; then exit 0; fi
    fail "holds something else than an ext4 filesystem labelled $label; it is left as it is"
    ;;
  # 2: no signature of anything, neither a filesystem nor a partition table (blkid(8)).
  2) mkfs.ext4 -q -L "$label" "$device" ;;
  *) fail "cannot be told to be empty (blkid: $code)" ;;
esac
