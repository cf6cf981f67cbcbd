# shellcheck shell=bash disable=SC2154 # lab.sh sets the places.
# Writes every configuration file of the lab into its tree. Sourced by install.sh. All services are one user, `svc`, in one project,
# and the database's root over its socket.

database() { echo "connection = mysql+pymysql://root@localhost/$1?unix_socket=/run/mysqld.sock&charset=utf8mb4"; }

credential() {
  cat <<'CFG'
auth_url = http://127.0.0.1:5000/v3
auth_type = password
username = svc
password = svc
project_name = service
user_domain_id = default
project_domain_id = default
region_name = RegionOne
CFG
}

# What the configuration of every service has.
shared() {
  cat <<CFG
[DEFAULT]
transport_url = rabbit://guest:guest@127.0.0.1:5672/
host = lab
[keystone_authtoken]
$(credential)
www_authenticate_uri = http://127.0.0.1:5000/v3
memcached_servers = 127.0.0.1:11211
service_token_roles = service
service_token_roles_required = true
[oslo_concurrency]
lock_path = /state/lock
[oslo_messaging_rabbit]
heartbeat_timeout_threshold = 0
[service_user]
$(credential)
send_service_user_token = true
CFG
}

pushd "$root" >/dev/null || exit 1
mkdir -p run/lock opt/lab var/lib/nova etc/{keystone,glance,placement,nova,neutron/plugins/ml2,octavia/certs,cinder} \
  etc/{rabbitmq,openstack,ssl/certs}

# What the packages' own scripts would have done.
for name in passwd group; do cp "usr/share/base-passwd/$name.master" "etc/$name"; done
printf '127.0.0.1 localhost %s\n' "$(hostname)" >etc/hosts
ln -sf mawk usr/bin/awk
chroot . ldconfig
cat usr/share/ca-certificates/mozilla/*.crt >etc/ssl/certs/ca-certificates.crt
echo '[].' >etc/rabbitmq/enabled_plugins

# oslo.messaging looks for the answer of a remote call twice a second (Launchpad bug 2035113), and a server's boot makes a dozen of
# calls: with a hundred looks a second it takes one second instead of ten.
sed -i 's/time.sleep(0.5)/time.sleep(0.01)/' usr/lib/python3/dist-packages/oslo_messaging/_drivers/amqpdriver.py

# Nova says that a service lives five seconds after it does, and `up` waits for the word of each; a compute service that starts before
# the conductor listens waits ten seconds for its answer.
sed -i 's/^INITIAL_REPORTING_DELAY = 5$/INITIAL_REPORTING_DELAY = 0/' usr/lib/python3/dist-packages/nova/servicegroup/api.py
sed -i 's/early_timeout=10/early_timeout=1/' usr/lib/python3/dist-packages/nova/conductor/api.py

cat >etc/keystone/keystone.conf <<CFG
[database]
$(database keystone)
[cache]
enabled = true
backend = dogpile.cache.pymemcache
memcache_servers = 127.0.0.1:11211
CFG

cp usr/share/glance-common/*.{ini,json} etc/glance/
cp -r usr/share/glance-common/metadefs etc/glance/
cat >etc/glance/glance-api.conf <<CFG
$(shared)
[database]
$(database glance)
[DEFAULT]
enabled_backends = file:file
worker_self_reference_url = http://127.0.0.1:9292
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = /state/images
[os_glance_staging_store]
filesystem_store_datadir = /state/staging
[os_glance_tasks_store]
filesystem_store_datadir = /state/tasks
[paste_deploy]
flavor = keystone
CFG

cat >etc/placement/placement.conf <<CFG
$(shared)
[placement_database]
$(database placement)
CFG

cp usr/share/nova-common/api-paste.ini etc/nova/
cat >etc/nova/nova.conf <<CFG
$(shared)
[DEFAULT]
my_ip = 127.0.0.1
state_path = /state/nova
compute_driver = lab_nova.Driver
osapi_compute_workers = 1
[api_database]
$(database nova_api)
[database]
$(database nova)
[conductor]
workers = 1
[scheduler]
workers = 1
[placement]
$(credential)
[neutron]
$(credential)
[cinder]
$(credential)
[glance]
api_servers = http://127.0.0.1:9292
[vnc]
enabled = false
CFG
for i in 0 1 2; do
  printf '[DEFAULT]\nhost = compute%s\nstate_path = /state/nova/compute%s\n' "$i" "$i" >"etc/nova/compute$i.conf"
done

cp usr/share/neutron-common/api-paste.ini etc/neutron/
cat >etc/neutron/neutron.conf <<CFG
$(shared)
[DEFAULT]
core_plugin = ml2
service_plugins = router,lab
rpc_workers = 0
[database]
$(database neutron)
[nova]
$(credential)
[placement]
$(credential)
CFG
cat >etc/neutron/plugins/ml2/ml2_conf.ini <<'CFG'
[ml2]
type_drivers = flat,vlan,vxlan
tenant_network_types = vxlan
mechanism_drivers = lab
extension_drivers = port_security
[ml2_type_flat]
flat_networks = public
[ml2_type_vxlan]
vni_ranges = 1:10000
CFG

# Octavia boots amphorae as servers and plugs real ports; only its talk to the amphora is not. bootstrap.py puts in the two ids.
cat >etc/octavia/octavia.conf <<CFG
$(shared)
[api_settings]
enabled_provider_drivers = amphora:Octavia
[database]
$(database octavia)
[oslo_messaging]
topic = octavia_prov
[service_auth]
$(credential)
[controller_worker]
workers = 1
amphora_driver = amphora_noop_driver
compute_driver = compute_nova_driver
network_driver = allowed_address_pairs_driver
amp_image_tag = amphora
amp_active_wait_sec = 1
amp_flavor_id = amphora
amp_boot_network_list = @NETWORK@
amp_secgroup_list = @GROUP@
client_ca = /etc/octavia/certs/ca.pem
[certificates]
ca_certificate = /etc/octavia/certs/ca.pem
ca_private_key = /etc/octavia/certs/ca.key
ca_private_key_passphrase = secret
server_certs_key_passphrase = insecure-key-do-not-use-this-key
[health_manager]
heartbeat_key = insecure
CFG
# As most clouds have it (octavia's "advanced RBAC"): a member of the project alone may not use load balancers.
cat >etc/octavia/policy.yaml <<'CFG'
"load-balancer:member_and_owner": "role:load-balancer_member and rule:load-balancer:owner"
"load-balancer:observer_and_owner": "role:load-balancer_observer and rule:load-balancer:owner"
CFG
openssl req -x509 -newkey rsa:2048 -passout pass:secret -days 3650 -subj /CN=lab -keyout etc/octavia/certs/ca.key \
  -out etc/octavia/certs/ca.pem 2>/dev/null

cp usr/share/cinder-common/api-paste.ini etc/cinder/
cat >etc/cinder/cinder.conf <<CFG
$(shared)
[DEFAULT]
my_ip = 127.0.0.1
state_path = /state/cinder
enabled_backends = fake
default_volume_type = fake
report_interval = 2
service_down_time = 60
glance_api_servers = http://127.0.0.1:9292
[fake]
volume_driver = lab_cinder.Driver
volume_backend_name = fake
[database]
$(database cinder)
[coordination]
backend_url = file:///state/cinder
[nova]
$(credential)
CFG

# Our drivers. nova looks for its own among nova's; neutron finds its by the entry points of a distribution.
modules=usr/lib/python3/dist-packages
cp "$here/drivers/lab_nova.py" "$modules/nova/virt/"
cp "$here/drivers/lab_neutron.py" "$here/drivers/lab_cinder.py" "$modules/"
mkdir -p "$modules/lab_neutron-1.dist-info"
printf 'Metadata-Version: 2.1\nName: lab-neutron\nVersion: 1\n' >"$modules/lab_neutron-1.dist-info/METADATA"
cp "$here/drivers/entry_points.txt" "$modules/lab_neutron-1.dist-info/"
popd >/dev/null || exit 1
