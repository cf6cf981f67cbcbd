#!/bin/bash
# image.sh FOLDER SUITE: a machine image of Debian as the cloud has it (systemd, cloud-init, netplan, ssh), in
# FOLDER/SUITE/root, and beside it a repository with the packages that nodes install. Made once; a change of this file
# makes it anew. Needs root, mmdebstrap and apt-ftparchive.
set -euo pipefail
folder=$1/$2 suite=$2
recipe=$(sha256sum "$0" | cut -d ' ' -f 1)
[ "$(cat "$folder/complete" 2>/dev/null)" = "$recipe" ] && exit 0

# What Debian's own cloud images have (salsa.debian.org/cloud-team/debian-cloud-images), as far as it matters here.
# Nothing that nodes install is among it.
image="systemd systemd-sysv systemd-resolved libpam-systemd dbus udev kmod cloud-init netplan.io openssh-server sudo
  unattended-upgrades locales iproute2 iputils-ping nftables procps less"
# What plans ask for, and a daemon that starts at its installation unless it is kept from it.
wanted="ca-certificates curl e2fsprogs systemd-timesyncd conntrack socat haproxy"

# shellcheck disable=SC2016 # apt's own format
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
rm -rf --one-file-system "$folder"
mkdir -p "$folder/repository"
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive repository=$folder/repository wanted
# shellcheck disable=SC2016,SC2086 # The hooks are for mmdebstrap's shell; the lists are words.
mmdebstrap --mode=root --variant=apt --format=directory --quiet \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
  --aptopt='APT::Install-Recommends "false"' --include="$(echo $image | tr ' ' ,)" \
  --customize-hook='export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"; apt-get clean &&
    apt-get install --yes --quiet=2 --download-only --reinstall $wanted' \
  --customize-hook='mv "$1"/var/cache/apt/archives/*.deb "$repository"' \
  "$suite" "$folder/root" "${mirror:-http://deb.debian.org/debian}"
(cd "$folder/repository" && apt-ftparchive packages . >Packages)

cd "$folder/root"
: >etc/machine-id
rm -f etc/hostname etc/ssh/ssh_host_* etc/apt/sources.list etc/apt/sources.list.d/*
cat >etc/cloud/cloud.cfg.d/90-image.cfg <<'CFG'
datasource_list: [NoCloud, None]
# The cloud images have all locales, which are as large as the rest.
locale: C.UTF-8
apt: { preserve_sources_list: true }
CFG
systemctl --root=. enable --quiet systemd-networkd.service systemd-resolved.service
echo "$recipe" >"$folder/complete"
