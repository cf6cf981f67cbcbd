#!/bin/sh
# Brings renewed certificates and keys onto this running node:
#   apply-renewal <bundle>    the file <node>.renewal.tar.gz that `triskel secrets renew` wrote for this node
#   apply-renewal -           the same from standard input, so that no copy of the keys stays behind
# Every file that differs is replaced in one step, keeping its mode and owner; then whatever reads it is started anew, in
# order. It may be run again: where nothing differs nothing is done, and a run that was cut off is finished by the next.
set -eu
umask 077
export LC_ALL=C
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin:/opt/bin
root=${TRISKEL_ROOT-} # Empty but in tests.
state=$root/etc/triskel
pending=$state/renewal-restarts # What is still to be started anew.
patience=120                    # Seconds that anything has to come back.

say() { echo "$*"; }
die() {
  echo "apply-renewal: $*" >&2
  exit 1
}

about() { sed -n "s/^$1 //p" "$staging/about"; }

# "<sha256>  <path>" of every file of the bundle; `files` has "<mode> <path>".
read_bundle() {
  tar -x -z --force-local -f "$1" -C "$staging" --no-same-owner || die 'the bundle is damaged'
  [ "$(about format)" = 1 ] || die 'this bundle was made for another version of this script'
  made_for=$(grep -E '^(cluster|node) ' "$staging/about") || die 'the bundle does not say which node it is for'
  [ "$made_for" = "$(cat "$state/node")" ] ||
    die "the bundle is for the node $(about node) of the cluster $(about cluster), and this is another"
  (cd "$staging/content" && sha256sum --check --quiet --strict ../checksums >/dev/null 2>&1) ||
    die 'the bundle is damaged'
}

same() { [ -f "$2" ] && [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ]; }

find_changes() {
  : >"$staging/changed"
  while read -r _ path; do
    same "$staging/content$path" "$root$path" || echo "$path" >>"$staging/changed"
  done <"$staging/files"
}

# Kept on disk before the first file is replaced: a run that is cut off must not forget what still reads old files.
# A line of `restarts` is "<kind> <name> <path>…", and the lines stand in the order of restarting.
plan_restarts() {
  touch "$pending"
  while read -r kind name paths; do
    due=no
    ! grep -qxF "$kind $name" "$pending" || due=yes
    for path in $paths; do
      ! grep -qxF "$path" "$staging/changed" || due=yes
    done
    [ $due = no ] || echo "$kind $name"
  done <"$staging/restarts" >"$staging/due"
  # What a run that was cut off had still to do, and this bundle does not name.
  grep -vxF -f "$staging/due" "$pending" >"$staging/left" || [ $? -eq 1 ]
  cat "$staging/left" >>"$staging/due"
  put "$staging/due" "$pending"
}

put() {
  cp "$1" "$2.new"
  sync "$2.new"
  mv -f "$2.new" "$2"
  sync "${2%/*}"
}

replace() {
  target=$root$2
  new=$target.triskel-new
  mkdir -p "${target%/*}"
  cp "$staging/content$2" "$new"
  if [ -e "$target" ]; then
    chown --reference="$target" "$new"
    chmod --reference="$target" "$new"
  else
    chmod "$1" "$new"
  fi
  sync "$new"
  mv -f "$new" "$target"
  say "replaced $2"
}

# Ids of the running containers of that name; static pods are the kubelet's own, in kube-system.
running() {
  if [ "$1" = static-pod ]; then
    crictl ps --quiet --state running --label "io.kubernetes.container.name=$2" \
      --label io.kubernetes.pod.namespace=kube-system
  else
    crictl ps --quiet --state running --label "io.kubernetes.container.name=$2"
  fi
}

# The kubelet makes a new container in the place of one that was stopped, and that one has the new files.
restart_container() {
  old=$(running "$1" "$2")
  if [ -z "$old" ]; then
    say "$2 is not running; it will start with the new files"
    return
  fi
  say "restarting $2"
  for id in $old; do
    crictl stop --timeout 30 "$id" >/dev/null
  done
  waited=0
  until running "$1" "$2" | grep -qvxF "$old"; do
    [ $waited -lt $patience ] || die "$2 has not come back within $patience s; see why, then run this again"
    sleep 1
    waited=$((waited + 1))
  done
}

# With the CA that clients trust from now on: it proves the new certificate, and the way to etcd.
await_api() {
  url=$(about ready)
  waited=0
  until [ "$(curl --silent --max-time 5 --cacert "$root$(about ca)" "$url")" = ok ]; do
    [ $waited -lt $patience ] || die "$url has not answered ok within $patience s; see why, then run this again"
    sleep 1
    waited=$((waited + 1))
  done
  say "$url answers ok"
}

restart() {
  case $1 in
    unit)
      say "restarting $2"
      systemctl restart "$2" </dev/null
      ;;
    *) restart_container "$1" "$2" </dev/null ;;
  esac
  # Its answer proves etcd too, so that alone is waited for where both restart.
  case $2 in
    kube-apiserver | kube-apiserver.service) await_api </dev/null ;;
    etcd | etcd.service)
      [ -z "$(about ready)" ] || grep -qE '^(static-pod kube-apiserver|unit kube-apiserver\.service)$' "$staging/due" ||
        await_api </dev/null
      ;;
  esac
}

[ $# -eq 1 ] || {
  echo 'usage: apply-renewal <bundle>|-' >&2
  exit 2
}
[ -n "$root" ] || [ "$(id -u)" -eq 0 ] || die 'must be run as root'
exec 9<"$state/node"
flock -n 9 || die 'another renewal is running on this node'
rm -rf "$state"/renewal-staging.*
staging=$(mktemp -d "$state/renewal-staging.XXXXXX")
trap 'rm -rf "$staging"' EXIT
trap 'exit 130' HUP INT TERM

read_bundle "$1"
find_changes
plan_restarts
while read -r mode path; do
  ! grep -qxF "$path" "$staging/changed" || replace "$mode" "$path"
done <"$staging/files"
while read -r kind name; do
  restart "$kind" "$name"
  grep -vxF "$kind $name" "$pending" >"$staging/left" || [ $? -eq 1 ]
  put "$staging/left" "$pending"
done <"$staging/due"
rm -f "$pending"
if [ -s "$staging/due" ] || [ -s "$staging/changed" ]; then say 'done'; else say 'nothing to do'; fi
next=$(about next)
[ -z "$next" ] || say "next: $next, once this node is well"
