#!/bin/sh
# lab.sh FOLDER CIDR: PID 1 of a lab, in mount, network and PID namespaces of its own. When it ends, everything in the
# lab ends with it; what stays behind is an empty cgroup, named after FOLDER.
set -eu
lab=$1 cidr=$2
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/netns
# systemd in a node wants cgroup v2 alone, whatever the machine has.
awk '$2 ~ "^/sys/fs/cgroup" { print $2 }' /proc/mounts | sort -r | xargs -r umount
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir "/sys/fs/cgroup/$(basename "$lab")"
# The nodes' disks: gone with the lab, and quick.
mkdir "$lab/nodes"
mount -t tmpfs -o mode=755 tmpfs "$lab/nodes"
ip link set lo up
ip link add br0 type bridge forward_delay 0 mcast_snooping 0
ip address add "$cidr" dev br0
ip link set br0 up
touch "$lab/ready"
while :; do sleep 3600; done
