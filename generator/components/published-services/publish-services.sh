#!/bin/sh
# Renders the services that the cluster publishes into haproxy's configuration; docs/published-services.md.
#
# What haproxy refuses, or cannot listen at, is taken back: the last good configuration stays, also while the API is away.
set -u
export LC_ALL=C
umask 077
root=${TRISKEL_ROOT-} # Empty but in tests.
api='' ca='' cert='' key='' ports='' families=''
# shellcheck source=/dev/null
. "$root/etc/triskel/published-services"
config=$root/etc/haproxy/haproxy.cfg
folder=$root/etc/haproxy/published
published=$folder/published.cfg
state=$root/run/triskel-published
mkdir -p "$state"
work=$(mktemp -d "$state/work.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

# once NAME TEXT: what was said before is not said again.
once() {
  [ "$2" != "$(cat "$state/$1" 2>/dev/null)" ] || return 0
  printf '%s' "$2" >"$state/$1"
  [ -z "$2" ] || printf '%s\n' "$2"
}

get() {
  curl --silent --show-error --fail --max-time 10 --cacert "$ca" --cert "$cert" --key "$key" "$api$1" >"$work/$2" 2>"$work/error" &&
    jq --exit-status --arg kind "$3" '.kind == $kind and (.items | type == "array")' "$work/$2" >/dev/null 2>>"$work/error"
}

reload() { ${TRISKEL_RELOAD-systemctl try-reload-or-restart haproxy.service}; }

# Ports at which others listen than haproxy.
busy() { ss -ltnpH | grep -v '"haproxy"' | sed 's/^\S* *\S* *\S* *\(\S*\) .*/\1/; s/.*://' | sort -un | tr '\n' ' '; }

# Whether haproxy listens at all that was rendered; a reload tells nobody of a port that is taken.
listens() {
  sed -n 's/^frontend published-//p' "$published" | while read -r port; do
    ss -ltnH "sport = :$port" | grep -q . || exit 1
  done
}

if ! get /api/v1/services services ServiceList || ! get /api/v1/nodes nodes NodeList; then
  once api "the API does not answer, and what is published stays: $(tail -n 1 "$work/error")"
  exit 0
fi
once api ''

jq --null-input --slurpfile services "$work/services" --slurpfile nodes "$work/nodes" --arg ports "$ports" \
  --arg busy "$(busy)" --arg families "$families" --from-file "$root/opt/triskel/publish-services.jq" >"$work/rendered" || {
  once failed 'what the API answered cannot be rendered, and what is published stays'
  exit 1
}
once refused "$(jq --raw-output .refused "$work/rendered")"
jq --raw-output .config "$work/rendered" >"$work/published.cfg"
if cmp -s "$work/published.cfg" "$published"; then exit 0; fi

if ! haproxy -c -q -f "$config" -f "$work/published.cfg" >"$work/error" 2>&1; then
  once failed "haproxy refuses what was rendered, and what is published stays: $(grep -m 1 ALERT "$work/error")"
  exit 1
fi
mkdir -p "$folder"
[ ! -e "$published" ] || cp "$published" "$work/before"
cp "$work/published.cfg" "$published.new" && sync "$published.new" && mv "$published.new" "$published" || exit 1
reload
tries=0
until listens; do
  tries=$((tries + 1))
  if [ $tries -ge 10 ]; then
    if [ -e "$work/before" ]; then mv "$work/before" "$published"; else rm "$published"; fi
    reload
    once failed 'haproxy does not listen at all ports of the services, and what was published before stays'
    exit 1
  fi
  sleep 0.5
done
once failed ''
echo "published: $(jq --raw-output .says "$work/rendered")"
