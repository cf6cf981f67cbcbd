#!/bin/bash
# lab.sh install | up | down | status | client ARGUMENTS...: a real OpenStack on this machine, for tests. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
# Everything of the lab lies here: the Debian tree, what it keeps, its logs and process ids.
lab=${TRISKEL_OPENSTACK:-${XDG_CACHE_HOME:-$HOME/.cache}/triskel-ci/openstack}
root=$lab/root state=$root/state pids=$lab/run logs=$lab/log bootstrapped=$lab/bootstrapped
. "$here/processes.sh"
. "$here/services.sh"

usage() {
  sed -n '2s/^# //p' "$0" >&2
  exit 2
}

up() {
  [ -e "$bootstrapped/complete" ] || { echo "not installed: $0 install" >&2; exit 1; }
  running && return 0
  stop_all
  rm -rf "$state" "$logs"
  mkdir -p "$pids" "$logs"
  cp -a "$bootstrapped/state" "$state"
  mkdir -p "$state/rabbit" "$state/lock"
  start_all
  say "up in $SECONDS s"
}

case ${1:-} in
  install)
    [ $# = 1 ] || usage
    . "$here/install.sh"
    ;;
  up | down | status)
    [ $# = 1 ] || usage
    case $1 in
      up) up ;;
      down) stop_all ;;
      status)
        running || { echo "down"; exit 1; }
        echo "up: $lab/clouds.yaml"
        ;;
    esac
    ;;
  client)
    shift
    cp "$lab/clouds.yaml" "$root/etc/openstack/clouds.yaml"
    inside env OS_CLOUD="${OS_CLOUD:-demo}" openstack "$@"
    ;;
  *) usage ;;
esac
