#!/bin/sh
# A kubectl with a cluster of its own in the folder $STATE: what apply-addons asks of it, and nothing else.
#   unready, unregistered, failures/<Kind>-<name>   how many more times that fails
#   conflicts/<Kind>-<name>                         fields that somebody else has changed
#   hooks/<Kind>-<name>                             run while that object is applied
set -eu
cd "$STATE"
echo "$*" >>calls

countdown() {
  [ -e "$1" ] && [ "$(cat "$1")" -gt 0 ] || return 1
  echo $(($(cat "$1") - 1)) >"$1"
}
refuse() {
  echo "$*" >&2
  exit 1
}
field() {
  sed -n "s/^  $1: \"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$2"
}

case " $* " in
  *' get --raw=/readyz '*)
    ! countdown unready || refuse 'The connection to the server 127.0.0.1:6443 was refused'
    ;;
  *' label node m0 node-role.kubernetes.io/control-plane= --overwrite '*)
    ! countdown unregistered || refuse 'Error from server (NotFound): nodes "m0" not found'
    echo labelled >>applied
    ;;
  *' --namespace=kube-system get configmap triskel-addons --ignore-not-found '*)
    # As it happens: a warning on standard error of a call that is well.
    echo 'E1121 memcache.go:287] couldn'"'"'t get resource list for metrics.k8s.io/v1beta1' >&2
    [ ! -e configmap ] ||
      echo "$(cat version) $(field kubernetes configmap) $(field revision configmap) $(field sha256 configmap)"
    ;;
  *' get nodes --selector=node-role.kubernetes.io/control-plane '*) cat nodes ;;
  *' apply --server-side --field-manager=triskel --filename=- '*)
    cat >object
    kind=$(sed -n 's/^kind: //p' object)
    name=$(sed -n 's/^  name: //p' object)
    key=$kind-$name
    # shellcheck source=/dev/null
    [ ! -e "hooks/$key" ] || . "./hooks/$key"
    ! countdown "failures/$key" || refuse "Error from server (InternalError): $key"
    [ ! -e "conflicts/$key" ] || refuse "error: Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: $(cat "conflicts/$key")
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:"
    [ "$kind" != Widget ] || [ -e established ] || refuse 'error: no matches for kind "Widget" in version "example.org/v1"'
    echo "$kind $name" >>applied
    ;;
  *' wait --for=condition=Established '*'-definitions.yaml '*) touch established ;;
  *' create --field-manager=triskel --filename=- '*)
    [ ! -e configmap ] || refuse 'Error from server (AlreadyExists): configmaps "triskel-addons" already exists'
    cat >configmap
    echo 1 >version
    ;;
  *' replace --field-manager=triskel --filename=- '*)
    cat >object
    [ "$(field resourceVersion object)" = "$(cat version)" ] || refuse 'Error from server (Conflict): the object has been modified'
    mv object configmap
    echo $(($(cat version) + 1)) >version
    ;;
  *) refuse "unexpected: $*" ;;
esac
