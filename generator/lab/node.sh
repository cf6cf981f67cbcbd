#!/bin/sh
# The power and the cable of one machine, within the lab's namespaces.
#   node.sh LAB CGROUP NODE on    ends when the machine is switched off; its console is the standard output
#   node.sh LAB CGROUP NODE kill  power loss: the cable is dead at once, nothing on the machine ends in order
#   node.sh LAB CGROUP NODE cut   frames are dropped, the carrier stays, as when a switch fails
#   node.sh LAB CGROUP NODE heal  they pass again
#   node.sh LAB CGROUP NODE wipe  empties the disk of a machine that is off
set -eu
place=$1/nodes/$3
cgroup=/sys/fs/cgroup/$2/$3
# A name of the kernel's has 15 characters at most, a node's has more.
link=$(cat "$place/link")

unplug() {
  # Both ends of the cable go at once; those in a namespace that is deleted go a little later.
  ip link delete "$link" 2>/dev/null || true
  ip netns delete "$link" 2>/dev/null || true
}

# A cable that was cut before the machine lost its power is still cut when it comes back.
plug() {
  unplug
  ip netns add "$link"
  ip link add "$link" type veth peer name "$(cat "$place/interface")" address "$(cat "$place/mac")" netns "$link"
  [ -e "$place/cut" ] || ip link set "$link" master br0
  ip link set "$link" up
}

power_on() {
  # What is killed leaves empty cgroups behind.
  find "$cgroup" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  mkdir -p "$cgroup"
  echo $$ >"$cgroup/cgroup.procs"
  # A machine that asks for a reboot ends with 133 (systemd-nspawn(1), "Exit status").
  code=133
  while [ "$code" -eq 133 ]; do
    plug
    code=0
    # The nodes see each other's kernel, not each other: network settings are theirs, all other settings the machine's.
    # containerd wants more capabilities and calls than nspawn allows by itself, corosync a realtime priority.
    # shellcheck disable=SC2046 # One option a line.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network \
      systemd-nspawn --quiet --boot --directory="$place/root" --machine="$link" --register=no --keep-unit \
      --network-namespace-path="/run/netns/$link" --resolv-conf=off --timezone=off --link-journal=no \
      --rlimit=RLIMIT_MEMLOCK=infinity --capability=CAP_NET_ADMIN,CAP_IPC_LOCK,CAP_SYS_NICE,CAP_BPF,CAP_PERFMON \
      --system-call-filter='@keyring bpf perf_event_open' --console=read-only $(cat "$place/options") || code=$?
  done
  unplug
  exit "$code"
}

case $4 in
  on) power_on ;;
  kill)
    unplug
    [ ! -e "$cgroup/cgroup.kill" ] || echo 1 >"$cgroup/cgroup.kill"
    ;;
  cut)
    touch "$place/cut"
    ip link set "$link" nomaster 2>/dev/null || true
    ;;
  heal)
    rm -f "$place/cut"
    ip link set "$link" master br0 2>/dev/null || true
    ;;
  wipe)
    umount "$place/root"
    for holder in "$place"/*.pid; do
      [ ! -e "$holder" ] || kill "$(cat "$holder")"
    done
    rm -rf "$place"
    ;;
esac
