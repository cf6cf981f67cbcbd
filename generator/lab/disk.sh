#!/bin/sh
# disk.sh FILE MEBIBYTES: an empty disk as a loop device, whose name it prints. Its size is taken only as it fills.
set -eu
truncate --size "$2M" "$1"
loop=$(losetup --find --show "$1")
# A loop device that is detached while it is open goes when nobody has it open any more.
exec 9<>"$loop"
losetup --detach "$loop"
echo $$ >"$1.pid"
echo "$loop"
exec sleep infinity >/dev/null 2>&1
