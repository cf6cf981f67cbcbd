#!/bin/sh
# OCF resource agent ocf:triskel:api-health: whether the API on this node is ready, as a node attribute for Pacemaker's rules.
# Pacemaker gives the parameters as variables (OCF Resource Agent API 1.1); exit codes are that standard's.
set -u
export LC_ALL=C
url=${OCF_RESKEY_url-}
ca=${OCF_RESKEY_ca-}
attribute=${OCF_RESKEY_attribute-triskel-api}
# How often in a row it may not answer; a single one may be lost. Where nothing listens there is no doubt.
patience=${OCF_RESKEY_patience-2}
state=${HA_RSCTMP-/run/resource-agents}/api-health-${OCF_RESOURCE_INSTANCE-triskel}.missed

meta_data() {
  cat <<'END'
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="api-health" version="1.0">
  <version>1.0</version>
  <longdesc lang="en">Keeps a node attribute at 1 while the Kubernetes API on this node is ready, and at 0 else.</longdesc>
  <shortdesc lang="en">Readiness of the Kubernetes API on this node</shortdesc>
  <parameters>
    <parameter name="url" required="1">
      <longdesc lang="en">What answers with status 200 while the API is ready.</longdesc>
      <shortdesc lang="en">URL</shortdesc>
      <content type="string"/>
    </parameter>
    <parameter name="ca" required="1">
      <longdesc lang="en">File with the CA certificates that the answer's certificate must come from.</longdesc>
      <shortdesc lang="en">CA file</shortdesc>
      <content type="string"/>
    </parameter>
    <parameter name="attribute">
      <longdesc lang="en">Name of the node attribute.</longdesc>
      <shortdesc lang="en">attribute</shortdesc>
      <content type="string" default="triskel-api"/>
    </parameter>
    <parameter name="patience">
      <longdesc lang="en">Answers in a row that may be missing before the attribute becomes 0; a connection that is refused takes none.</longdesc>
      <shortdesc lang="en">patience</shortdesc>
      <content type="integer" default="2"/>
    </parameter>
  </parameters>
  <actions>
    <action name="start" timeout="20s"/>
    <action name="stop" timeout="20s"/>
    <action name="monitor" timeout="20s" interval="1s"/>
    <action name="validate-all" timeout="5s"/>
    <action name="meta-data" timeout="5s"/>
  </actions>
</resource-agent>
END
}

ready() {
  curl --silent --fail --output /dev/null --noproxy '*' --max-time 3 --cacert "$ca" "$url"
}

# Told anew each time: Pacemaker forgets the attributes of a node that leaves, and takes no notice of what it knows.
look() {
  ready
  case $? in
    0) missed=0 ;;
    7) missed=$patience ;; # curl(1): failed to connect to host
    *) missed=$(($1 + 1)) ;;
  esac
  echo "$missed" >"$state" || return 1
  value=1
  [ "$missed" -lt "$patience" ] || value=0
  attrd_updater --name "$attribute" --update "$value" --delay 0
}

valid() {
  [ -n "$url" ] && [ -r "$ca" ]
}

case ${1-} in
  meta-data) meta_data ;;
  validate-all) valid || exit 6 ;;
  start)
    valid || exit 6
    mkdir -p "${state%/*}"
    # Nothing is known of it yet: until it answers, it is not ready.
    look "$patience" || exit 1
    ;;
  stop)
    rm -f "$state"
    attrd_updater --name "$attribute" --delete
    exit 0
    ;;
  monitor)
    [ -f "$state" ] || exit 7
    look "$(cat "$state")" || exit 1
    ;;
  *) exit 3 ;;
esac
