# shellcheck shell=bash disable=SC2154 # lab.sh sets the places.
# Makes the lab: a Debian tree with OpenStack's packages, its configuration, databases, and a bootstrapped cloud of which every
# `up` begins with a copy. Sourced by lab.sh. What is there and was made by the same files is kept.
packages="base-files base-passwd bash coreutils dash sed grep mawk findutils util-linux mount hostname debianutils
  libc-bin netbase procps iproute2 keystone glance-common placement-common nova-common neutron-common octavia-common
  cinder-common python3-openstackclient python3-octaviaclient uwsgi-core uwsgi-plugin-python3 rabbitmq-server
  mariadb-server memcached python3-pymysql python3-memcache python3-pymemcache qemu-utils libeatmydata1"

exec 9>"$(mkdir -p "$lab" && echo "$lab")/lock"
flock 9
recipe=$(cd "$here" && cat ./*.sh ./*.py ./*.sql drivers/* | sha256sum | cut -d ' ' -f 1)
[ "$(cat "$bootstrapped/complete" 2>/dev/null)" = "$recipe" ] && exit 0
stop_all
rm -rf "$bootstrapped" "$logs"
mkdir -p "$pids" "$logs"
trap stop_all EXIT

# Packages are unpacked and no maintainer script runs: no question is asked and no service starts.
if [ "$(cat "$root/packages" 2>/dev/null)" != "$packages" ]; then
  say "unpacking packages"
  rm -rf --one-file-system "$root"
  # shellcheck disable=SC2016 # apt's own format
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin mmdebstrap --quiet --variant=extract \
    --include="$(echo "$packages" | tr -s ' \n' ,)" --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    trixie "$root" "${mirror:-http://deb.debian.org/debian}"
  echo "$packages" >"$root/packages"
fi

say "configuring"
. "$here/configure.sh"

say "making databases"
rm -rf --one-file-system "$state"
mkdir -p "$state"/{lock,rabbit,images,cinder,nova/compute{0,1,2}}
inside env LD_PRELOAD=libeatmydata.so mariadb-install-db --no-defaults --user=root --datadir=/state/mysql --skip-test-db \
  >"$logs/database.log" 2>&1
start_base
ready mariadb test -S "$root/run/mysqld.sock"
for name in keystone glance placement nova_api nova_cell0 nova neutron octavia cinder; do
  echo "create database $name character set utf8mb4;"
done | inside mariadb --socket=/run/mysqld.sock

# schema NAME COMMAND...: makes the tables of a service, or what else must be in its database.
schema() {
  local name=$1
  shift
  inside "$@" >"$logs/schema-$name.log" 2>&1 || { tail "$logs/schema-$name.log" >&2; return 1; }
}
cell0='mysql+pymysql://root@localhost/nova_cell0?unix_socket=/run/mysqld.sock&charset=utf8mb4'
one() {
  schema neutron neutron-db-manage upgrade heads
  schema placement placement-manage db sync
  schema octavia octavia-db-manage upgrade head
  schema cinder cinder-manage db sync
}
two() {
  schema keystone keystone-manage db_sync
  for keys in fernet credential; do
    schema "keystone-$keys" keystone-manage "${keys}_setup" --keystone-user root --keystone-group root
  done
  schema keystone-bootstrap keystone-manage bootstrap --bootstrap-password admin --bootstrap-region-id RegionOne \
    --bootstrap-public-url http://127.0.0.1:5000/v3
  schema nova-api nova-manage api_db sync
  schema nova-cell0 nova-manage cell_v2 map_cell0 --database_connection "$cell0"
  schema nova nova-manage db sync
  schema nova-cell1 nova-manage cell_v2 create_cell --name cell1
  schema glance glance-manage db_sync
}
one & first=$!
two & second=$!
wait $first
wait $second

# No amphora says that it is well, so the database does: what is ACTIVE becomes ONLINE within a second.
inside mariadb --socket=/run/mysqld.sock octavia <"$here/healthy.sql"

say "bootstrapping the cloud"
start_core
wait_core
cp "$here/bootstrap.py" "$root/opt/lab/"
inside python3 /opt/lab/bootstrap.py
start_rest
wait_rest
inside nova-manage cell_v2 discover_hosts >"$logs/discover.log" 2>&1
inside python3 /opt/lab/bootstrap.py zones
cp "$root/etc/openstack/clouds.yaml" "$lab/clouds.yaml"

stop_all
trap - EXIT
mkdir -p "$bootstrapped"
rm -rf "${state:?}"/{rabbit,lock}
mv "$state" "$bootstrapped/state"
echo "$recipe" >"$bootstrapped/complete"
say "installed in $SECONDS s"
