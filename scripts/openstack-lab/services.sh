# shellcheck shell=bash disable=SC2154 # lab.sh sets root, state and pids.
# The daemons of the lab, in the order in which they start, and how each is known to be ready. Sourced by lab.sh.

# api NAME PORT FILE WORKERS: an API server under uwsgi, on loopback. uwsgi closes every connection after the answer; the header
# says so, or clients would use it again and see a reset. It reads the whole body before it answers, for the same reason.
api() {
  start "$1" uwsgi-core --plugin python3 --http-socket "127.0.0.1:$2" --wsgi-file "/usr/bin/$3" --procname-prefix "$1 " \
    --master --lazy-apps --need-app --no-orphans --die-on-term --enable-threads --processes "$4" --buffer-size 65535 \
    --add-header 'Connection: close' --post-buffering 65536
}

# daemon NAME MODULE ARGUMENTS...: what the entry point of a Debian package runs.
daemon() {
  local name=$1 module=$2
  shift 2
  start "$name" python3 -c "import sys; from $module import main; sys.argv[0] = '$name'; sys.exit(main())" "$@"
}

sql() { inside mariadb --socket=/run/mysqld.sock -BNe "$1"; }

# reports DATABASE HOST BINARY: has the service told its database that it lives, since the lab was started? It does so some
# seconds after it began to listen on the message bus.
reports() {
  local column=updated_at count
  [ "$1" = nova ] && column=last_seen_up
  count=$(sql "select count(*) from $1.services where deleted = 0 and host = '$2' and \`binary\` = '$3'
    and $column > from_unixtime($began_at)")
  [ "$count" != 0 ] || { sleep 0.5; return 1; }
}
began_at=$(date +%s)

# What everything stands on. Nothing here must survive a power cut: writes are not synced. By its own default MariaDB 11.8 fails a
# transaction that changes a row which another has changed since it began (error 1020); OpenStack makes no such transaction again,
# and Octavia calls it a bad option, with 400.
start_base() {
  ! listens 11211 2>/dev/null || { echo "something listens on port 11211: another lab?" >&2; exit 1; }
  rm -f "$root/run/mysqld.sock"
  start mariadb env LD_PRELOAD=libeatmydata.so mariadbd --no-defaults --user=root --datadir=/state/mysql \
    --socket=/run/mysqld.sock --skip-networking --event-scheduler=on --max-connections=1000 --innodb-log-file-size=32M \
    --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=0 --skip-log-bin \
    --skip-innodb-snapshot-isolation
  # On its own, or rabbitmq leaves one behind outside of its process group.
  start epmd epmd -address 127.0.0.1
  start rabbitmq env RABBITMQ_NODENAME=lab@localhost RABBITMQ_MNESIA_BASE=/state/rabbit RABBITMQ_LOGS=- \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=5672 ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_ENABLED_PLUGINS_FILE=/etc/rabbitmq/enabled_plugins \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none' \
    /usr/lib/rabbitmq/bin/rabbitmq-server
  start memcached memcached -u root -l 127.0.0.1 -p 11211 -m 64
}

# The services that a freshly bootstrapped catalog is filled through.
start_core() {
  api keystone 5000 keystone-wsgi-public 2
  api placement 8778 placement-api 1
  api glance 9292 glance-wsgi-api 1
  api neutron 9696 neutron-api 2
  api nova 8774 nova-api-wsgi 2
}

wait_core() {
  ready keystone answers 5000 /v3
  ready placement answers 8778 /
  ready glance answers 9292 /healthcheck
  ready neutron answers 9696 /
  ready nova answers 8774 /
}

start_rest() {
  local i
  daemon nova-conductor nova.cmd.conductor
  daemon nova-scheduler nova.cmd.scheduler
  # Three hosts, so that hard anti-affinity can hold three servers and no fourth.
  for i in 0 1 2; do
    daemon "nova-compute$i" nova.cmd.compute --config-file /etc/nova/nova.conf --config-file "/etc/nova/compute$i.conf"
  done
  api octavia 9876 octavia-wsgi 1
  daemon octavia-worker octavia.cmd.octavia_worker
  api cinder 8776 cinder-wsgi 1
  daemon cinder-scheduler cinder.cmd.scheduler
  daemon cinder-volume cinder.cmd.volume
}

# places: has the scheduler somewhere to put a volume? The volume service says so as it begins, which it may miss, and then every
# minute; until it knows, every volume ends in `error`.
places() {
  local admin='{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"admin","domain":{"id":"default"},"password":"admin"}}},'
  local token
  token=$(curl -sS -i -H 'Content-Type: application/json' http://127.0.0.1:5000/v3/auth/tokens \
    -d "$admin"'"scope":{"project":{"name":"admin","domain":{"id":"default"}}}}}' | sed -n 's/^x-subject-token: \([^\r]*\).*/\1/Ip')
  curl -sS -H "X-Auth-Token: $token" http://127.0.0.1:8776/v3/scheduler-stats/get_pools | grep -q '"name"'
}

wait_rest() {
  local i
  ready octavia answers 9876 /
  ready cinder answers 8776 /healthcheck
  ready nova-conductor reports nova lab nova-conductor
  ready nova-scheduler reports nova lab nova-scheduler
  for i in 0 1 2; do ready "nova-compute$i" reports nova "compute$i" nova-compute; done
  ready octavia-worker wrote octavia-worker 'Starting V2 consumer'
  ready cinder-scheduler reports cinder lab cinder-scheduler
  ready cinder-volume reports cinder lab@fake cinder-volume
  ready cinder-scheduler places
}

start_all() {
  start_base
  start_core
  ready mariadb test -S "$root/run/mysqld.sock"
  ready rabbitmq listens 5672
  start_rest
  wait_core
  wait_rest
}

# running: is all of it there, and does the last that starts answer?
running() {
  local name
  [ -n "$(started)" ] || return 1
  for name in $(started); do alive "$name" || return 1; done
  [ -e "$pids/cinder-volume" ] && answers 8776 /healthcheck && answers 5000 /v3
}
