#!/bin/sh
# Makes this node what the cluster expects of it, with kubeadm, and tries until it has succeeded:
#   run-kubeadm init   a control-plane node. The kubelet first, for etcd's pod is the kubelet's; then the phases that write
#                      what is this node's own. Every control-plane node does the same, in any order.
#   run-kubeadm join   a worker.
# Once done it is never done again: at a reboot the kubelet starts by itself.
set -u
export LC_ALL=C

root=${TRISKEL_ROOT-} # Empty but in tests.
config=$root/etc/kubernetes/kubeadm.yaml
manifests=$root/etc/kubernetes/manifests
finished=$root/var/lib/triskel/kubeadm-done
kubelet_config=$root/var/lib/kubelet/config.yaml
token=$root/etc/kubernetes/kubeadm/bootstrap-token

# Not of a node but of a cluster, which is the add-ons' part (kubeadm-config, kubelet-config, kube-proxy, CoreDNS, labels); or
# done already (the kubelet); or with a right that no node has (super-admin).
skipped=kubeconfig/super-admin,kubelet-start,wait-control-plane,upload-config,upload-certs,mark-control-plane,bootstrap-token,kubelet-finalize,addon,show-join-command

# say STATE TEXT: on the consoles, when it is not what was said before.
say() {
  [ "$*" = "${said-}" ] || "${TRISKEL_REPORT:-/opt/triskel/report}" "$phase" "$@"
  said=$*
}

# What kubeadm complains of: the failures of its checks, or else its last words.
words() {
  errors=$(printf '%s\n' "$1" | grep '\[ERROR ' | tr -d '\t' | tr '\n' ' ')
  [ -n "$errors" ] || errors=$(printf '%s\n' "$1" | grep -v '^\(To see the stack trace\|couldn.t\)' | tail -n 2 | tr '\n' ' ')
  printf '%s' "$errors"
}

# attempt TEXT COMMAND...: says TEXT and why when the command fails.
attempt() {
  text=$1
  shift
  output=$("$@" 2>&1) && return 0
  say waiting "$text: $(words "$output")"
  return 1
}

# Beside its manifest a program may run already; a run that was cut off leaves some of them, which kubeadm's checks refuse.
withdraw() {
  for name in kube-apiserver kube-controller-manager kube-scheduler; do
    rm -f "$manifests/$name.yaml"
  done
}

init() {
  [ -s "$kubelet_config" ] ||
    attempt 'kubeadm cannot start the kubelet yet' kubeadm init phase kubelet-start --config "$config" || return 1
  withdraw
  attempt 'kubeadm init waits' kubeadm init --config "$config" --skip-phases "$skipped"
}

# A kubelet of an attempt before keeps its port, and its node ready, which kubeadm takes for another machine's.
join() {
  rm -f "$root/etc/kubernetes/bootstrap-kubelet.conf"
  systemctl stop kubelet.service
  attempt 'kubeadm join waits' kubeadm join --config "$config"
}

api() {
  kubectl --kubeconfig "$root/etc/kubernetes/admin.conf" --namespace kube-system --request-timeout 30s "$@"
}

# part NAME: of the token's file.
part() {
  sed -n "s/^$1=//p" "$token"
}

# The first node that gets here offers the token, and marks that it did: a token that has expired, or was taken back, does not
# come again with a node that is made anew.
offer_token() {
  id=$(part id) secret=$(part secret) hours=$(part hours)
  marked=$(api get configmap triskel-bootstrap-token --ignore-not-found --output name 2>&1) || {
    say waiting "the bootstrap token is not offered yet: $(words "$marked")"
    return 1
  }
  [ -z "$marked" ] || return 0
  output=$(api create --filename - 2>&1 <<END
apiVersion: v1
kind: Secret
metadata:
  name: bootstrap-token-$id
type: bootstrap.kubernetes.io/token
stringData:
  description: Joins workers; offered by Triskel at the cluster's first start.
  token-id: "$id"
  token-secret: "$secret"
  expiration: "$(date -u -d "+$hours hours" +%Y-%m-%dT%H:%M:%SZ)"
  usage-bootstrap-authentication: "true"
  auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
END
  ) || case $output in
    *AlreadyExists*) ;;
    *)
      say waiting "the bootstrap token is not offered yet: $(words "$output")"
      return 1
      ;;
  esac
  output=$(api create configmap triskel-bootstrap-token --from-literal "id=$id" 2>&1) || case $output in
    *AlreadyExists* | *'already exists'*) ;;
    *)
      say waiting "the bootstrap token is not offered yet: $(words "$output")"
      return 1
      ;;
  esac
}

pause=${TRISKEL_PAUSE:-5}
case ${1-} in
  init) phase=api ;;
  join) phase=kubelet ;;
  *)
    echo 'usage: run-kubeadm init|join' >&2
    exit 2
    ;;
esac
until [ -e "$finished" ] || "$1"; do
  sleep "$pause"
done
mkdir -p "${finished%/*}" && : >"$finished"
say note "kubeadm $1 is done"
[ "$1" = init ] && [ -e "$token" ] || exit 0
until offer_token; do
  sleep "$pause"
done
