#!/bin/sh
# lab.sh FOLDER CGROUP CIDR...: PID 1 of a lab, in mount, network and PID namespaces of its own. When it ends, everything
# in the lab ends with it; what stays behind is an empty cgroup. Until its owner says "keep" on the standard input, it
# ends when the owner does.
set -eu
lab=$1 cgroup=$2
shift 2
mount -t proc proc /proc
# The lab's own /run, with the lab's folder in it.
mount --bind "$lab" /mnt
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p "$lab" /run/netns
mount --move /mnt "$lab"
# systemd in a node wants cgroup v2 alone, whatever the machine has.
awk '$2 ~ "^/sys/fs/cgroup" { print $2 }' /proc/mounts | sort -r | xargs -r umount
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir "/sys/fs/cgroup/$cgroup"
# The nodes' disks: gone with the lab, and quick. Half of the machine's memory is not enough for many nodes.
mkdir "$lab/nodes"
mount -t tmpfs -o mode=700,size=90% tmpfs "$lab/nodes"
ip link set lo up
ip link add br0 type bridge forward_delay 0 mcast_snooping 0
for cidr in "$@"; do ip address add "$cidr" dev br0 nodad 2>/dev/null || ip address add "$cidr" dev br0; done
ip link set br0 up
touch "$lab/ready"
read -r word || exit 0
[ "$word" = keep ] || exit 1
while :; do sleep 3600; done
