#!/bin/sh
# The boot report; docs/boot-report.md has its format.
#   report PHASE STATE TEXT   writes one line
#   report check              fails unless the kernel has what this node asks of it
#   report watch [SECONDS]    tells what becomes of the phases in /etc/triskel/phases; ends when all are ok
set -u
export LC_ALL=C
root=${TRISKEL_ROOT-} # Empty but in tests.

# say PHASE STATE FIELDS TEXT: to the journal and to every console of the kernel. /dev/console is only the last of them,
# which is the screen where an image names the serial line first.
say() {
  read -r up _ <"$root/proc/uptime"
  read -r boot <"$root/proc/sys/kernel/random/boot_id"
  text=$(printf %s "$4" | tr '"' "'" | tr -c ' -~' ' ' | cut -c -400)
  consoles=
  for tty in console $(sed 's/[^ ]*$//' "$root/sys/class/tty/console/active"); do
    [ ! -w "$root/dev/$tty" ] || consoles="$consoles $root/dev/$tty"
  done
  # A console that takes nothing (its flow is stopped) must not stop the boot.
  # shellcheck disable=SC2086 # One word each.
  printf '%s\n' "triskel/1 node=$(uname -n) boot=${boot%%-*} up=${up%.*} phase=$1 state=$2${3:+ $3} say=\"$text\"" |
    timeout 5 tee -a $consoles 2>/dev/null
  return 0
}

check() {
  bad=
  ! systemctl --quiet is-failed systemd-modules-load.service || bad=' systemd-modules-load.service failed.'
  settings=$root/etc/sysctl.d/90-triskel.conf
  # A machine that is no node of Kubernetes asks nothing of its kernel.
  [ ! -e "$settings" ] || while read -r key _ value; do
    file=$root/proc/sys/$(printf %s "$key" | tr . /)
    # What nobody may write belongs to a host around this machine.
    if [ -e "$file" ] && [ ! -w "$file" ]; then continue; fi
    has=$(cat "$file" 2>/dev/null)
    [ "$has" = "$value" ] || bad="$bad $key is ${has:-not there}, not $value."
  done <"$settings"
  if [ -n "$bad" ]; then
    say kernel failed '' "nothing is started:$bad"
    return 1
  fi
  say kernel ok '' ''
}

# look UNIT URL: what has become of it, in $state, $fields and $text.
look() {
  ActiveState='' SubState='' Result='' ExecMainStatus='' Job=''
  eval "$(systemctl show --property=ActiveState,SubState,Result,ExecMainStatus,Job "$1")"
  state=waiting
  fields=unit=$1
  text=
  case $ActiveState/$SubState in
    failed/* | activating/auto-restart)
      state=failed
      fields="$fields result=$Result exit=$ExecMainStatus"
      [ "$ActiveState" = failed ] || text='systemd starts it again and again'
      ;;
    active/*)
      if [ -z "$2" ]; then
        state=ok
      elif curl --silent --fail --max-time 5 --noproxy '*' --cacert "$root/etc/kubernetes/pki/ca.crt" "$2" >/dev/null; then
        state=ok
      else
        text="$2 does not answer ok"
      fi
      ;;
    inactive/*)
      text='not started, and nothing is going to start it: what it requires is missing or failed'
      # In the first rounds its start may not be asked for yet.
      [ "${Job:-0}" != 0 ] || [ "$round" -lt 3 ] || state=failed
      ;;
  esac
}

watch() {
  phases=$root/etc/triskel/phases
  settled='' told='' round=0 late=''
  say node waiting "phases=kernel$(sed 's/ .*//' "$phases" | uniq | sed 's/^/,/' | tr -d '\n')" ''
  began=${up%.*}
  while :; do
    first=''
    while read -r phase unit url; do
      case $settled in *"<$phase $unit>"*) continue ;; esac
      look "$unit" "$url"
      # Of what waits only the first is told, for it holds up the others; and not what has failed, between two starts.
      case $state/$first in
        ok/*) settled="$settled<$phase $unit>" ;;
        waiting/?*) continue ;;
      esac
      case $told$state in
        *"<$phase $state $fields>"* | *"<$phase failed $fields "*waiting) ;;
        *)
          told="$told<$phase $state $fields>"
          say "$phase" "$state" "$fields" "$text"
          ;;
      esac
      [ "$state" = ok ] || first=${first:-$phase ($unit)${text:+: $text}}
    done <"$phases"
    [ -n "$first" ] || break
    round=$((round + 1))
    sleep 3
    read -r up _ <"$root/proc/uptime"
    if [ -z "$late" ] && [ $((${up%.*} - began)) -ge "$1" ]; then
      late=yes
      say node failed '' "not complete after $1 s, still watching: $first"
    fi
  done
  say node ok '' 'the boot is complete'
}

case ${1-} in
  check) check ;;
  watch) watch "${2:-900}" ;;
  *) say "$1" "$2" '' "$3" ;;
esac
