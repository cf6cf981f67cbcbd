#!/bin/sh
# qdevice-certificates CA CLIENT: the certificates of corosync-qdevice into its database, when they are others than before.
# CLIENT is the PKCS #12 file of corosync-qdevice-net-certutil, as base64.
set -eu
umask 077
folder=/etc/corosync/qdevice/net
mark=$folder/triskel-digest
digest=$(cat "$1" "$2" | sha256sum)
[ "$(cat "$mark" 2>/dev/null)" != "$digest" ] || exit 0
rm -rf "$folder/nssdb" "$mark"
client=$(mktemp)
trap 'rm -f "$client"' EXIT
base64 --decode "$2" >"$client"
corosync-qdevice-net-certutil -i -c "$1"
corosync-qdevice-net-certutil -m -c "$client"
printf '%s\n' "$digest" >"$mark"
