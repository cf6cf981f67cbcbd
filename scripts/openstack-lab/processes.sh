# shellcheck shell=bash disable=SC2154 # lab.sh sets root, pids and logs.
# How a program runs inside the lab's Debian tree, and how it is found again and stopped. Sourced by lab.sh.

say() { printf '%(%T)T %s\n' -1 "$*"; }

# /proc and /dev are mounted in a namespace that only the program is in: nothing is ever mounted in what others see, so that
# the lab's folder can be removed at any time. Every step is an exec: the process id is the program's own.
# shellcheck disable=SC2016 # for the inner shell
enter='mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
  exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin chroot "$0" "$@"'

# inside COMMAND...: runs a command in the tree.
inside() { unshare --mount sh -c "$enter" "$root" "$@"; }

# start NAME COMMAND...: a daemon, in a process group of its own. When it began is kept with its id, for ids are used again.
start() {
  local name=$1
  shift
  setsid unshare --mount sh -c "$enter" "$root" "$@" >"$logs/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(began $!)" >"$pids/$name"
  disown
}

# began PID: when the process began, in ticks since the machine did (proc(5), field 22 of stat); nothing when it is gone.
began() { sed -n 's/.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20 || true; }

# alive NAME: is what we started under this name still there?
alive() {
  local pid since
  [ -e "$pids/$1" ] && read -r pid since <"$pids/$1" && [ -n "$since" ] && [ "$(began "$pid")" = "$since" ]
}

# started: the names of all that was started and not yet stopped.
started() { [ ! -d "$pids" ] || ls "$pids"; }

# signal SIGNAL: to the groups of all that is alive.
signal() {
  local name
  for name in $(started); do
    alive "$name" && kill "-$1" -- "-$(cut -d ' ' -f 1 "$pids/$name")" 2>/dev/null
  done
  return 0
}

any_alive() {
  local name
  for name in $(started); do
    alive "$name" && return 0
  done
  return 1
}

# stop_all: asks, waits three seconds, ends.
stop_all() {
  local i
  signal TERM
  for ((i = 0; i < 30; i++)); do
    any_alive || break
    sleep 0.1
  done
  signal KILL
  rm -rf "$pids"
}

# ready NAME TEST...: waits until the test succeeds; gives up when the daemon is gone, or after 90 seconds.
ready() {
  local name=$1 i
  shift
  for ((i = 0; i < 900; i++)); do
    "$@" 2>/dev/null && return 0
    alive "$name" || break
    sleep 0.1
  done
  echo "$name did not become ready; the end of $logs/$name.log:" >&2
  tail -n 15 "$logs/$name.log" >&2
  return 1
}

# listens PORT, answers PORT PATH, wrote NAME TEXT: tests for ready.
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }
answers() (
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
  read -r -t 20 _ code _ <&3 && [ "$code" -lt 400 ]
)
wrote() { grep -qF "$2" "$logs/$1.log"; }
