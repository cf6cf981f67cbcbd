#!/bin/sh
# write-resources FILE REVISION: makes the resources of FILE Pacemaker's, once for all nodes; what is there already is left.
# One node writes, the one with the lowest ID of those that are there; another one does so when nothing has come of it.
# What is written is merged, so that resources of the operator's own stay; and never over those of a higher revision.
set -u
export LC_ALL=C
file=$1
revision=$2
patience=${TRISKEL_PATIENCE-60} # Seconds.

# say STATE TEXT: on the consoles, when it is not what was said before.
say() {
  [ "$*" = "${said-}" ] || "${TRISKEL_REPORT-/opt/triskel/report}" resources "$@"
  said=$*
}

quorate() { [ "$(crm_node --quorum 2>/dev/null)" = 1 ]; }

first() { crm_node --list | awk '$3 == "member" { print $1, $2 }' | sort -n | head -n 1 | cut -d ' ' -f 2; }

# What the cluster has: <revision>-<digest>; nothing before anybody has written.
written() { crm_attribute --type crm_config --name triskel-set --query --quiet 2>/dev/null; }

# The file is read by the schema that the cluster uses, and all of it is taken or nothing.
write() {
  cibadmin --modify --allow-create --xml-file "$file" &&
    crm_attribute --type crm_config --name triskel-set --update "$ours"
}

ours=$revision-$(sha256sum "$file" | cut -c -16)
waited=0
while :; do
  if quorate; then
    theirs=$(written)
    if [ "$theirs" = "$ours" ]; then
      say note 'the resources are those of this node'
      exit 0
    elif [ "${theirs%%-*}" -gt "$revision" ] 2>/dev/null; then
      say note "resources of revision ${theirs%%-*} are there, newer than $revision of this node, and stay"
      exit 0
    elif [ "$(first)" = "$(crm_node --name)" ] || [ "$waited" -ge "$patience" ]; then
      if write; then
        say note "the resources of revision $revision are written"
        exit 0
      fi
      say waiting 'the resources could not be written; trying again'
    else
      say waiting 'the member with the lowest ID is to write the resources'
      waited=$((waited + 2))
    fi
  else
    say waiting 'the cluster has no quorum'
  fi
  sleep 2
done
