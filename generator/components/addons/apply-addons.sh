#!/bin/sh
# Applies the add-ons in the folder that is given, unless the cluster has these or newer ones already.
#
# The ConfigMap kube-system/triskel-addons says which set the cluster has: the version of Kubernetes, the revision
# within it, and the sha256 of the set. It is written once all of a set is applied, so that a run that was cut off is
# simply made again. Nothing is forced: an object that somebody else has changed since stays as it is, and is told.
set -eu
export LC_ALL=C

folder=$1
pause=${TRISKEL_PAUSE:-5}
work=${RUNTIME_DIRECTORY:-$(mktemp -d)}
node='' kubernetes='' revision='' sha256=''
# shellcheck source=/dev/null
. "$folder/set"

# What an attempt has to say goes to the consoles, but only when it is not what the last attempt said.
report=''
told=''
# say STATE TEXT
say() {
  report="$report$(printf '%s' "$*" | tr '\n' ' ')
"
}
tell() {
  [ "$report" = "$told" ] || printf '%s' "$report" | while read -r state text; do
    "${TRISKEL_REPORT:-/opt/triskel/report}" addons "$state" "$text"
  done
  told=$report
  report=''
}

api() {
  kubectl --request-timeout=30s "$@"
}

# kubectl's words without its log, whose lines bear the time and would never be the same twice.
words() {
  printf '%s\n' "$*" | sed '/^[EWI][0-9]\{4\} /d'
}

# One line: resourceVersion, kubernetes, revision, sha256 of the set that the cluster has; empty when it has none.
applied() {
  api --namespace=kube-system get configmap triskel-addons --ignore-not-found \
    --output='jsonpath={.metadata.resourceVersion} {.data.kubernetes} {.data.revision} {.data.sha256}'
}

# A line for every control-plane node: its kubelet's version and its name.
control_plane() {
  api get nodes --selector=node-role.kubernetes.io/control-plane \
    --output='jsonpath={range .items[*]}{.status.nodeInfo.kubeletVersion} {.metadata.name}{"\n"}{end}'
}

newest() {
  printf '%s\n' "$@" | sort -V | tail -n 1
}

# The kubelet may not give its own node this label.
label() {
  output=$(api label node "$node" node-role.kubernetes.io/control-plane= --overwrite 2>&1) && return
  say waiting "the node $node cannot be labelled yet: $(words "$output")"
  return 1
}

# True when there is nothing to apply; says why.
settled() {
  [ -n "$theirs" ] || return 1
  read -r _ their_kubernetes their_revision their_sha256 <<END
$theirs
END
  ours="$kubernetes revision $revision"
  have="$their_kubernetes revision $their_revision"
  if [ -z "$their_sha256" ]; then
    say failed 'ConfigMap kube-system/triskel-addons does not say which add-ons the cluster has: nothing is applied.' \
      'Delete it to have them applied anew.'
  elif [ "$ours" = "$have" ] && [ "$sha256" = "$their_sha256" ]; then
    say ok "the cluster has the add-ons of $ours"
  elif [ "$ours" = "$have" ]; then
    say failed "the cluster has other add-ons of the same version, $ours: NOT applied. Raise addons.revision in the blueprint."
  elif [ "$(newest "$kubernetes.$revision" "$their_kubernetes.$their_revision")" != "$kubernetes.$revision" ]; then
    say ok "the cluster has newer add-ons, $have: those of this node, $ours, are not applied"
  else
    return 1
  fi
}

# kube-proxy must not be newer than an API server (Kubernetes' version skew policy): the last node to be upgraded
# brings the add-ons of a new minor version.
others_lag() {
  minor=${kubernetes%.*}
  [ -n "$theirs" ] && [ "${their_kubernetes%.*}" != "$minor" ] || return 1
  nodes=$(control_plane 2>/dev/null) || {
    say waiting "the nodes cannot be read: $(words "$(control_plane 2>&1 >/dev/null)")"
    return 0
  }
  lagging=$(printf '%s\n' "$nodes" | while read -r version name; do
    [ "$(newest "${version#v}" "$minor")" != "$minor" ] || printf ' %s (%s)' "$name" "$version"
  done)
  [ -n "$lagging" ] || return 1
  say waiting "the add-ons of Kubernetes $minor wait for the control-plane nodes that are older:$lagging"
}

# The n-th document of a file; every one begins with a line of its own.
document() {
  awk -v wanted="$2" '/^---([ \t]|$)/ { n++ } n == wanted' "$1"
}

# Kind and name, for people; by the looks of our own files.
title() {
  awk '/^kind:/ { kind = $2 } /^  name:/ && !name { name = $2 } END { print kind " " name }'
}

# Prints what a manifest of upstream's is on this cluster: the fetched file, if it is the one that was reviewed, with the set's
# own words laid over it. $1: the set's file that names it.
assemble() {
  read -r _ fetched <"$1"
  sha256sum --check --status "$1" || {
    echo "$fetched is not the file that was reviewed" >&2
    return 1
  }
  base=${1%.fetched}
  if [ -e "$base.kustomize" ]; then
    rm -rf "$work/kustomize" && mkdir -p "$work/kustomize" || return 1
    cp "$fetched" "$work/kustomize/fetched.yaml" && cp "$base.kustomize" "$work/kustomize/kustomization.yaml" || return 1
    # helm has this line before its first document, too.
    echo ---
    kubectl kustomize "$work/kustomize"
  else
    name=${base##*/}
    HOME=$work helm template "${name#*-}" "$fetched" --namespace kube-system --include-crds --values "$base.values" \
      --kube-version "v$kubernetes"
  fi
}

# Applies a file's objects one by one, for one that fails must not hide what becomes of the others.
apply_file() {
  count=$(awk '/^---([ \t]|$)/ { n++ } END { print n + 0 }' "$1")
  n=0
  while [ "$n" -lt "$count" ]; do
    n=$((n + 1))
    output=$(document "$1" "$n" | api apply --server-side --field-manager=triskel --filename=- 2>&1) && continue
    what="$(document "$1" "$n" | title) (${1##*/}, object $n)"
    case $output in
      *'Apply failed with '*' conflict'*)
        fields=$(printf '%s\n' "$output" | sed -n '/Apply failed with/,/^Please review/{ s/^.*Apply failed with/has/; /^Please review/d; p; }')
        kept="${kept}$what $fields
"
        say note "kept as it is: $what $fields"
        ;;
      *)
        say failed "$what: $(words "$output")"
        failed=yes
        ;;
    esac
  done
}

# Fails when another node wrote it since it was read: then the next attempt sees what that one applied.
record() {
  verb=create
  version=''
  if [ -n "$theirs" ]; then
    verb=replace
    version="  resourceVersion: \"${theirs%% *}\""
  fi
  api "$verb" --field-manager=triskel --filename=- <<END
apiVersion: v1
kind: ConfigMap
metadata:
  name: triskel-addons
  namespace: kube-system
$version
data:
  kubernetes: "$kubernetes"
  revision: "$revision"
  sha256: "$sha256"
  kept: |-
$(printf '%s' "$kept" | tr -d '\000-\010\013-\037\177' | sed 's/^/    /')
END
}

# Applies the set; what is missing yet is told, and sets $failed.
apply_set() {
  for file in "$folder"/*; do
    case $file in *.yaml | *.fetched) ;; *) continue ;; esac
    # Another node may have been faster, or may have brought newer ones.
    [ "$(applied 2>/dev/null)" = "$theirs" ] || return 1
    case $file in
      *.fetched)
        made=$work/${file##*/}
        if output=$(assemble "$file" 2>&1 >"${made%.fetched}.yaml"); then
          apply_file "${made%.fetched}.yaml"
        else
          say failed "${file##*/}: $(words "$output")"
          failed=yes
        fi
        ;;
      *) apply_file "$file" ;;
    esac
    case $file in
      *-definitions.yaml)
        output=$(api wait --for=condition=Established --timeout=20s --filename="$file" 2>&1) || {
          say waiting "custom resources are not there yet: $(words "$output")"
          failed=yes
        }
        ;;
    esac
  done
}

apply() {
  theirs=$(applied 2>/dev/null) || {
    say waiting "which add-ons the cluster has cannot be read: $(words "$(applied 2>&1 >/dev/null)")"
    return 1
  }
  ! settled || return 0
  ! others_lag || return 1
  failed=''
  kept=''
  apply_set || return 1
  [ -z "$failed" ] || return 1
  output=$(record 2>&1) || {
    say waiting "the add-ons are applied, and that cannot be written down yet: $(words "$output")"
    return 1
  }
  say ok "applied the add-ons of $kubernetes revision $revision"
}

# k3s applies the set by itself: this says how it is let do so.
# shellcheck source=/dev/null
[ ! -e "$folder/k3s" ] || . "$folder/k3s"

until api get --raw=/readyz >/dev/null 2>&1; do
  say waiting 'waits for the API server of this node'
  tell
  sleep "$pause"
done
while :; do
  finished=yes
  label || finished=''
  apply || finished=''
  tell
  [ -z "$finished" ] || exit 0
  sleep "$pause"
  # What goes on failing is not tried ever so often.
  pause=$((pause * 2))
  [ "$pause" -le 60 ] || pause=60
done
