#!/bin/sh
# What apply-addons does otherwise where k3s applies what lies in its folder of manifests (docs.k3s.io, "Auto-Deploying
# Manifests"). k3s does so at its every start, whatever the cluster has and whatever an operator has changed since; a file
# with a .skip beside it is none for it. So the files of a set lie withheld, and k3s gets them when the set is newer than the
# cluster's, until it has applied them.
# shellcheck disable=SC2034,SC2154 # Sourced: both scripts have the same variables.
manifests=${TRISKEL_MANIFESTS:-/var/lib/rancher/k3s/server/manifests}

# k3s labels its servers by itself, and has kube-proxy within it.
label() { :; }
others_lag() { return 1; }

# The sha256 of a file as k3s has applied it (k3s, pkg/deploy/controller.go).
deployed() {
  api --namespace=kube-system get addons.k3s.cattle.io "$1" --ignore-not-found --output='jsonpath={.spec.checksum}' \
    2>/dev/null
}

# What it last had to say against one.
complaint() {
  api --namespace=kube-system get events --output='jsonpath={.items[-1:].message}' \
    --field-selector="involvedObject.kind=Addon,involvedObject.name=$1,type=Warning" 2>/dev/null
}

# All at once, for k3s tries again what needs another one first; it looks every 15 s.
apply_set() {
  for file in "$folder"/*.fetched; do
    [ -e "$file" ] || continue
    made=$manifests/triskel-set-$(basename "$file" .fetched).yaml
    # k3s does not look at a file whose name begins with a dot.
    if output=$(assemble "$file" 2>&1 >"$manifests/.triskel-made"); then
      mv -f "$manifests/.triskel-made" "$made"
    else
      say failed "${file##*/}: $(words "$output")"
      failed=yes
      return 0
    fi
  done
  rm -f "$manifests"/triskel-set-*.skip
  tries=0
  for file in "$manifests"/triskel-set-*.yaml; do
    name=$(basename "$file" .yaml)
    until [ "$(deployed "$name")" = "$(sha256sum <"$file" | cut -c -64)" ]; do
      tries=$((tries + 1))
      if [ "$tries" -gt 24 ]; then
        say waiting "k3s has not deployed $name yet. $(complaint "$name")"
        failed=yes
        break
      fi
      sleep "$pause"
    done
  done
  [ -z "$failed" ] || return 0
  for file in "$manifests"/triskel-set-*.yaml; do
    : >"$file.skip"
  done
}
