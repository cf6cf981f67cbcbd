#!/bin/sh
# node.sh LAB NODE: the power of one machine, within the lab's namespaces: it ends when the machine is switched off. The
# machine's console is the standard output.
set -eu
lab=$1 node=$2
place=$lab/nodes/$node
cgroup=/sys/fs/cgroup/$(basename "$lab")/$node
mkdir -p "$cgroup"
echo $$ >"$cgroup/cgroup.procs"
# A machine that asks for a reboot ends with 133 (systemd-nspawn(1), "Exit status").
code=133
while [ "$code" -eq 133 ]; do
  # Both ends of the cable go at once; those in a namespace that is deleted go a little later.
  ip link delete "$node" 2>/dev/null || true
  ip netns delete "$node" 2>/dev/null || true
  ip netns add "$node"
  ip link add "$node" type veth peer name eth0 address "$(cat "$place/mac")" netns "$node"
  ip link set "$node" master br0 up
  code=0
  # The nodes see each other's kernel, not each other: network settings are theirs, all other settings the machine's.
  # containerd wants more capabilities and calls than nspawn allows by itself.
  # shellcheck disable=SC2046 # One option a line.
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network \
    systemd-nspawn --quiet --boot --directory="$place/root" --machine="$node" --register=no --keep-unit \
    --network-namespace-path="/run/netns/$node" --resolv-conf=off --timezone=off --link-journal=no \
    --capability=CAP_NET_ADMIN,CAP_IPC_LOCK,CAP_SYS_NICE,CAP_BPF,CAP_PERFMON \
    --system-call-filter='@keyring bpf perf_event_open' --console=read-only $(cat "$place/options") || code=$?
done
ip link delete "$node"
ip netns delete "$node"
exit "$code"
