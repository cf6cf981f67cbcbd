#!/bin/sh
# Fetches the files of /etc/triskel/downloads, checks each against its sha256, installs it. May run again at any time:
# what is there already, and right, is left alone.
# A line of the list: sha256, URL, target, and `-` (the file itself becomes the target) or the names of an archive's
# members, separated by commas (they are unpacked into the target, without their leading folders).
set -u

list=${1:-/etc/triskel/downloads}
stamps=${2:-/var/lib/triskel/downloads}
ca=${3:-/etc/triskel/mirror-ca.pem}
[ -e "$ca" ] || ca=

# say STATE TEXT: on the consoles, when it is not what was said before.
say() {
  [ "$*" = "${said-}" ] || "${TRISKEL_REPORT:-/opt/triskel/report}" download "$@"
  said=$*
}

# matches SHA256 FILE
matches() {
  printf '%s  %s\n' "$1" "$2" | sha256sum --check --status 2>/dev/null
}

# download SHA256 URL FILE: FILE is whole and right afterwards. Goes on from what an earlier try left there.
download() {
  pause=2
  while true; do
    earlier=no
    if [ -s "$3" ]; then
      matches "$1" "$3" && return 0
      earlier=yes
    fi
    answer=$(curl --fail --silent --show-error --location --proto '=http,https' ${ca:+--cacert "$ca"} \
      --connect-timeout 20 --speed-limit 1000 --speed-time 60 \
      --continue-at - --output "$3" --write-out ' %{http_code}' "$2" 2>&1)
    code=$?
    if [ "$code" -ne 0 ]; then
      # 416, and curl's 33: there is no going on from here.
      if [ "${answer##* }" = 416 ] || [ "$code" -eq 33 ]; then rm -f "$3"; fi
      # Without how long it took, which is never the same twice.
      answer=${answer% *}
      say waiting "cannot fetch $2, trying again: ${answer%% after *}"
      sleep "$pause"
      pause=$((pause < 60 ? pause * 2 : 60))
    elif matches "$1" "$3"; then
      return 0
    else
      rm -f "$3"
      if [ "$earlier" = no ]; then
        say failed "not installed: $2 does not have the sha256 $1"
        return 1
      fi
      echo "what an earlier try left of $2 does not fit; starting over"
    fi
  done
}

# place FILE TARGET: at once or not at all, so that nobody starts half a program.
place() {
  chmod 0755 "$1" && mv -f "$1" "$2" || return 1
  if command -v restorecon >/dev/null; then restorecon "$2"; fi
}

# install_file SHA256 URL TARGET
install_file() {
  matches "$1" "$3" && [ -x "$3" ] && return 0
  # On the target's own filesystem, where a rename is atomic.
  part=$(dirname "$3")/.triskel-$1
  mkdir -p "$(dirname "$3")" && download "$1" "$2" "$part" && place "$part" "$3" || return 1
  echo "installed $3"
}

# install_members SHA256 URL FOLDER MEMBER...
install_members() {
  # Hashes of what was unpacked, named after all that the result depends on.
  stamp=$stamps/$(printf '%s\n' "$*" | sha256sum | cut -d ' ' -f 1)
  [ -s "$stamp" ] && sha256sum --check --status "$stamp" 2>/dev/null && return 0
  sum=$1 url=$2 folder=$3
  shift 3
  part=$folder/.triskel-$sum
  unpacked=$part.d
  mkdir -p "$folder" "$stamps" && download "$sum" "$url" "$part" || return 1
  rm -rf "$unpacked" && mkdir "$unpacked" || return 1
  if ! tar --extract --gzip --file "$part" --directory "$unpacked" --no-same-owner --no-anchored "$@"; then
    say failed "not installed: $url cannot be unpacked"
    return 1
  fi
  : >"$stamp.new"
  for member in "$@"; do
    file=$(find "$unpacked" -type f -name "$member")
    place "$file" "$folder/$member" && sha256sum "$folder/$member" >>"$stamp.new" || return 1
  done
  mv -f "$stamp.new" "$stamp" && rm -rf "$unpacked" "$part" || return 1
  echo "installed $* in $folder"
}

failed=0
while read -r sum url target members; do
  if [ "$members" = - ]; then
    install_file "$sum" "$url" "$target" || failed=1
  else
    # shellcheck disable=SC2046 # Names without blanks, one word each.
    install_members "$sum" "$url" "$target" $(echo "$members" | tr , ' ') || failed=1
  fi
done <"$list"
exit "$failed"
