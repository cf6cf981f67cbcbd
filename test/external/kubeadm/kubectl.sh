#!/bin/sh
# A kubectl with a cluster of its own beside it: what run-kubeadm asks of it, and nothing else. A file `secrets` is the Secret.
set -eu
cd "${TRISKEL_ROOT:?}/state"
case " $* " in
  *' get configmap triskel-bootstrap-token --ignore-not-found '*)
    [ ! -e triskel-bootstrap-token ] || echo configmap/triskel-bootstrap-token
    ;;
  *' create --filename - '*)
    [ ! -e secrets ] || {
      echo 'Error from server (AlreadyExists): secrets "bootstrap-token" already exists' >&2
      exit 1
    }
    cat >secrets
    ;;
  *' create configmap triskel-bootstrap-token '*) : >triskel-bootstrap-token ;;
  *)
    echo "kubectl: $*" >&2
    exit 2
    ;;
esac
