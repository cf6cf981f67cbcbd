#!/bin/bash
# Unpacks one program of another Debian release into a folder, without installing anything:
#   debian-program.sh <folder> <release> <package>...
# Used for what this machine's own release does not have: etcd 3.5 (trixie), containerd 2 (forky).
set -euo pipefail
folder=$1 release=$2
shift 2
mkdir -p "$folder"/{lists/partial,cache/archives/partial,root}
folder=$(cd "$folder" && pwd)
# shellcheck disable=SC2016 # the dollar is for apt-get to read
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/\?$' | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $release main" >"$folder/sources.list"
options=(-qq -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root)
apt-get "${options[@]}" update
cd "$folder"
apt-get "${options[@]}" download "$@"
for package in ./*.deb; do dpkg-deb --extract "$package" root; done
rm -f ./*.deb
