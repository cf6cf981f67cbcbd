#!/bin/bash
# What a lab is made of, from Debian's own packages. Each is made once, and anew when its recipe changes. Needs root,
# mmdebstrap and apt-ftparchive.
#   image.sh image FOLDER SUITE               FOLDER/SUITE/root: a machine image as the cloud has it (systemd, cloud-init,
#                                             netplan, ssh), on which nodes install the rest
#   image.sh packages FOLDER SUITE PACKAGE... FOLDER/SUITE/repository: an apt repository with what nodes install
#   image.sh programs FOLDER SUITE PACKAGE... FOLDER/SUITE/programs: packages unpacked, and FOLDER/SUITE/versions
set -euo pipefail
what=$1 folder=$2/$3 suite=$3
shift 3
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

# What Debian's own cloud images have (salsa.debian.org/cloud-team/debian-cloud-images), as far as it matters here.
# Nothing that nodes install is among it.
image="systemd systemd-sysv systemd-resolved libpam-systemd dbus udev kmod cloud-init netplan.io openssh-server sudo
  unattended-upgrades locales iproute2 iputils-ping nftables procps less"

# The mirror that this machine uses.
# shellcheck disable=SC2016 # apt's own format
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1) || true
mirror=${mirror:-http://deb.debian.org/debian}

# complete NAME RECIPE: whether NAME was made by this recipe.
complete() { [ "$(cat "$folder/$1.complete" 2>/dev/null)" = "$2" ]; }

# apt-get for this suite alone, which touches nothing of this machine's. The status file says what is installed already.
prepare_apt() {
  mkdir -p "$folder"/apt/{lists,archives}/partial
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$folder/apt/sources.list"
  apt=(apt-get -qq -o "Dir::State=$folder/apt" -o "Dir::State::lists=$folder/apt/lists" -o "Dir::State::status=$1"
    -o "Dir::Cache=$folder/apt" -o "Dir::Etc::SourceList=$folder/apt/sources.list" -o Dir::Etc::SourceParts=-
    -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Debug::NoLocking=1)
  "${apt[@]}" update
}

make_image() {
  complete root "$image" && return
  rm -rf --one-file-system "$folder/root" "$folder"/*.complete
  mkdir -p "$folder"
  # shellcheck disable=SC2086 # A list of words.
  mmdebstrap --mode=root --variant=apt --format=directory --quiet \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
    --aptopt='APT::Install-Recommends "false"' --include="$(echo $image | tr ' ' ,)" \
    "$suite" "$folder/root" "$mirror"
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
  echo "$image" >"$folder/root.complete"
}

fetch_packages() {
  local wanted missing
  touch "$folder/packages.complete"
  wanted=$(printf '%s\n' "$@" | sort -u)
  # What was fetched for others stays: the repository only grows.
  missing=$(comm -23 <(echo "$wanted") "$folder/packages.complete")
  [ -n "$missing" ] || return 0
  mkdir -p "$folder/repository/partial"
  prepare_apt "$folder/root/var/lib/dpkg/status"
  # One after the other: some of them are never on one node (chrony, systemd-timesyncd).
  for package in $missing; do
    "${apt[@]}" -o "Dir::Cache::archives=$folder/repository" install --yes --download-only --reinstall "$package" </dev/null
  done
  rm -rf "$folder/repository"/{partial,lock}
  (cd "$folder/repository" && apt-ftparchive packages . >Packages)
  wanted=$(printf '%s\n' "$missing" "$(cat "$folder/packages.complete")" | sed '/^$/d' | sort -u)
  echo "$wanted" >"$folder/packages.complete"
}

unpack_programs() {
  complete programs "$*" && return
  rm -rf "$folder/programs" && mkdir -p "$folder/programs" "$folder/apt/packages"
  prepare_apt /dev/null
  rm -f "$folder"/apt/packages/*
  (cd "$folder/apt/packages" && "${apt[@]}" download "$@")
  for package in "$folder"/apt/packages/*.deb; do
    dpkg-deb --extract "$package" "$folder/programs"
    # shellcheck disable=SC2016 # dpkg's own format
    dpkg-deb --show --showformat='${Package} ${Version}\n' "$package"
  done >"$folder/versions"
  echo "$*" >"$folder/programs.complete"
}

mkdir -p "$folder"
# Two labs that come up at once make it once.
exec 9>"$folder/lock"
flock 9
case $what in
  image) make_image ;;
  packages) fetch_packages "$@" ;;
  programs) unpack_programs "$@" ;;
esac
